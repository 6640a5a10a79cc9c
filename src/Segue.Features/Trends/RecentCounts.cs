using Segue.Events.Log;

namespace Segue.Features.Trends;

/// <summary>Says the how manieth event of its key an event is, in memory that never grows: 16 bytes a place, four places a bucket.</summary>
/// <remarks>A key whose bucket is full takes the place that was still for longest, and that key begins anew. Two keys are taken for one with a chance
/// of 10⁻⁹ in a full bucket. Not thread-safe.</remarks>
internal sealed class RecentCounts
{
    private const int Ways = 4;
    private readonly Place[] _places;
    private readonly int _first, _buckets;
    private readonly long _window;
    private readonly bool _slides;

    /// <param name="places">Keys that can be remembered at once: a power of two, at least 4.</param>
    /// <param name="window">A key begins anew with an event that comes this long after the kept one.</param>
    /// <param name="slides">True: the kept event is the newest, so a key that never rests never begins anew; false: it is the first of the count.</param>
    public RecentCounts(int places, TimeSpan window, bool slides)
    {
        // Pinned, so that a bucket stays one line of the cache.
        _places = GC.AllocateArray<Place>(places + Ways, pinned: true);
        (_first, _buckets, _window, _slides) = (CacheLine.ElementsToNext(ref _places[0]), places / Ways, window.Ticks, slides);
    }

    private struct Place
    {
        public uint Tag;
        public int Count;
        public long Time;
    }

    /// <summary>Counts an event.</summary>
    /// <param name="hash">64 well-mixed bits that stand for the key.</param>
    /// <param name="at">When it happened. One that comes late goes on with the count.</param>
    /// <returns>1 for the first.</returns>
    public int Next(ulong hash, DateTimeOffset at)
    {
        var time = at.UtcTicks;
        var bucket = _places.AsSpan(First(hash), Ways);
        var tag = (uint)(hash >> 32);
        var chosen = 0;
        for (var n = 0; n < Ways; n++)
        {
            if (bucket[n].Count > 0 && bucket[n].Tag == tag)
            {
                chosen = n;
                break;
            }
            if (bucket[n].Time < bucket[chosen].Time)
            {
                chosen = n;
            }
        }
        ref var place = ref bucket[chosen];
        if (place.Count > 0 && place.Tag == tag && time - place.Time < _window)
        {
            place.Count++;
            place.Time = _slides ? Math.Max(place.Time, time) : place.Time;
        }
        else
        {
            place = new() { Tag = tag, Count = 1, Time = time };
        }
        return place.Count;
    }

    /// <summary>Asks for the memory that <see cref="Next"/> will look at.</summary>
    public void Prefetch(ulong hash) => CacheLine.Prefetch(ref _places[First(hash)]);

    private int First(ulong hash) => _first + ((int)(hash & (uint)(_buckets - 1)) * Ways);
}
