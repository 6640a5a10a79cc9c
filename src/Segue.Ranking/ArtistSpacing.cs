using Segue.Features;

namespace Segue.Ranking;

/// <summary>How tracks of one artist are kept apart.</summary>
public sealed record ArtistSpacingOptions
{
    /// <summary>Tracks that lie at least between two of one artist, where others are left; 0 to 100.</summary>
    public int Gap { get; init; } = 3;

    /// <summary>What is taken off the score of an artist heard just before; at least 0.</summary>
    public float Fatigue { get; init; } = 3;

    /// <summary>After so many other tracks half of the fatigue is left; positive. In a catalogue of fewer than 8 times as many artists it
    /// fades faster in proportion, for there the same few must return.</summary>
    public float Recovery { get; init; } = 16;
}

/// <summary>Picks the head of a ranking so that artists do not tire: a hard gap, and beyond it a fatigue that fades.</summary>
/// <remarks>A gap alone would push a listener with few artists out of the own taste; a fatigue alone would let a loved artist play in
/// a row. O(count · ranking).</remarks>
public sealed class ArtistSpacing(ArtistSpacingOptions options)
{
    private const float ArtistsARecovery = 8;

    /// <summary>The next <paramref name="count"/> tracks, fewer when the ranking is shorter. Where only artists within the gap are left,
    /// the best of them comes rather than none.</summary>
    /// <param name="before">Tracks played just before, oldest first.</param>
    public IReadOnlyList<RankedTrack> Pick(IReadOnlyList<RankedTrack> ranking, IReadOnlyList<int> before, int count, CatalogueIndex catalogue)
    {
        var lastPlace = new Dictionary<int, int>();
        for (var place = 0; place < before.Count; place++)
        {
            lastPlace[catalogue.ArtistOf(before[place])] = place;
        }
        var recovery = Math.Min(options.Recovery, catalogue.Artists / ArtistsARecovery);
        var left = ranking.ToList();
        var picked = new List<RankedTrack>(count);
        while (picked.Count < count && left.Count > 0)
        {
            var now = before.Count + picked.Count;
            var best = BestAt(now, left, lastPlace, recovery, catalogue);
            picked.Add(left[best]);
            lastPlace[catalogue.ArtistOf(left[best].Track)] = now;
            left.RemoveAt(best);
        }
        return picked;
    }

    private int BestAt(int now, List<RankedTrack> left, Dictionary<int, int> lastPlace, float recovery, CatalogueIndex catalogue)
    {
        var (best, bestScore, bestIsFree) = (0, float.NegativeInfinity, false);
        for (var n = 0; n < left.Count; n++)
        {
            var between = lastPlace.TryGetValue(catalogue.ArtistOf(left[n].Track), out var place) ? now - place - 1 : int.MaxValue;
            var isFree = between >= options.Gap;
            var score = between == int.MaxValue ? left[n].Score : left[n].Score - options.Fatigue * MathF.Pow(2, -between / recovery);
            if ((isFree && !bestIsFree) || (isFree == bestIsFree && score > bestScore))
            {
                (best, bestScore, bestIsFree) = (n, score, isFree);
            }
        }
        return best;
    }
}
