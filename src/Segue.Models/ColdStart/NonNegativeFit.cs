namespace Segue.Models.ColdStart;

/// <summary>Least squares of a few weights that may not be negative, by trying which of them are above 0.</summary>
internal static class NonNegativeFit
{
    /// <summary>Finds w ≥ 0 of least wᵀAw − 2bᵀw + ridge · Σ A_ii w_i², with w_i = 0 outside a set.</summary>
    /// <param name="system">A, and b in the last column, shape [n × n + 1], n at most 4.</param>
    /// <param name="set">Bit i: w_i may be above 0.</param>
    /// <param name="weights">Receives w, length n.</param>
    /// <returns>1 + wᵀAw − 2bᵀw: what is left of a target of length 1.</returns>
    public static double Solve(double[,] system, int set, double ridge, Span<double> weights)
    {
        var n = system.GetLength(0);
        var (least, leastLoss) = (new double[n], 1.0);
        for (var positive = set; positive > 0; positive = (positive - 1) & set)
        {
            if (Unbounded(system, positive, ridge) is { } solution && Array.TrueForAll(solution, weight => weight >= 0) && Loss(system, solution, ridge) < leastLoss)
            {
                (least, leastLoss) = (solution, Loss(system, solution, ridge));
            }
        }
        least.CopyTo(weights);
        return Loss(system, least, 0);
    }

    private static double Loss(double[,] system, double[] weights, double ridge)
    {
        var (n, loss) = (weights.Length, 1.0);
        for (var i = 0; i < n; i++)
        {
            loss += weights[i] * (ridge * system[i, i] * weights[i] - 2 * system[i, n]);
            for (var j = 0; j < n; j++)
            {
                loss += weights[i] * system[i, j] * weights[j];
            }
        }
        return loss;
    }

    // Gauss and Jordan without pivoting: the matrix is positive definite by its ridge. Null where it is not.
    private static double[]? Unbounded(double[,] system, int set, double ridge)
    {
        var n = system.GetLength(0);
        var (rows, weights) = ((double[,])system.Clone(), new double[n]);
        int[] chosen = [.. Enumerable.Range(0, n).Where(i => (set >> i & 1) != 0)];
        foreach (var i in chosen)
        {
            rows[i, i] += ridge * system[i, i];
        }
        foreach (var pivot in chosen)
        {
            if (!(rows[pivot, pivot] > 0))
            {
                return null;
            }
            foreach (var row in chosen.Where(row => row != pivot))
            {
                var factor = rows[row, pivot] / rows[pivot, pivot];
                foreach (var column in chosen.Append(n))
                {
                    rows[row, column] -= factor * rows[pivot, column];
                }
            }
        }
        foreach (var i in chosen)
        {
            weights[i] = rows[i, n] / rows[i, i];
        }
        return Array.TrueForAll(weights, double.IsFinite) ? weights : null;
    }
}
