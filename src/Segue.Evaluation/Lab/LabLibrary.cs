using Segue.Numerics;

namespace Segue.Evaluation.Lab;

/// <summary>How a listener picks the next track without any recommender: from favorites, from the charts, or from a genre.</summary>
internal sealed class LabLibrary
{
    private const int Capacity = 64;

    /// <summary>Tracks that come to mind before one is chosen.</summary>
    private const int Considered = 3;

    /// <summary>Chance to stray from the mood's genre to one of the listener's others.</summary>
    private const double Stray = 0.1;

    private readonly int[] _kept = new int[Capacity];
    private int _count;

    /// <summary>Remembers a track that was heard to the end; the oldest of 64 makes way.</summary>
    public void Keep(int track) => _kept[_count++ % Capacity] = track;

    /// <summary>The best of a few tracks that come to mind, as far as the listener can tell beforehand, with its true utility.</summary>
    public (int Track, double Utility) Choose(
        LabTruth truth, LabListener listener, LabMood mood, LabMemory memory, int second, ref SeededRandom random)
    {
        var repeat = _count > 0 ? 0.10 + 0.30 * listener.RepeatAppetite : 0;
        var charts = 0.10 + 0.25 * listener.Mainstream;
        var way = random.NextDouble();
        var genre = random.NextBool(Stray) ? listener.TasteGenres[listener.DrawTaste(ref random)] : mood.Genre;
        (int Track, double Utility) best = (-1, 0);
        var bestHope = double.NegativeInfinity;
        for (var i = 0; i < Considered || best.Track < 0; i++)
        {
            var track = way < repeat
                ? _kept[random.NextInt(Math.Min(_count, Capacity))]
                : way < repeat + charts || i >= Considered
                    ? truth.Catalogue.DrawPopular(ref random)
                    : truth.Catalogue.DrawFromGenre(genre, niche: !random.NextBool(listener.Mainstream), ref random);
            if (truth.Catalogue.ReleaseDays[track] * 86_400L > second)
            {
                continue;
            }
            var utility = truth.Utility(listener, mood, memory, track, second);
            var hope = utility + random.NextNormal();
            if (hope > bestHope)
            {
                (best, bestHope) = ((track, utility), hope);
            }
        }
        return best;
    }
}
