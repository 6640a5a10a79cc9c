using Segue.Numerics;
using Segue.Numerics.Sparse;

namespace Segue.Models.Factorization;

/// <summary>The function that implicit ALS minimizes (<c>docs/notation.md</c>), in float64: for tests, benchmarks and for telling when to stop.</summary>
public static class AlsObjective
{
    private const int RowsAPiece = 256;

    /// <summary>O(entries · d + (users + items) d²), about half a sweep of three steps.</summary>
    public static double Of(AlsFactors factors, WeightedRows byUser, WeightedRows byItem, ImplicitAlsOptions options, int threads = 1)
    {
        var (gramX, gramY) = (factors.Users.Gram(threads), factors.Items.Gram(threads));
        var all = options.Alpha0 * gramX.Zip(gramY, (a, b) => a * b).Sum();
        return all
            + Sum(byUser.Rows, threads, (row, x, y) =>
            {
                factors.Users.Read(row, x);
                return Penalty(byUser.CountOf(row), byUser.Columns, x, options) + Errors(factors, byUser, row, x, y);
            }, factors.Users.Stride)
            + Sum(byItem.Rows, threads, (row, x, _) =>
            {
                factors.Items.Read(row, x);
                return Penalty(byItem.CountOf(row), byItem.Columns, x, options);
            }, factors.Users.Stride);
    }

    private static double Errors(AlsFactors factors, WeightedRows rows, int row, Span<float> x, Span<float> y)
    {
        ReadOnlySpan<int> columns = rows.ColumnsOf(row);
        ReadOnlySpan<byte> codes = rows.CodesOf(row);
        var codebook = rows.Codebook;
        double sum = 0;
        for (var n = 0; n < columns.Length; n++)
        {
            factors.Items.Read(columns[n], y);
            var code = codes.IsEmpty ? 0 : codes[n];
            var error = (double)codebook.Targets[code] - Vectors.Dot(x, y);
            sum += codebook.Weights[code] * error * error;
        }
        return sum;
    }

    private static double Penalty(int count, int otherSide, Span<float> x, ImplicitAlsOptions options)
        => options.PenaltyOf(count, otherSide) * (double)Vectors.Dot(x, x);

    private static double Sum(int rows, int threads, RowTerm term, int stride)
    {
        var sums = new double[(rows + RowsAPiece - 1) / RowsAPiece];
        Workers.For(sums.Length, threads, piece =>
        {
            var (x, y) = (new float[stride], new float[stride]);
            for (var row = piece * RowsAPiece; row < Math.Min(rows, (piece + 1) * RowsAPiece); row++)
            {
                sums[piece] += term(row, x, y);
            }
        });
        return sums.Sum();
    }

    private delegate double RowTerm(int row, Span<float> x, Span<float> y);
}
