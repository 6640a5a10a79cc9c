using System.Numerics;

namespace Segue.Models.Sittings;

/// <summary>Sums by number, for few of very many numbers: a hash table with linear probing that is emptied by what was touched.</summary>
/// <remarks>Numbers come back in the order in which they first came, so that what is made of them depends on the input alone. 8 bytes a slot, at most half of them
/// taken; the memory is kept for the next use. Not for several threads at once.</remarks>
internal sealed class TouchedSums
{
    private const int Empty = -1, FirstSlots = 1024;
    private const uint Spread = 2654435769;   // 2³² ÷ the golden ratio: Fibonacci hashing
    private Slot[] _slots = NewSlots(FirstSlots);
    private int[] _touched = new int[FirstSlots / 2];   // slots, in the order in which they were taken

    private struct Slot
    {
        public int Number;
        public float Sum;
    }

    /// <summary>Different numbers so far.</summary>
    public int Count { get; private set; }

    /// <summary>Adds to the sum of a number, at least 0.</summary>
    public void Add(int number, float value)
    {
        var at = Find(number);
        if (_slots[at].Number == number)
        {
            _slots[at].Sum += value;
            return;
        }
        if (Count == _touched.Length)
        {
            Grow();
            at = Find(number);
        }
        _slots[at] = new Slot { Number = number, Sum = value };
        _touched[Count++] = at;
    }

    /// <summary>Adds the same value to the sums of many numbers, each at least 0.</summary>
    public void AddAll(ReadOnlySpan<int> numbers, float value)
    {
        var (slots, shift) = (_slots, Shift);
        foreach (var number in numbers)
        {
            var at = (int)(((uint)number * Spread) >> shift);
            if (slots[at].Number == number)   // most numbers lie where they belong
            {
                slots[at].Sum += value;
                continue;
            }
            Add(number, value);
            if (slots != _slots)
            {
                (slots, shift) = (_slots, Shift);
            }
        }
    }

    /// <summary>The n-th number that came, n below <see cref="Count"/>.</summary>
    public (int Number, float Sum) At(int n)
    {
        var slot = _slots[_touched[n]];
        return (slot.Number, slot.Sum);
    }

    /// <summary>The largest sum; 0 when none is above 0.</summary>
    public float Largest()
    {
        float largest = 0;
        for (var n = 0; n < Count; n++)
        {
            largest = Math.Max(largest, At(n).Sum);
        }
        return largest;
    }

    public void Clear()
    {
        for (var n = 0; n < Count; n++)
        {
            _slots[_touched[n]].Number = Empty;
        }
        Count = 0;
    }

    private int Shift => 32 - BitOperations.Log2((uint)_slots.Length);

    private int Find(int number)
    {
        var slots = _slots;
        var mask = slots.Length - 1;
        var at = (int)(((uint)number * Spread) >> Shift);
        while (slots[at].Number != number && slots[at].Number != Empty)
        {
            at = (at + 1) & mask;
        }
        return at;
    }

    private void Grow()
    {
        var before = new Slot[Count];
        for (var n = 0; n < Count; n++)
        {
            before[n] = _slots[_touched[n]];
        }
        _slots = NewSlots(2 * _slots.Length);
        Array.Resize(ref _touched, _slots.Length / 2);
        for (var n = 0; n < Count; n++)
        {
            var at = Find(before[n].Number);
            _slots[at] = before[n];
            _touched[n] = at;
        }
    }

    private static Slot[] NewSlots(int length)
    {
        var slots = new Slot[length];
        Array.Fill(slots, new Slot { Number = Empty });
        return slots;
    }
}
