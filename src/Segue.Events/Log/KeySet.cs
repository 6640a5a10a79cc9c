namespace Segue.Events.Log;

/// <summary>A set of keys in memory: 16 bytes a slot, open addressing, at most three quarters full. Not thread-safe.</summary>
/// <remarks>Keys are parts of SHA-256 values, so their own bits serve as the hash.</remarks>
/// <param name="expected">About how many keys will come: until then it does not grow, for which others would wait.</param>
internal sealed class KeySet(int expected = 0)
{
    private UInt128[] _slots = new UInt128[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(1024, expected / 3 * 4))];
    private bool _hasZero;   // an empty slot is zero

    public int Count { get; private set; }

    public bool Contains(UInt128 key) => key == UInt128.Zero ? _hasZero : _slots[SlotOf(key)] == key;

    public void Prefetch(UInt128 key) => CacheLine.Prefetch(ref _slots[(int)(ulong)key & (_slots.Length - 1)]);

    /// <summary>False when it was there.</summary>
    public bool Add(UInt128 key)
    {
        if (key == UInt128.Zero)
        {
            Count += _hasZero ? 0 : 1;
            return !_hasZero && (_hasZero = true);
        }
        var slot = SlotOf(key);
        if (_slots[slot] == key)
        {
            return false;
        }
        _slots[slot] = key;
        if (++Count > _slots.Length / 4 * 3)
        {
            Grow();
        }
        return true;
    }

    public UInt128[] Sorted()
    {
        var keys = new UInt128[Count];
        var next = _hasZero ? 1 : 0;
        foreach (var key in _slots)
        {
            if (key != UInt128.Zero)
            {
                keys[next++] = key;
            }
        }
        Array.Sort(keys);
        return keys;
    }

    private int SlotOf(UInt128 key)
    {
        var mask = _slots.Length - 1;
        var slot = (int)(ulong)key & mask;
        while (_slots[slot] != UInt128.Zero && _slots[slot] != key)
        {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void Grow()
    {
        var old = _slots;
        _slots = new UInt128[old.Length * 2];
        foreach (var key in old)
        {
            if (key != UInt128.Zero)
            {
                _slots[SlotOf(key)] = key;
            }
        }
    }
}
