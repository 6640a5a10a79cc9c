namespace Segue.Numerics.Factors;

/// <summary>The rotation that lays one table of factors onto another: two trainings of one matrix find the same space in other axes.</summary>
/// <remarks>The orthogonal Procrustes problem (Schönemann, Psychometrika 31, 1966): of all orthogonal R the one of least ‖A R − B‖ is M (MᵀM)^(−1/2) for M = AᵀB.
/// O(rows · d² + d³); float64.</remarks>
public static class Procrustes
{
    // Directions with less than this share of the greatest variance are not told apart by the data, and are left out of the rotation.
    private const double Rounding = 1e-12;

    /// <summary>R, shape [d × d]: a row of <paramref name="from"/> times it lies near the same row of <paramref name="onto"/>.</summary>
    /// <param name="from">A, shape [rows × d].</param>
    /// <param name="onto">B, of the same shape.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static DenseMatrix Rotation(DenseMatrix from, DenseMatrix onto, int threads)
    {
        Shape.RequireSame(from.Rows, onto.Rows);
        Shape.RequireSame(from.Columns, onto.Columns);
        var d = from.Columns;
        var cross = Cross(from, onto);
        var (values, vectors) = SymmetricEigen.Decompose(Square(cross, d), threads);
        var rotation = new double[d * d];
        for (var r = 0; r < d && values[r] > values[0] * Rounding && values[r] > 0; r++)
        {
            // The r-th left singular vector, and its product with the right one.
            for (var i = 0; i < d; i++)
            {
                double left = 0;
                for (var j = 0; j < d; j++)
                {
                    left += cross[i * d + j] * vectors[r * d + j];
                }
                left /= Math.Sqrt(values[r]);
                for (var j = 0; j < d; j++)
                {
                    rotation[i * d + j] += left * vectors[r * d + j];
                }
            }
        }
        return new(d, d, Array.ConvertAll(rotation, value => (float)value));
    }

    /// <summary>A row vector times the rotation.</summary>
    public static float[] Apply(ReadOnlySpan<float> row, DenseMatrix rotation)
    {
        var turned = new float[rotation.Columns];
        for (var i = 0; i < row.Length; i++)
        {
            Vectors.AddScaled(turned, rotation.Row(i), row[i]);
        }
        return turned;
    }

    private static double[] Cross(DenseMatrix a, DenseMatrix b)
    {
        var d = a.Columns;
        var cross = new double[d * d];
        for (var row = 0; row < a.Rows; row++)
        {
            ReadOnlySpan<float> x = a.Row(row), y = b.Row(row);
            for (var i = 0; i < d; i++)
            {
                for (var j = 0; j < d; j++)
                {
                    cross[i * d + j] += (double)x[i] * y[j];
                }
            }
        }
        return cross;
    }

    private static double[] Square(double[] m, int d)
    {
        var square = new double[d * d];
        for (var k = 0; k < d; k++)
        {
            for (var i = 0; i < d; i++)
            {
                for (var j = 0; j <= i; j++)
                {
                    square[i * d + j] += m[k * d + i] * m[k * d + j];
                }
            }
        }
        return square;
    }
}
