using System.Collections.Concurrent;
using Segue.Features;
using Segue.Ranking.Rules;
using Segue.Retrieval;
using Segue.Retrieval.Nearest;

namespace Segue.Radio.Funnel;

/// <summary>The filters that wishes ask for, made once for all sittings that ask the same. Thread-safe.</summary>
internal sealed class FilterShelf(CatalogueIndex catalogue, TasteIndex nearest)
{
    // Two bits a track each: 32 of a million tracks are 8 MB.
    private const int MostKept = 32;
    private readonly ConcurrentDictionary<Asked, TrackChoice> _made = new();

    /// <summary>What wishes and the tracks that nobody is offered leave; null where that is everything. O(tracks · wishes) the first time.</summary>
    /// <param name="facts">By row.</param>
    /// <param name="keptOut">Rows that nobody is offered.</param>
    public TrackChoice? Of(ListWishes wishes, IReadOnlyList<TrackFacts> facts, IReadOnlySet<int> keptOut)
    {
        var key = TrackFilter.KeyOf(wishes);
        if (key is null && keptOut.Count == 0)
        {
            return null;
        }
        var asked = new Asked(key, key is null ? null : facts, keptOut);
        if (_made.TryGetValue(asked, out var made))
        {
            return made;
        }
        var filter = new TrackFilter(catalogue, facts, wishes);
        made = new(nearest, track => !keptOut.Contains(track) && filter.Allows(track));
        if (_made.Count >= MostKept)
        {
            _made.Clear();   // seldom: what is asked still is made again
        }
        _made[asked] = made;
        return made;
    }

    // Facts and tracks kept out are replaced as a whole, so the same object is the same content.
    private readonly record struct Asked(string? Wishes, object? Facts, object KeptOut)
    {
        public bool Equals(Asked other) => Wishes == other.Wishes && ReferenceEquals(Facts, other.Facts) && ReferenceEquals(KeptOut, other.KeptOut);

        public override int GetHashCode() => HashCode.Combine(Wishes, System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(KeptOut));
    }
}
