using System.Runtime.InteropServices;
using Segue.Numerics.Memory;

namespace Segue.Numerics.Sparse;

/// <summary>Interactions in one orientation, laid out for training: 5 bytes an interaction, 4 when all weigh the same, and 8 bytes a row.</summary>
/// <remarks>
/// Three arrays, little-endian, in memory or mapped from a file:
/// <list type="table">
/// <item><term>starts</term><description>int64, rows + 1 of them, ascending from 0: row r holds the entries [starts[r], starts[r+1])</description></item>
/// <item><term>columns</term><description>int32 an entry, ascending within a row, each column once</description></item>
/// <item><term>codes</term><description>one byte an entry, into the <see cref="WeightCodebook"/>; absent (a null pointer) when the codebook
/// has one pair</description></item>
/// </list>
/// Each array starts at a multiple of its element's size. A row holds at most 2³¹ − 1 entries; the number of entries has no bound. Training reads rows in order, once a
/// half-step, so a mapped file is read from end to end. <see cref="Check"/> proves the layout once, before anything follows a column
/// into memory.
/// </remarks>
public sealed unsafe class WeightedRows : IDisposable
{
    private readonly long* _starts;
    private readonly int* _columns;
    private readonly byte* _codes;
    private readonly IDisposable[] _owners;

    /// <summary>Looks at memory that lives as long as this object: of a mapped file, say.</summary>
    /// <param name="starts">rows + 1 int64.</param>
    /// <param name="columnsOfEntries">One int32 an entry.</param>
    /// <param name="codes">One byte an entry; 0 where the codebook has one pair.</param>
    /// <param name="owner">Disposed with this; null when the memory has another keeper.</param>
    /// <exception cref="ArgumentException">A size is negative, or codes are needed and absent.</exception>
    public WeightedRows(int rows, int columns, nint starts, nint columnsOfEntries, nint codes, WeightCodebook codebook, IDisposable? owner = null)
        : this(rows, columns, (long*)starts, (int*)columnsOfEntries, (byte*)codes, codebook, owner is null ? [] : [owner])
    {
    }

    private WeightedRows(int rows, int columns, long* starts, int* columnsOfEntries, byte* codes, WeightCodebook codebook, IDisposable[] owners)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (codes == null && codebook.Count > 1)
        {
            throw new ArgumentException($"A codebook of {codebook.Count} pairs needs a code for each entry.", nameof(codes));
        }
        (Rows, Columns, Codebook) = (rows, columns, codebook);
        _starts = starts;
        _columns = columnsOfEntries;
        _codes = codes;
        _owners = owners;
    }

    public int Rows { get; }
    public int Columns { get; }
    public WeightCodebook Codebook { get; }

    /// <summary>Entries in all rows.</summary>
    public long Count => _starts[Rows];

    /// <summary>Bytes of the three arrays.</summary>
    public long Bytes => 8L * (Rows + 1) + (_codes == null ? 4 : 5) * Count;

    /// <summary>The first entry of each row, and the end of the last.</summary>
    public long Start(int row) => (uint)row <= (uint)Rows ? _starts[row] : throw new ArgumentOutOfRangeException(nameof(row));

    public int CountOf(int row) => (int)(Start(row + 1) - _starts[row]);

    /// <summary>Ascending.</summary>
    public ReadOnlySpan<int> ColumnsOf(int row) => new(_columns + Start(row), CountOf(row));

    /// <summary>One for each column; empty when all entries are pair 0 of the codebook.</summary>
    public ReadOnlySpan<byte> CodesOf(int row) => _codes == null ? [] : new(_codes + Start(row), CountOf(row));

    /// <summary>Memory for rows whose lengths are known, to be filled by the caller.</summary>
    /// <param name="starts">rows + 1, ascending from 0.</param>
    /// <param name="fill">Called once for each row, in order, with places for its columns and its codes (empty when the codebook has one pair).</param>
    /// <exception cref="InvalidDataException">What was filled in is not a valid layout.</exception>
    public static WeightedRows Create(int columns, ReadOnlySpan<long> starts, WeightCodebook codebook, FillRow fill)
    {
        var made = Allocate(starts.Length - 1, columns, starts, codebook);
        for (var row = 0; row < made.Rows; row++)
        {
            var (from, length) = (made._starts[row], made.CountOf(row));
            fill(row, new(made._columns + from, length), made._codes == null ? [] : new(made._codes + from, length));
        }
        made.Check();
        return made;
    }

    /// <summary>The same entries with rows and columns exchanged: O(entries), by counting; needs as much memory again.</summary>
    public WeightedRows Transpose()
    {
        var next = new long[Columns + 1];
        for (long entry = 0; entry < Count; entry++)
        {
            next[_columns[entry] + 1]++;
        }
        for (var column = 0; column < Columns; column++)
        {
            next[column + 1] += next[column];
        }
        var other = Allocate(Columns, Rows, next, Codebook);
        for (var row = 0; row < Rows; row++)
        {
            for (var entry = _starts[row]; entry < _starts[row + 1]; entry++)
            {
                var at = next[_columns[entry]]++;
                other._columns[at] = row;
                if (_codes != null)
                {
                    other._codes[at] = _codes[entry];
                }
            }
        }
        GC.KeepAlive(this);   // the memory must outlive the last look at it
        return other;
    }

    /// <summary>Reads every entry once and proves the layout: memory safety of the training rests on it. About 1 ns an entry.</summary>
    /// <exception cref="InvalidDataException">A start, column or code is out of place; the message names the row.</exception>
    public void Check()
    {
        for (var row = 0; row < Rows; row++)
        {
            if ((row == 0 && _starts[0] != 0) || _starts[row + 1] - _starts[row] is < 0 or > int.MaxValue)
            {
                throw new InvalidDataException($"Row {row} of {Rows} starts at entry {_starts[row]} and ends at {_starts[row + 1]}.");
            }
        }
        for (var row = 0; row < Rows; row++)
        {
            var before = -1;
            foreach (var column in ColumnsOf(row))
            {
                if (column <= before || column >= Columns)
                {
                    throw new InvalidDataException($"Row {row} of {Rows} holds column {column} of {Columns} after column {before}.");
                }
                before = column;
            }
            if (Codebook.Count < WeightCodebook.MaxPairs && CodesOf(row).ContainsAnyExceptInRange((byte)0, (byte)(Codebook.Count - 1)))
            {
                throw new InvalidDataException($"Row {row} of {Rows} holds a code beyond the {Codebook.Count} pairs of the codebook.");
            }
        }
    }

    public void Dispose() => Array.ForEach(_owners, owner => owner.Dispose());

    private static WeightedRows Allocate(int rows, int columns, ReadOnlySpan<long> starts, WeightCodebook codebook)
    {
        var count = starts[rows];
        var startsCopy = new NativeBuffer<long>(rows + 1);
        starts[..(rows + 1)].CopyTo(MemoryMarshal.CreateSpan(ref *startsCopy.Start, rows + 1));
        var columnsOfEntries = new NativeBuffer<int>(count);
        var codes = codebook.Count > 1 ? new NativeBuffer<byte>(count) : null;
        return new(rows, columns, startsCopy.Start, columnsOfEntries.Start, codes is null ? null : codes.Start, codebook,
            codes is null ? [startsCopy, columnsOfEntries] : [startsCopy, columnsOfEntries, codes]);
    }
}

/// <summary>Fills in one row: columns ascending, and a code for each.</summary>
public delegate void FillRow(int row, Span<int> columns, Span<byte> codes);
