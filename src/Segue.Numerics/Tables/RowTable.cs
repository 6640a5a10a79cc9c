using System.Numerics;
using System.Runtime.CompilerServices;

namespace Segue.Numerics.Tables;

/// <summary>A value for each of some rows: a table with open addresses, for the few hundred rows that one answer looks at again and again. Rows are never removed but all at once. For one thread.</summary>
/// <remarks>A look-up is one multiplication and, mostly, one line of memory. Half of the places at least stay free; what is counted in rows and met in another order gives the same values.</remarks>
/// <typeparam name="T">Its default is the value of a row that is not there.</typeparam>
public sealed class RowTable<T>
    where T : unmanaged
{
    private const uint Spread = 2_654_435_769;   // 2³² ÷ the golden ratio
    private Entry[] _entries;
    private int _shift;

    /// <param name="expected">Rows that fit without growing, at least 0.</param>
    public RowTable(int expected)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(expected);
        (_entries, _shift) = Empty(Math.Max(8, expected));
    }

    /// <summary>Rows in the table.</summary>
    public int Count { get; private set; }

    /// <summary>The value of a row; the default of its type where the row is not there.</summary>
    public T this[int row]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var (entries, key) = (_entries, row + 1);
            for (var at = (uint)row * Spread >> _shift; ; at = at + 1 & (uint)(entries.Length - 1))
            {
                ref var entry = ref entries[at];
                if (entry.Key == key || entry.Key == 0)
                {
                    return entry.Value;
                }
            }
        }
    }

    /// <summary>The value of a row, to be changed; puts the row in with the default where it is not there. Valid until the next row is put in.</summary>
    /// <param name="row">At least 0.</param>
    public ref T At(int row) => ref At(row, out _);

    /// <inheritdoc cref="At(int)"/>
    /// <param name="wasThere">Whether the row was in the table before.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T At(int row, out bool wasThere)
    {
        var (entries, key) = (_entries, row + 1);
        for (var at = (uint)row * Spread >> _shift; ; at = at + 1 & (uint)(entries.Length - 1))
        {
            ref var entry = ref entries[at];
            if (entry.Key == 0)
            {
                wasThere = false;
                return ref Add(ref entry, row);
            }
            if (entry.Key == key)
            {
                wasThere = true;
                return ref entry.Value;
            }
        }
    }

    /// <summary>Whether a row is in the table.</summary>
    public bool Contains(int row)
    {
        var (entries, key) = (_entries, row + 1);
        for (var at = (uint)row * Spread >> _shift; ; at = at + 1 & (uint)(entries.Length - 1))
        {
            var found = entries[at].Key;
            if (found == key || found == 0)
            {
                return found != 0;
            }
        }
    }

    /// <summary>Empties the table; its memory stays.</summary>
    public void Clear()
    {
        Array.Clear(_entries);
        Count = 0;
    }

    /// <summary>All rows with their values, in no order that means anything.</summary>
    public Enumerator GetEnumerator() => new(_entries);

    private ref T Add(ref Entry free, int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        if (2 * ++Count <= _entries.Length)
        {
            free.Key = row + 1;
            return ref free.Value;
        }
        var old = _entries;
        (_entries, _shift) = Empty(old.Length);
        foreach (ref var entry in old.AsSpan())
        {
            if (entry.Key != 0)
            {
                Free(entry.Key - 1) = entry;
            }
        }
        ref var added = ref Free(row);
        added.Key = row + 1;
        return ref added.Value;
    }

    private ref Entry Free(int row)
    {
        var at = (uint)row * Spread >> _shift;
        while (_entries[at].Key != 0)
        {
            at = at + 1 & (uint)(_entries.Length - 1);
        }
        return ref _entries[at];
    }

    private static (Entry[] Entries, int Shift) Empty(int rows)
    {
        var places = BitOperations.RoundUpToPowerOf2((uint)rows) * 2;
        return (new Entry[places], 32 - BitOperations.Log2(places));
    }

    /// <summary>Walks a table.</summary>
    public ref struct Enumerator
    {
        private readonly Entry[] _entries;
        private int _at = -1;

        internal Enumerator(Entry[] entries) => _entries = entries;

        public readonly (int Row, T Value) Current => (_entries[_at].Key - 1, _entries[_at].Value);

        public bool MoveNext()
        {
            while (++_at < _entries.Length)
            {
                if (_entries[_at].Key != 0)
                {
                    return true;
                }
            }
            return false;
        }
    }

    internal struct Entry
    {
        public int Key;   // the row, plus 1; 0 is free
        public T Value;
    }
}
