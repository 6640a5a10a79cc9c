using System.Numerics;
using Segue.Events.Log;

namespace Segue.Features.Trends;

/// <summary>Decayed weights of a region in memory that is bounded: so many tracks have a counter, and a newcomer takes the lightest one's.</summary>
/// <remarks>
/// Space-Saving: Metwally, Agrawal and El Abbadi, "Efficient Computation of Frequent and Top-k Elements in Data Streams", ICDT 2005, with forward-decayed weights. A newcomer takes over the weight of the
/// counter it replaces, and that is noted as what it may have too much; <see cref="Heaviest"/> tells what is certain, the weight without it. So a told weight is never above the true one, nor more than the lightest
/// counter below. Counters lie in a heap, the lightest at the root, found by open addressing; 24 bytes a counter. O(log counters) an event.
/// </remarks>
/// <param name="counters">Most tracks counted at once, a power of two.</param>
/// <param name="most">Most tracks of an answer.</param>
internal sealed class SmallTrendTable(int counters, int most) : ITrendTable
{
    private const int LeastCounters = 4;
    private Counter[] _heap = new Counter[LeastCounters];
    private int[] _slots = new int[2 * LeastCounters];   // 1 above a place in the heap; 0 for an empty slot
    private int _used;

    private struct Counter
    {
        public int Track, Slot;
        public float Weight, TooMuch;
    }

    public long Epoch { get; private set; } = long.MinValue;
    public int Count => _used;
    public long Bytes => (16L * _heap.Length) + (4L * _slots.Length);

    public void Add(int track, float amount, float unit)
    {
        var slot = Find(track);
        if (_slots[slot] == 0)
        {
            if (_used == _heap.Length && _used < counters)
            {
                Grow();
                slot = Find(track);
            }
            if (_used < _heap.Length)
            {
                _heap[_used] = new() { Track = track, Slot = slot };
                _slots[slot] = ++_used;
                SiftUp(_used - 1);
            }
            else
            {
                Remove(_heap[0].Slot);
                slot = Find(track);
                _heap[0] = new() { Track = track, Slot = slot, Weight = _heap[0].Weight, TooMuch = _heap[0].Weight };
                _slots[slot] = 1;
            }
        }
        var place = _slots[slot] - 1;
        _heap[place].Weight += amount;
        SiftDown(place);
    }

    public void Prefetch(int track) => CacheLine.Prefetch(ref _slots[Home(track)]);

    public void MoveTo(long epoch, float factor, float unit)
    {
        for (var n = 0; n < _used; n++)
        {
            (_heap[n].Weight, _heap[n].TooMuch) = (_heap[n].Weight * factor, _heap[n].TooMuch * factor);
        }
        Epoch = epoch;
    }

    public (int Track, float Weight)[] Heaviest()
        => [.. _heap.Take(_used).Select(counter => (counter.Track, Weight: counter.Weight - counter.TooMuch)).Where(pair => pair.Weight > 0)
            .OrderByDescending(pair => pair.Weight).ThenBy(pair => pair.Track).Take(most)];

    private int Home(int track) => (int)((uint)track * 0x9E3779B9u >> (32 - BitOperations.Log2((uint)_slots.Length)));

    // The slot of a track, or the empty one where it would go.
    private int Find(int track)
    {
        var slot = Home(track);
        while (_slots[slot] != 0 && _heap[_slots[slot] - 1].Track != track)
        {
            slot = (slot + 1) & (_slots.Length - 1);
        }
        return slot;
    }

    // Those behind a freed slot that it keeps from their home move up.
    private void Remove(int slot)
    {
        var mask = _slots.Length - 1;
        for (var next = (slot + 1) & mask; _slots[next] != 0; next = (next + 1) & mask)
        {
            var home = Home(_heap[_slots[next] - 1].Track);
            if (((next - home) & mask) >= ((next - slot) & mask))
            {
                (_slots[slot], _heap[_slots[next] - 1].Slot) = (_slots[next], slot);
                slot = next;
            }
        }
        _slots[slot] = 0;
    }

    private void Grow()
    {
        Array.Resize(ref _heap, 2 * _heap.Length);
        _slots = new int[2 * _heap.Length];
        for (var n = 0; n < _used; n++)
        {
            _heap[n].Slot = Find(_heap[n].Track);
            _slots[_heap[n].Slot] = n + 1;
        }
    }

    private void SiftUp(int place)
    {
        for (; place > 0 && IsLighter(_heap[place], _heap[(place - 1) / 2]); place = (place - 1) / 2)
        {
            Swap(place, (place - 1) / 2);
        }
    }

    private void SiftDown(int place)
    {
        while ((2 * place) + 1 < _used)
        {
            var child = (2 * place) + 1;
            child += child + 1 < _used && IsLighter(_heap[child + 1], _heap[child]) ? 1 : 0;
            if (!IsLighter(_heap[child], _heap[place]))
            {
                return;
            }
            Swap(place, child);
            place = child;
        }
    }

    private void Swap(int one, int other)
    {
        (_heap[one], _heap[other]) = (_heap[other], _heap[one]);
        (_slots[_heap[one].Slot], _slots[_heap[other].Slot]) = (one + 1, other + 1);
    }

    // Of equal weights the higher track goes first.
    private static bool IsLighter(in Counter one, in Counter other) => one.Weight != other.Weight ? one.Weight < other.Weight : one.Track > other.Track;
}
