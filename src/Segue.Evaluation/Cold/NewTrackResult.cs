using Segue.Experiments.Analysis;

namespace Segue.Evaluation.Cold;

/// <summary>How one way of running a radio brought new tracks to those who would like them, in one world.</summary>
/// <param name="Reached">By day: the mean share of the new tracks' true audiences that was offered the track by then, in [0, 1].</param>
/// <param name="FirstHits">Of the first offers of each new track, the mean share that went to its true audience; tracks that were never offered count 0.</param>
/// <param name="Offers">Offers of new tracks in all days.</param>
/// <param name="Kept">Share of all tracks that were heard to the end.</param>
public sealed record NewTrackRun(IReadOnlyList<double> Reached, double FirstHits, int Offers, double Kept)
{
    /// <summary>Days, with a fraction, until so large a share of the audiences was reached; null: not within the days.</summary>
    public double? DaysUntil(double share)
    {
        var before = 0.0;
        for (var day = 0; day < Reached.Count; day++)
        {
            if (Reached[day] >= share)
            {
                return day + (Reached[day] > before ? (share - before) / (Reached[day] - before) : 0);
            }
            before = Reached[day];
        }
        return null;
    }
}

/// <summary>One way of running a radio in all worlds.</summary>
/// <param name="Worlds">One run a world.</param>
public sealed record NewTrackResult(string Arm, IReadOnlyList<NewTrackRun> Worlds)
{
    /// <summary>A figure's lead over another arm's, with a 95 % interval over the worlds.</summary>
    public PairedComparison Over(NewTrackResult other, Func<NewTrackRun, double> figure) => PairedComparison.Of([.. Worlds.Select(figure)], [.. other.Worlds.Select(figure)]);
}
