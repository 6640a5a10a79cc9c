namespace Segue.Numerics.Factors;

/// <summary>The greatest singular values of a sparse matrix A and what belongs to them: A ≈ U Σ Vᵀ.</summary>
/// <remarks>
/// Randomized subspace iteration on AᵀA: Halko, Martinsson and Tropp, "Finding Structure with Randomness", SIAM Review 53 (2011), algorithms 4.4
/// and 5.1. O(passes · (count · k + columns · k² + k³)) for k values; memory 4 (2 rows + columns) k bytes. Equal bits for any number of threads.
/// </remarks>
public static class SparseSvd
{
    private const int Oversampling = 16, Passes = 4, RowsAPiece = 256;

    // Directions with less than this share of the greatest variance are rounding.
    private const double Rounding = 1e-6;

    /// <summary>U Σ: the rows of A in the directions of the k greatest singular values, the greatest first.</summary>
    /// <param name="rank">k, at least 1; directions that A does not have are all zero.</param>
    /// <param name="seed">Of the directions that the search begins with.</param>
    /// <returns>Shape [rows × k].</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static DenseMatrix Project(CsrMatrix matrix, int rank, ulong seed, int threads, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rank);
        var width = Math.Min(rank + Oversampling, Math.Max(1, Math.Min(matrix.Rows, matrix.Columns)));
        var transposed = matrix.Transpose();
        var directions = Draw(matrix.Columns, width, seed);
        for (var pass = 0; pass < Passes; pass++)
        {
            var image = Multiply(transposed, Multiply(matrix, directions, threads, cancellation), threads, cancellation);
            directions = Rotate(image, Whitening(image, threads), width, threads, cancellation);
        }
        var projected = Multiply(matrix, directions, threads, cancellation);
        return Rotate(projected, Principal(projected, threads), rank, threads, cancellation);
    }

    /// <summary>A X for a sparse A, shape [rows × columns of X].</summary>
    private static DenseMatrix Multiply(CsrMatrix matrix, DenseMatrix right, int threads, CancellationToken cancellation)
    {
        var product = new DenseMatrix(matrix.Rows, right.Columns);
        ForRows(matrix.Rows, threads, r =>
        {
            var row = matrix.Row(r);
            for (var n = 0; n < row.Count; n++)
            {
                Vectors.AddScaled(product.Row(r), right.Row(row.Columns[n]), row.Values[n]);
            }
        }, cancellation);
        return product;
    }

    /// <summary>X Bᵀ for the rows of B, of which the first <paramref name="columns"/> count; missing ones are zero.</summary>
    private static DenseMatrix Rotate(DenseMatrix matrix, DenseMatrix rows, int columns, int threads, CancellationToken cancellation)
    {
        var rotated = new DenseMatrix(matrix.Rows, columns);
        ForRows(matrix.Rows, threads, r =>
        {
            var target = rotated.Row(r);
            for (var c = 0; c < Math.Min(columns, rows.Rows); c++)
            {
                target[c] = Vectors.Dot(matrix.Row(r), rows.Row(c));
            }
        }, cancellation);
        return rotated;
    }

    // Rows that make the columns of a matrix orthogonal and of length 1: Λ^(−1/2) Wᵀ for its Gram matrix W Λ Wᵀ.
    private static DenseMatrix Whitening(DenseMatrix matrix, int threads) => Directions(matrix, threads, value => 1 / Math.Sqrt(value));

    private static DenseMatrix Principal(DenseMatrix matrix, int threads) => Directions(matrix, threads, _ => 1);

    private static DenseMatrix Directions(DenseMatrix matrix, int threads, Func<double, double> scale)
    {
        var gram = matrix.Gram(threads);
        var (values, vectors) = SymmetricEigen.Decompose(Array.ConvertAll(gram.AsSpan().ToArray(), value => (double)value), threads);
        var d = values.Length;
        var rows = new DenseMatrix(d, d);
        for (var r = 0; r < d && values[r] > values[0] * Rounding && values[r] > 0; r++)
        {
            var factor = scale(values[r]);
            for (var c = 0; c < d; c++)
            {
                rows.Row(r)[c] = (float)(factor * vectors[r * d + c]);
            }
        }
        return rows;
    }

    private static DenseMatrix Draw(int rows, int columns, ulong seed)
    {
        var drawn = new DenseMatrix(rows, columns);
        for (var r = 0; r < rows; r++)
        {
            var random = new SeededRandom(seed, (ulong)r);
            foreach (ref var value in drawn.Row(r))
            {
                value = (float)random.NextNormal();
            }
        }
        return drawn;
    }

    private static void ForRows(int rows, int threads, Action<int> body, CancellationToken cancellation)
        => Workers.For((rows + RowsAPiece - 1) / RowsAPiece, threads, piece =>
        {
            for (var r = piece * RowsAPiece; r < Math.Min(rows, (piece + 1) * RowsAPiece); r++)
            {
                body(r);
            }
        }, cancellation);
}
