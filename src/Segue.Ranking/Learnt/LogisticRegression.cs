using Segue.Numerics;
using Segue.Numerics.Optimization;

namespace Segue.Ranking.Learnt;

/// <summary>Fits P(taken) = σ(w·z + b) to rows.</summary>
/// <remarks>Least Σ c (ln(1 + e^m) − t m) ÷ Σ c + (λ/2)|w|², m = w·z + b; b is not drawn to 0. Sums go over fixed blocks of 1,024 rows in float64, so the result is the same for any number of threads.</remarks>
public static class LogisticRegression
{
    private const int Block = 1024;

    /// <param name="table">Standardized, or as it is.</param>
    /// <param name="lambda">λ, at least 0; 0 has a least value only where no direction separates the rows.</param>
    /// <returns>w and, last, b.</returns>
    public static float[] Fit(RankingTable table, double lambda, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfZero(table.Rows);
        ArgumentOutOfRangeException.ThrowIfNegative(lambda);
        var (columns, blocks) = (table.Features.Columns, (table.Rows + Block - 1) / Block);
        var partial = new double[blocks][];
        var total = table.Weights.Sum(weight => (double)weight);

        double Loss(double[] w, double[] gradient)
        {
            float[] narrow = [.. w.Select(value => (float)value)];
            Workers.For(blocks, threads, block => partial[block] = OfBlock(table, block * Block, narrow, w[columns]));
            Array.Clear(gradient);
            double loss = 0;
            foreach (var sums in partial)
            {
                for (var f = 0; f <= columns; f++)
                {
                    gradient[f] += sums[f] / total;
                }
                loss += sums[columns + 1] / total;
            }
            for (var f = 0; f < columns; f++)
            {
                gradient[f] += lambda * w[f];
                loss += lambda / 2 * w[f] * w[f];
            }
            return loss;
        }

        var weights = new double[columns + 1];
        Lbfgs.Minimize(Loss, weights, tolerance: 1e-6);
        return [.. weights.Select(weight => (float)weight)];
    }

    // The gradient by each weight and by b, then the loss.
    private static double[] OfBlock(RankingTable table, int first, float[] weights, double b)
    {
        var columns = table.Features.Columns;
        var sums = new double[columns + 2];
        for (var n = first; n < Math.Min(table.Rows, first + Block); n++)
        {
            ReadOnlySpan<float> row = table.Features.Row(n);
            var margin = Vectors.Dot(row, weights.AsSpan(0, columns)) + b;
            var error = table.Weights[n] * (1 / (1 + Math.Exp(-margin)) - table.Taken[n]);
            for (var f = 0; f < columns; f++)
            {
                sums[f] += error * row[f];
            }
            sums[columns] += error;
            sums[columns + 1] += table.Weights[n] * (Math.Max(margin, 0) + Math.Log(1 + Math.Exp(-Math.Abs(margin))) - table.Taken[n] * margin);
        }
        return sums;
    }
}
