namespace Segue.Numerics;

/// <summary>The non-zero elements of one row: columns ascending, with their values.</summary>
public readonly ref struct SparseRow(ReadOnlySpan<int> columns, ReadOnlySpan<float> values)
{
    public ReadOnlySpan<int> Columns { get; } = columns;
    public ReadOnlySpan<float> Values { get; } = values;
    public int Count => Columns.Length;

    public bool Contains(int column) => Columns.BinarySearch(column) >= 0;
}

/// <summary>A sparse matrix in compressed sparse rows; 8 bytes an element and 8 a row.</summary>
public sealed class CsrMatrix
{
    private readonly long[] _offsets;
    private readonly int[] _columns;
    private readonly float[] _values;

    private CsrMatrix(int rows, int columns, long[] offsets, int[] columnIndices, float[] values)
        => (Rows, Columns, _offsets, _columns, _values) = (rows, columns, offsets, columnIndices, values);

    public int Rows { get; }
    public int Columns { get; }

    /// <summary>Elements stored; at most 2³¹ - 1.</summary>
    public int Count => _columns.Length;

    public SparseRow Row(int row)
    {
        var (from, to) = ((int)_offsets[row], (int)_offsets[row + 1]);
        return new(_columns.AsSpan(from, to - from), _values.AsSpan(from, to - from));
    }

    /// <summary>Builds the matrix from elements in any order; elements of one place are added up in the order given.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index lies outside, or a value is not finite.</exception>
    public static CsrMatrix FromTriplets(int rows, int columns, IReadOnlyCollection<(int Row, int Column, float Value)> elements)
    {
        var offsets = new long[rows + 1];
        foreach (var (row, column, value) in elements)
        {
            if ((uint)row >= (uint)rows || (uint)column >= (uint)columns || !float.IsFinite(value))
            {
                throw new ArgumentOutOfRangeException(
                    nameof(elements), $"Element ({row}, {column}) = {value} does not fit a finite {rows} × {columns} matrix.");
            }
            offsets[row + 1]++;
        }
        for (var row = 0; row < rows; row++)
        {
            offsets[row + 1] += offsets[row];
        }
        var next = offsets.AsSpan(0, rows).ToArray();
        var (cols, values) = (new int[elements.Count], new float[elements.Count]);
        foreach (var (row, column, value) in elements)
        {
            var at = next[row]++;
            (cols[at], values[at]) = (column, value);
        }
        return Compact(rows, columns, offsets, cols, values);
    }

    /// <summary>The same elements in a matrix with empty columns behind; shares this one's memory.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer columns than now.</exception>
    public CsrMatrix WithColumns(int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, Columns);
        return new(Rows, columns, _offsets, _columns, _values);
    }

    /// <summary>The same elements in a matrix with empty rows behind; shares this one's memory but the rows' places.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer rows than now.</exception>
    public CsrMatrix WithRows(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, Rows);
        long[] offsets = [.. _offsets, .. Enumerable.Repeat(_offsets[^1], rows - Rows)];
        return new(rows, Columns, offsets, _columns, _values);
    }

    /// <summary>The same elements with rows and columns exchanged; O(count).</summary>
    public CsrMatrix Transpose()
    {
        var offsets = new long[Columns + 1];
        foreach (var column in _columns)
        {
            offsets[column + 1]++;
        }
        for (var column = 0; column < Columns; column++)
        {
            offsets[column + 1] += offsets[column];
        }
        var next = offsets.AsSpan(0, Columns).ToArray();
        var (cols, values) = (new int[Count], new float[Count]);
        for (var row = 0; row < Rows; row++)
        {
            for (var i = (int)_offsets[row]; i < _offsets[row + 1]; i++)
            {
                var at = next[_columns[i]]++;
                (cols[at], values[at]) = (row, _values[i]);
            }
        }
        return new(Columns, Rows, offsets, cols, values);
    }

    /// <summary>The same places with other values.</summary>
    public CsrMatrix Map(Func<int, float, float> valueOfRowAndOld)
    {
        var values = new float[Count];
        for (var row = 0; row < Rows; row++)
        {
            for (var i = (int)_offsets[row]; i < _offsets[row + 1]; i++)
            {
                values[i] = valueOfRowAndOld(row, _values[i]);
            }
        }
        return new(Rows, Columns, _offsets, _columns, values);
    }

    private static CsrMatrix Compact(int rows, int columns, long[] offsets, int[] cols, float[] values)
    {
        var merged = new long[rows + 1];
        long end = 0;
        for (var row = 0; row < rows; row++)
        {
            var (from, length) = ((int)offsets[row], (int)(offsets[row + 1] - offsets[row]));
            SortStable(cols.AsSpan(from, length), values.AsSpan(from, length));
            for (var i = from; i < from + length; i++)
            {
                if (end > merged[row] && cols[end - 1] == cols[i])
                {
                    values[end - 1] += values[i];
                    if (!float.IsFinite(values[end - 1]))
                    {
                        throw new ArgumentOutOfRangeException(nameof(values), $"The elements of ({row}, {cols[i]}) add up to more than float32 holds.");
                    }
                }
                else
                {
                    (cols[end], values[end]) = (cols[i], values[i]);
                    end++;
                }
            }
            merged[row + 1] = end;
        }
        return new(rows, columns, merged, cols.AsSpan(0, (int)end).ToArray(), values.AsSpan(0, (int)end).ToArray());
    }

    // Equal columns keep their order, so that float sums do not depend on the sorting algorithm.
    private static void SortStable(Span<int> cols, Span<float> values)
    {
        var keys = new long[cols.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = ((long)cols[i] << 32) | (uint)i;
        }
        keys.AsSpan().Sort();
        var copy = values.ToArray();
        for (var i = 0; i < keys.Length; i++)
        {
            (cols[i], values[i]) = ((int)(keys[i] >> 32), copy[(int)keys[i]]);
        }
    }
}
