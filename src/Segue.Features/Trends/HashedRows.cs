using System.Numerics;
using Segue.Events.Log;

namespace Segue.Features.Trends;

/// <summary>Small numbers by 64-bit hashes of what they stand for: open addressing with linear probing, 16 bytes a slot, at most two thirds full.</summary>
/// <remarks>Two names of one hash are taken for one: among ten million with a chance of 3·10⁻⁶. Not thread-safe.</remarks>
internal sealed class HashedRows
{
    private const int LeastSlots = 16;
    private Slot[] _slots = new Slot[LeastSlots];
    private int _used;

    private struct Slot
    {
        public ulong Hash;
        public int Row;   // 1 above the row; 0 for an empty slot
    }

    /// <summary>The row of a hash; -1 for none.</summary>
    public int Find(ulong hash) => _slots[Place(hash)].Row - 1;

    /// <summary>Gives a hash a row in place of the one that it had.</summary>
    /// <param name="hash">64 well-mixed bits.</param>
    /// <param name="row">From 0.</param>
    public void Set(ulong hash, int row)
    {
        if (3 * (_used + 1L) > 2L * _slots.Length)
        {
            Grow();
        }
        ref var slot = ref _slots[Place(hash)];
        _used += slot.Row == 0 ? 1 : 0;
        slot = new() { Hash = hash, Row = row + 1 };
    }

    /// <summary>Asks for the memory that <see cref="Find"/> will look at.</summary>
    public void Prefetch(ulong hash) => CacheLine.Prefetch(ref _slots[hash & (uint)(_slots.Length - 1)]);

    private int Place(ulong hash)
    {
        var place = (int)(hash & (uint)(_slots.Length - 1));
        while (_slots[place].Row != 0 && _slots[place].Hash != hash)
        {
            place = (place + 1) & (_slots.Length - 1);
        }
        return place;
    }

    private void Grow()
    {
        var before = _slots;
        _slots = new Slot[BitOperations.RoundUpToPowerOf2((uint)before.Length + 1)];
        foreach (var slot in before)
        {
            if (slot.Row != 0)
            {
                _slots[Place(slot.Hash)] = slot;
            }
        }
    }
}
