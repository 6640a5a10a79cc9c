using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Segue.Numerics.Memory;

namespace Segue.Numerics.Factors;

/// <summary>Factors of users or items in training: float32, whose bfloat16 halves can be gathered without a second copy.</summary>
/// <remarks>4 bytes an element, d rounded up to a multiple of 32; outside the collected heap, so of more than 2³¹ elements. Rows may be written by
/// several threads at once, each its own.</remarks>
public sealed unsafe class FactorTable : IDisposable
{
    private const int RowsOfGram = 256, RowsOfRotation = 64;
    private readonly NativeBuffer<uint> _words;
    private readonly VectorPath _path;

    /// <summary>All zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Rows are negative, or d is not positive.</exception>
    public FactorTable(int rows, int columns)
        : this(rows, columns, VectorPaths.Best)
    {
    }

    internal FactorTable(int rows, int columns, VectorPath path)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        (Rows, Columns, Stride, _path) = (rows, columns, StrideOf(columns), path);
        _words = new((long)rows * Stride);
    }

    public int Rows { get; }

    /// <summary>Latent dimensions d.</summary>
    public int Columns { get; }

    /// <summary>Floats a row, d rounded up to a multiple of 32; those beyond d are zero.</summary>
    public int Stride { get; }

    internal VectorPath Path => _path;

    public static long BytesOf(long rows, int columns) => rows * StrideOf(columns) * sizeof(float);

    public static FactorTable FromDense(DenseMatrix matrix)
    {
        var table = new FactorTable(matrix.Rows, matrix.Columns);
        for (var row = 0; row < matrix.Rows; row++)
        {
            table.Write(row, matrix.Row(row));
        }
        GC.KeepAlive(matrix);
        return table;
    }

    /// <summary>A copy without padding.</summary>
    public DenseMatrix ToDense()
    {
        var matrix = new DenseMatrix(Rows, Columns);
        Span<float> row = new float[Stride];
        for (var n = 0; n < Rows; n++)
        {
            Read(n, row);
            row[..Columns].CopyTo(matrix.Row(n));
        }
        return matrix;
    }

    /// <param name="x">Receives the row, length <see cref="Stride"/>.</param>
    public void Read(int row, Span<float> x)
    {
        Shape.RequireSame(Stride, x.Length);
        fixed (float* target = x)
        {
            SplitRow.Unpack(RowStart(row), target, Stride);
        }
    }

    /// <param name="x">The row, length d or <see cref="Stride"/>.</param>
    public void Write(int row, ReadOnlySpan<float> x)
    {
        if (x.Length != Stride)
        {
            Shape.RequireSame(Columns, x.Length);
            Span<float> padded = stackalloc float[Stride];
            padded.Clear();
            x.CopyTo(padded);
            Write(row, padded);
            return;
        }
        fixed (float* source = x)
        {
            SplitRow.Pack(source, RowStart(row), Stride);
        }
    }

    /// <summary>ZᵀZ, shape [d × d]: float32 within 256 rows, float64 over them, in an order that does not depend on the threads.</summary>
    public double[] Gram(int threads)
    {
        var blocks = (Rows + RowsOfGram - 1) / RowsOfGram;
        var groups = Math.Max(1, Math.Min(blocks, Math.Min(64, (8 << 20) / (Stride * Stride))));
        var sums = new double[groups][];
        Workers.For(groups, threads, group => sums[group] =
            GramOfRows((int)((long)blocks * group / groups) * RowsOfGram, (int)((long)blocks * (group + 1) / groups) * RowsOfGram));
        for (var group = 1; group < groups; group++)
        {
            for (var i = 0; i < sums[0].Length; i++)
            {
                sums[0][i] += sums[group][i];
            }
        }
        var gram = new double[Columns * Columns];
        for (var i = 0; i < Columns; i++)
        {
            for (var j = i; j < Columns; j++)
            {
                gram[i * Columns + j] = gram[j * Columns + i] = sums[0][i * Stride + j];
            }
        }
        return gram;
    }

    /// <summary>Turns every row z to z Qᵀ: for an orthogonal Q all inner products stay as they are.</summary>
    /// <param name="q">Q, shape [d × d]: each row is a new axis.</param>
    public void Rotate(ReadOnlySpan<float> q, int threads)
    {
        Shape.RequireSame(Columns * Columns, q.Length);
        using var axes = new NativeBuffer<float>((long)Stride * Stride);
        for (var axis = 0; axis < Columns; axis++)
        {
            for (var f = 0; f < Columns; f++)
            {
                axes.Start[(long)f * Stride + axis] = q[axis * Columns + f];   // Qᵀ
            }
        }
        var start = (nint)axes.Start;
        var pieces = Math.Min(256, (Rows + RowsOfRotation - 1) / RowsOfRotation);
        Workers.For(pieces, threads, piece =>
        {
            using var scratch = new NativeBuffer<float>(2L * RowsOfRotation * Stride);
            var end = (int)((long)Rows * (piece + 1) / pieces);
            for (var row = (int)((long)Rows * piece / pieces); row < end; row += RowsOfRotation)
            {
                RotateRows(row, Math.Min(RowsOfRotation, end - row), (float*)start, scratch);
            }
        });
    }

    /// <summary>Writes the rows' bits, row after row.</summary>
    public void WriteTo(Stream stream)
    {
        for (long at = 0; at < Rows; at += RowsOfGram)
        {
            stream.Write(MemoryMarshal.AsBytes(_words.Span(at * Stride, (int)Math.Min(RowsOfGram, Rows - at) * Stride)));
        }
    }

    /// <summary>Reads what <see cref="WriteTo"/> wrote for a table of this shape.</summary>
    /// <exception cref="EndOfStreamException">The stream is too short.</exception>
    public void ReadFrom(Stream stream)
    {
        for (long at = 0; at < Rows; at += RowsOfGram)
        {
            stream.ReadExactly(MemoryMarshal.AsBytes(_words.Span(at * Stride, (int)Math.Min(RowsOfGram, Rows - at) * Stride)));
        }
    }

    public void Dispose() => _words.Dispose();

    internal uint* FirstWord => _words.Start;

    internal uint* RowStart(int row)
        => (uint)row < (uint)Rows ? _words.Start + (long)row * Stride : throw new ArgumentOutOfRangeException(nameof(row));

    /// <summary>Copies the bfloat16 halves of some rows to one place, one after the other.</summary>
    /// <param name="rows">Inside the table; not checked.</param>
    internal void Gather(ReadOnlySpan<int> rows, uint* packed)
    {
        const int Ahead = 12;   // rows under way while one is copied: about what the memory answers to one core at once
        var start = _words.Start;
        var half = Stride / 2;
        for (var n = 0; n < rows.Length; n++, packed += half)
        {
            if (Sse.IsSupported && n + Ahead < rows.Length)
            {
                var next = start + (long)rows[n + Ahead] * Stride;
                for (var line = 0; line < half; line += 16)
                {
                    Sse.Prefetch0(next + line);
                }
            }
            var row = start + (long)rows[n] * Stride;
            for (var word = 0; word < half; word += 16)
            {
                Vector512.Load(row + word).Store(packed + word);
            }
        }
    }

    private static int StrideOf(int columns) => (columns + SplitRow.Block - 1) / SplitRow.Block * SplitRow.Block;

    private double[] GramOfRows(int from, int to)
    {
        var sum = new double[Stride * Stride];
        using var rows = new NativeBuffer<float>((long)RowsOfGram * Stride);
        using var part = new NativeBuffer<float>((long)Stride * Stride);
        for (var at = from; at < Math.Min(to, Rows); at += RowsOfGram)
        {
            var count = Math.Min(RowsOfGram, Rows - at);
            for (var n = 0; n < count; n++)
            {
                SplitRow.Unpack(RowStart(at + n), rows.Start + (long)n * Stride, Stride);
            }
            part.Span(0, Stride * Stride).Clear();
            Tiles.MultiplyAdd(_path, rows.Start, 1, Stride, rows.Start, Stride, count, part.Start, Stride, Stride, Stride, upperOnly: true);
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] += part.Start[i];
            }
        }
        return sum;
    }

    private void RotateRows(int row, int count, float* axes, NativeBuffer<float> scratch)
    {
        float* before = scratch.Start, after = before + (long)RowsOfRotation * Stride;
        for (var n = 0; n < count; n++)
        {
            SplitRow.Unpack(RowStart(row + n), before + (long)n * Stride, Stride);
        }
        scratch.Span((long)RowsOfRotation * Stride, RowsOfRotation * Stride).Clear();
        var rows = (count + Tiles.Rows - 1) / Tiles.Rows * Tiles.Rows;
        Tiles.MultiplyAdd(_path, before, Stride, 1, axes, Stride, Columns, after, Stride, rows, Stride);
        for (var n = 0; n < count; n++)
        {
            SplitRow.Pack(after + (long)n * Stride, RowStart(row + n), Stride);
        }
    }
}
