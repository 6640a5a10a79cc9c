using Segue.Numerics.Factors;
using Segue.Numerics.Memory;

namespace Segue.Numerics.Search;

/// <summary>Directions, kept as float16 and grown at the end: 2 (d + 4) bytes a row. <see cref="UnitScan"/> finds the rows nearest to a query.</summary>
/// <remarks>
/// A row is scaled to length 1, rounded to float16 (a component below 2⁻¹⁴ to 0), and multiplied by what makes its length 1 again, so an inner product of two rows
/// is the cosine of what is stored. At d = 128 it lies about 2·10⁻⁵ from the cosine of what was given (random directions; 10⁻³ bounds the rounding of any two).
/// One writer at a time appends; any number of readers may read the rows that were there when they learnt of the count. Rows never move.
/// </remarks>
public sealed unsafe class UnitRows
{
    internal const int ChunkRows = 16_384;   // 4 MiB at d = 128
    private const float LeastHalf = 6.103515625e-05f;   // 2⁻¹⁴: smaller float16 have fewer digits, and make the processor stumble
    private volatile Chunk[] _chunks = [];

    /// <param name="columns">Dimensions d, 1 to 4096.</param>
    public UnitRows(int columns)
        : this(columns, VectorPaths.Best)
    {
    }

    internal UnitRows(int columns, VectorPath path)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columns, 4096);
        (Columns, Path) = (columns, path);
    }

    /// <summary>Dimensions d.</summary>
    public int Columns { get; }

    /// <summary>Rows appended so far.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes that the rows take.</summary>
    public long Bytes => (long)_chunks.Length * ChunkRows * BytesOfRow(Columns);

    /// <summary>Bytes that one row takes.</summary>
    public static long BytesOfRow(int columns) => columns * sizeof(short) + 2 * sizeof(float);

    internal VectorPath Path { get; }

    /// <summary>Whether a row can be appended: finite, and not all zero.</summary>
    public static bool IsDirection(ReadOnlySpan<float> row) => Math.Sqrt(SumOfSquares(row)) is > 1e-30 and < 1e30;

    /// <summary>Adds a row at the end.</summary>
    /// <param name="row">Any length but 0; it is scaled to 1. d values.</param>
    /// <returns>The row's place, from 0.</returns>
    /// <exception cref="ArgumentException">A value is not finite, all are zero, or there are not d of them.</exception>
    public int Append(ReadOnlySpan<float> row)
    {
        Shape.RequireSame(Columns, row.Length);
        if (!IsDirection(row))
        {
            throw new ArgumentException("A vector without direction: its values are all zero, or not all finite.", nameof(row));
        }
        var place = Count;
        if (place / ChunkRows == _chunks.Length)
        {
            _chunks = [.. _chunks, new Chunk(Columns)];
        }
        var (chunk, at) = (_chunks[place / ChunkRows], place % ChunkRows);
        var (scale, length) = (1 / Math.Sqrt(SumOfSquares(row)), 0.0);
        short* halves = chunk.Halves.Start + HalfAt(at);
        for (var k = 0; k < Columns; k++)
        {
            var value = (Half)(row[k] * scale);
            value = MathF.Abs((float)value) < LeastHalf ? (Half)0 : value;
            halves[k * HalfTiles.Rows] = BitConverter.HalfToInt16Bits(value);
            length += (double)value * (double)value;
        }
        chunk.Factors.Start[at] = (float)(HalfTiles.Lift / Math.Sqrt(length));
        return Count++;
    }

    /// <summary>The row at a place as searches see it, of length 1 within 10⁻⁶.</summary>
    public void Read(int place, Span<float> row)
    {
        Shape.RequireSame(Columns, row.Length);
        var (chunk, at) = Find(place);
        var halves = chunk.Halves.Start + HalfAt(at);
        var scale = chunk.Factors.Start[at] / HalfTiles.Lift;
        for (var k = 0; k < Columns; k++)
        {
            row[k] = (float)BitConverter.Int16BitsToHalf(halves[k * HalfTiles.Rows]) * scale;
        }
        GC.KeepAlive(chunk);
    }

    /// <summary>What searches with offsets add to each score of the row; 0 unless it was set.</summary>
    public float Offset(int place) => Find(place) is var (chunk, at) ? chunk.Offsets.Span(at, 1)[0] : 0;

    public void SetOffset(int place, float offset)
    {
        var (chunk, at) = Find(place);
        chunk.Offsets.Span(at, 1)[0] = float.IsFinite(offset)
            ? offset
            : throw new ArgumentOutOfRangeException(nameof(offset), offset, "An offset is finite.");
    }

    internal Chunk ChunkAt(int chunk) => _chunks[chunk];

    private (Chunk Chunk, int At) Find(int place)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)place, (uint)Count, nameof(place));
        return (_chunks[place / ChunkRows], place % ChunkRows);
    }

    private long HalfAt(int at) => (long)(at / HalfTiles.Rows) * Columns * HalfTiles.Rows + at % HalfTiles.Rows;

    private static double SumOfSquares(ReadOnlySpan<float> row)
    {
        var sum = 0.0;
        foreach (var value in row)
        {
            sum += (double)value * value;
        }
        return sum;
    }

    /// <summary>Rows that lie together: their halves by panels, and of each row its scale times 2¹¹² and its offset.</summary>
    internal sealed class Chunk(int columns)
    {
        public NativeBuffer<short> Halves { get; } = new((long)ChunkRows * columns, zeroed: false);
        public NativeBuffer<float> Factors { get; } = new(ChunkRows);
        public NativeBuffer<float> Offsets { get; } = new(ChunkRows);
    }
}
