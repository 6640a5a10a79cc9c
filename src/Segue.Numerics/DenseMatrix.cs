namespace Segue.Numerics;

/// <summary>A row-major float32 matrix.</summary>
public sealed class DenseMatrix
{
    public DenseMatrix(int rows, int columns)
        : this(rows, columns, new float[checked(rows * columns)])
    {
    }

    /// <param name="values">Row after row; kept, not copied.</param>
    public DenseMatrix(int rows, int columns, float[] values)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        Shape.RequireSame(checked(rows * columns), values.Length);
        (Rows, Columns, Values) = (rows, columns, values);
    }

    public int Rows { get; }
    public int Columns { get; }
    public float[] Values { get; }

    public Span<float> Row(int row) => Values.AsSpan(row * Columns, Columns);

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
        var gram = new DenseMatrix(d, d);
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                gram.Values[i * d + j] = gram.Values[j * d + i] = (float)sum[i * d + j];
            }
        }
        return gram;
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
        return Array.ConvertAll(part, value => (double)value);
    }
}
