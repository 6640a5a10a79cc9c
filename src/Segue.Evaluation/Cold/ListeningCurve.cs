using Segue.Experiments.Analysis;

namespace Segue.Evaluation.Cold;

/// <summary>The share of tracks that listeners heard to the end, by the number of the track in their sitting.</summary>
/// <param name="Kept">By world, then by track from 0; shares in [0, 1].</param>
public sealed record ListeningCurve(string Arm, IReadOnlyList<double[]> Kept)
{
    /// <summary>The mean share over tracks <paramref name="from"/> to <paramref name="to"/>, both counted from 1, world by world.</summary>
    public IReadOnlyList<double> Shares(int from, int to) => [.. Kept.Select(world => world[(from - 1)..to].Average())];

    /// <summary>This arm's share ÷ another's over some tracks, with a 95 % interval over the worlds.</summary>
    public PairedComparison RatioTo(ListeningCurve other, int from, int to)
    {
        var ratios = Shares(from, to).Zip(other.Shares(from, to), (own, others) => own / others).ToList();
        return PairedComparison.Of(ratios, [.. ratios.Select(_ => 0.0)]);
    }

    /// <summary>The first track from which on five tracks in a row are heard at <paramref name="share"/> of another arm's share, or more, in the mean of the worlds; null: none.</summary>
    public int? Reaches(ListeningCurve other, double share)
    {
        for (var from = 1; from + Window - 1 <= Kept[0].Length; from++)
        {
            if (RatioTo(other, from, from + Window - 1).Mean >= share)
            {
                return from;
            }
        }
        return null;
    }

    /// <summary>Tracks of a stretch that is judged as one: of single tracks chance says too much.</summary>
    public const int Window = 5;
}
