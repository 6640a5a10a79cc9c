using Segue.Numerics.Memory;

namespace Segue.Numerics;

/// <summary>A row-major float32 matrix of any size, in memory or in a mapped file.</summary>
/// <remarks>Up to 2²⁰ elements lie on the collected heap, more of them outside it. A span over those does not keep the matrix alive: hold
/// the matrix for as long as a row of it is looked at.</remarks>
public sealed unsafe class DenseMatrix
{
    private const long LargestOnHeap = 1 << 20;
    private readonly float[]? _values;
    private readonly float* _start;
    private readonly object? _keeper;

    /// <summary>All zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A side is negative.</exception>
    /// <exception cref="OutOfMemoryException">The system has not as much.</exception>
    public DenseMatrix(int rows, int columns)
    {
        (Rows, Columns) = Require(rows, columns);
        if (Count <= LargestOnHeap)
        {
            _values = new float[Count];
        }
        else
        {
            var buffer = new NativeBuffer<float>(Count);
            _start = buffer.Start;
            _keeper = buffer;
        }
    }

    /// <param name="values">Row after row; kept, not copied.</param>
    /// <exception cref="ArgumentException">There are more or fewer values than places.</exception>
    public DenseMatrix(int rows, int columns, float[] values)
    {
        (Rows, Columns) = Require(rows, columns);
        if (Count != values.Length)
        {
            throw new ArgumentException($"{rows} × {columns} are {Count} places; there are {values.Length} values.", nameof(values));
        }
        _values = values;
    }

    /// <summary>Looks at memory that lives as long as something else.</summary>
    internal DenseMatrix(int rows, int columns, float* start, object keeper)
    {
        (Rows, Columns) = Require(rows, columns);
        _start = start;
        _keeper = keeper;
    }

    public int Rows { get; }
    public int Columns { get; }

    /// <summary>Elements, rows · columns.</summary>
    public long Count => (long)Rows * Columns;

    public Span<float> Row(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows, nameof(row));
        return _values is not null ? _values.AsSpan(row * Columns, Columns) : new(_start + (long)row * Columns, Columns);
    }

    /// <summary>Some elements, counted row after row.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The stretch lies outside.</exception>
    public Span<float> Elements(long from, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, Count - count);
        return _values is not null ? _values.AsSpan((int)from, count) : new(_start + from, count);
    }

    /// <summary>All elements, row after row.</summary>
    /// <exception cref="OverflowException">There are more than a span holds, 2³¹ − 1: take <see cref="Elements"/>.</exception>
    public Span<float> AsSpan() => Elements(0, checked((int)Count));

    /// <summary>AᵀA, shape [columns × columns]: float32 within fixed blocks of 512 rows, float64 over the blocks, so that the bits are the
    /// same for any number of threads and the error does not grow with the rows.</summary>
    public DenseMatrix Gram(int threads)
    {
        const int BlockRows = 512;
        var d = Columns;
        var blocks = (Rows + BlockRows - 1) / BlockRows;
        var partial = new double[blocks][];
        Workers.For(blocks, threads, block => partial[block] = GramOfBlock(block * BlockRows, Math.Min(Rows, (block + 1) * BlockRows)));
        var sum = new double[d * d];
        foreach (var part in partial)
        {
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] += part[i];
            }
        }
        var gram = new float[d * d];
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                gram[i * d + j] = gram[j * d + i] = (float)sum[i * d + j];
            }
        }
        return new(d, d, gram);
    }

    private static (int Rows, int Columns) Require(int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        return (rows, columns);
    }

    private double[] GramOfBlock(int from, int to)
    {
        var d = Columns;
        var part = new float[d * d];
        for (var row = from; row < to; row++)
        {
            ReadOnlySpan<float> x = Row(row);
            for (var i = 0; i < d; i++)
            {
                Vectors.AddScaled(part.AsSpan(i * d, i + 1), x[..(i + 1)], x[i]);   // lower triangle
            }
        }
        GC.KeepAlive(_keeper);
        return Array.ConvertAll(part, value => (double)value);
    }
}
