using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Segue.Events.Log;

namespace Segue.Features.Trends;

/// <summary>The decayed weights of the tracks of one region: open addressing with linear probing, 8 bytes a slot, and the heaviest tracks kept at hand.</summary>
/// <remarks>
/// Weights lie in the unit of an epoch (see <see cref="DecayedCounts"/>) and only grow between two rebuilds, so the heaviest set changes only by
/// an addition: a bit in the slot says who belongs to it, and one comparison with the root of a heap, whose weights may lag behind but never run ahead, passes
/// over nearly all others. A rebuild happens when the table is full or a new epoch begins; it drops what fell below the floor and takes the
/// size that the rest needs, so the longest stop is one pass over one region's tracks. Not thread-safe.
/// </remarks>
internal sealed class TrendTable(int most, float least, float floor) : ITrendTable
{
    private const int LeastSlots = 8;
    private const uint Belongs = 1u << 31;

    private readonly Kept[] _heaviest = new Kept[most];   // a heap, the lightest at the root
    private Slot[] _slots = new Slot[LeastSlots];
    private int _used, _kept, _shift = 32 - BitOperations.Log2(LeastSlots);

    /// <summary>Tag: track + 1, 0 for an empty slot; the top bit: it is one of the heaviest.</summary>
    private struct Slot
    {
        public uint Tag;
        public float Weight;
    }

    /// <summary>One of the heaviest, and its weight when the heap looked last: it may weigh more by now.</summary>
    private readonly record struct Kept(int Slot, float Weight);

    public long Epoch { get; private set; } = long.MinValue;

    public int Count => _used;
    public long Bytes => (8L * _slots.Length) + (8L * most);

    /// <remarks>Expected O(1), amortized O(log <c>most</c>) for a track that comes among the heaviest. What lies below the floor times <paramref name="unit"/> is let go when there is no room, and what lies
    /// below <c>least</c> times it is not among the heaviest.</remarks>
    public void Add(int track, float amount, float unit)
    {
        var tag = (uint)track + 1;
        var slot = Find(tag);
        ref var found = ref At(slot);
        if (found.Tag == 0)
        {
            if (4 * (_used + 1L) > 3L << (32 - _shift))
            {
                Rebuild(1, floor * unit);
                slot = Find(tag);
                found = ref At(slot);
            }
            found.Tag = tag;
            _used++;
        }
        found.Weight += amount;
        if (found.Weight >= least * unit && (found.Tag & Belongs) == 0 && (_kept < most || found.Weight >= _heaviest[0].Weight))
        {
            Challenge(slot);
        }
    }

    public void Prefetch(int track) => CacheLine.Prefetch(ref At(Home((uint)track + 1)));

    /// <remarks>What is below the floor goes.</remarks>
    public void MoveTo(long epoch, float factor, float unit)
    {
        Rebuild(factor, floor * unit);
        Epoch = epoch;
    }

    public (int Track, float Weight)[] Heaviest()
        => [.. _heaviest.AsSpan(0, _kept).ToArray().Select(kept => ((int)((_slots[kept.Slot].Tag & ~Belongs) - 1), _slots[kept.Slot].Weight))];

    private int Home(uint tag) => (int)(tag * 0x9E3779B9u >> _shift);

    // The slot of a tag, or the empty one where it would go.
    private int Find(uint tag)
    {
        var mask = (int)(uint.MaxValue >> _shift);
        for (var slot = Home(tag); ; slot = (slot + 1) & mask)
        {
            var there = At(slot).Tag & ~Belongs;
            if (there == tag || there == 0)
            {
                return slot;
            }
        }
    }

    // Without a look at the array's length, which lies in another line of the cache than the slot and is there for this alone.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Slot At(int slot) => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_slots), slot);

    // Takes a slot among the heaviest if it belongs there. Of equal weights the lower track does.
    private void Challenge(int slot)
    {
        var entry = new Kept(slot, _slots[slot].Weight);
        if (_kept < most)
        {
            _slots[slot].Tag |= Belongs;
            SiftUp(_kept++, entry);
            return;
        }
        while (_slots[_heaviest[0].Slot].Weight != _heaviest[0].Weight)
        {
            SiftDown(_heaviest[0] with { Weight = _slots[_heaviest[0].Slot].Weight });
        }
        if (IsLighter(_heaviest[0], entry))   // the root is up to date, so it is the lightest of all
        {
            _slots[_heaviest[0].Slot].Tag &= ~Belongs;
            _slots[slot].Tag |= Belongs;
            SiftDown(entry);
        }
    }

    private void SiftUp(int place, Kept entry)
    {
        for (; place > 0 && IsLighter(entry, _heaviest[(place - 1) / 2]); place = (place - 1) / 2)
        {
            _heaviest[place] = _heaviest[(place - 1) / 2];
        }
        _heaviest[place] = entry;
    }

    private void SiftDown(Kept entry)
    {
        var place = 0;
        while ((2 * place) + 1 < _kept)
        {
            var child = (2 * place) + 1;
            child += child + 1 < _kept && IsLighter(_heaviest[child + 1], _heaviest[child]) ? 1 : 0;
            if (!IsLighter(_heaviest[child], entry))
            {
                break;
            }
            _heaviest[place] = _heaviest[child];
            place = child;
        }
        _heaviest[place] = entry;
    }

    private bool IsLighter(Kept one, Kept other)
        => one.Weight != other.Weight ? one.Weight < other.Weight : (_slots[one.Slot].Tag & ~Belongs) > (_slots[other.Slot].Tag & ~Belongs);

    private void Rebuild(float factor, float lowest)
    {
        var before = _slots;
        var live = 0;
        foreach (var slot in before)
        {
            live += slot.Tag != 0 && slot.Weight * factor >= lowest ? 1 : 0;
        }
        // At most half full, so that the next rebuild is as many new tracks away as this one copies.
        _slots = new Slot[Math.Max(LeastSlots, (int)BitOperations.RoundUpToPowerOf2(2 * (uint)live))];
        (_used, _kept, _shift) = (live, 0, 32 - BitOperations.Log2((uint)_slots.Length));
        foreach (var old in before)
        {
            if (old.Tag == 0 || old.Weight * factor < lowest)
            {
                continue;
            }
            var slot = Find(old.Tag & ~Belongs);
            _slots[slot] = new() { Tag = old.Tag, Weight = old.Weight * factor };
            if ((old.Tag & Belongs) != 0)
            {
                SiftUp(_kept++, new(slot, _slots[slot].Weight));
            }
        }
    }
}
