using System.Numerics;

namespace Segue.Models.Sittings;

/// <summary>Sums by number, for few of very many numbers: a hash table with linear probing that is emptied by what was touched.</summary>
/// <remarks>Numbers come back in the order in which they first came, so that what is made of them depends on the input alone; their sums lie side by side in that order. 8 bytes a
/// slot, at most half of them taken, and 12 a number; the memory is kept for the next use. Not for several threads at once.</remarks>
internal sealed class TouchedSums
{
    private const int Empty = -1, FirstSlots = 1024;
    private const uint Spread = 2654435769;   // 2³² ÷ the golden ratio: Fibonacci hashing
    private Slot[] _slots = NewSlots(FirstSlots);
    private int[] _taken = new int[FirstSlots / 2];   // the slot of each place
    private int[] _numbers = new int[FirstSlots / 2];
    private float[] _sums = new float[FirstSlots / 2];

    private struct Slot
    {
        public int Number;
        public int Place;
    }

    /// <summary>Different numbers so far.</summary>
    public int Count { get; private set; }

    private int Shift => 32 - BitOperations.Log2((uint)_slots.Length);

    /// <summary>Adds to the sum of a number, at least 0.</summary>
    public void Add(int number, float value)
    {
        var at = Find(number);
        if (_slots[at].Number == number)
        {
            _sums[_slots[at].Place] += value;
            return;
        }
        if (Count == _taken.Length)
        {
            Grow();
            at = Find(number);
        }
        _slots[at] = new Slot { Number = number, Place = Count };
        (_taken[Count], _numbers[Count], _sums[Count]) = (at, number, value);
        Count++;
    }

    /// <summary>Adds the same value to the sums of many numbers, each at least 0.</summary>
    public void AddAll(ReadOnlySpan<int> numbers, float value)
    {
        var (slots, sums, shift) = (_slots, _sums, Shift);
        foreach (var number in numbers)
        {
            var at = (int)(((uint)number * Spread) >> shift);
            ref var slot = ref slots[at];
            if (slot.Number == number)   // most numbers lie where they belong
            {
                sums[slot.Place] += value;
            }
            else if (slot.Number == Empty && Count < sums.Length)
            {
                slot = new Slot { Number = number, Place = Count };
                (_taken[Count], _numbers[Count], sums[Count]) = (at, number, value);
                Count++;
            }
            else
            {
                Add(number, value);
                (slots, sums, shift) = (_slots, _sums, Shift);
            }
        }
    }

    /// <summary>The n-th number that came, n below <see cref="Count"/>.</summary>
    public (int Number, float Sum) At(int n) => (_numbers[n], _sums[n]);

    /// <summary>The largest sum; 0 when none is above 0.</summary>
    public float Largest()
    {
        float largest = 0;
        foreach (var sum in _sums.AsSpan(0, Count))
        {
            largest = Math.Max(largest, sum);
        }
        return largest;
    }

    /// <summary>Multiplies all sums; by 0 it empties them.</summary>
    public void Scale(float factor)
    {
        if (factor == 0)
        {
            Clear();
        }
        foreach (ref var sum in _sums.AsSpan(0, Count))
        {
            sum *= factor;
        }
    }

    public void Clear()
    {
        foreach (var slot in _taken.AsSpan(0, Count))
        {
            _slots[slot].Number = Empty;
        }
        Count = 0;
    }

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
        _slots = NewSlots(2 * _slots.Length);
        Array.Resize(ref _taken, _slots.Length / 2);
        Array.Resize(ref _numbers, _slots.Length / 2);
        Array.Resize(ref _sums, _slots.Length / 2);
        for (var n = 0; n < Count; n++)
        {
            var at = Find(_numbers[n]);
            _slots[at] = new Slot { Number = _numbers[n], Place = n };
            _taken[n] = at;
        }
    }

    private static Slot[] NewSlots(int length)
    {
        var slots = new Slot[length];
        Array.Fill(slots, new Slot { Number = Empty });
        return slots;
    }
}
