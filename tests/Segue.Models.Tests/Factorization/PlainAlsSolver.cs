using Segue.Models.Factorization;
using Segue.Numerics;

namespace Segue.Models.Tests.Factorization;

/// <summary>The row problem of implicit ALS, exactly: the factors of one user that best explain the user's interactions, the items being
/// fixed (or the other way round).</summary>
/// <remarks>
/// Minimizes Σ_{i∈S} c_i (p_i - x·y_i)² + α₀ Σ_i (x·y_i)² + λ_x |x|², hence solves (α₀ YᵀY + Σ_{i∈S} c_i y_i y_iᵀ + λ_x I) x = Σ c_i p_i y_i:
/// equation 4 of Hu, Koren and Volinsky, ICDM 2008, with the weights and the frequency-scaled penalty
/// λ_x = λ (|S| + α₀ n)^ν of Rendle, Krichene, Zhang and Koren, "Revisiting the Performance of iALS on Item Recommendation
/// Benchmarks", RecSys 2022. O(|S| d² + d³) a row, by Cholesky. The plain twin of <see cref="Segue.Numerics.Factors.RotatedCg"/> and
/// <see cref="Segue.Numerics.Factors.RowSystem"/>. One instance a thread: it owns its scratch of d² floats.
/// </remarks>
internal sealed class PlainAlsSolver(ImplicitAlsOptions options, DenseMatrix fixedSide, DenseMatrix gram)
{
    private readonly float[] _system = new float[fixedSide.Columns * fixedSide.Columns];

    /// <summary>Solves one row.</summary>
    /// <param name="items">Rows of the fixed side, distinct.</param>
    /// <param name="weights">c ≥ 0, one for each item.</param>
    /// <param name="targets">p in [-1, 1], one for each item.</param>
    /// <param name="x">Receives the factors, length d; zero when there are no interactions.</param>
    /// <exception cref="ModelDivergedException">The system is not positive definite.</exception>
    public void Solve(ReadOnlySpan<int> items, ReadOnlySpan<float> weights, ReadOnlySpan<float> targets, Span<float> x)
    {
        Shape.RequireSame(items.Length, weights.Length);
        Shape.RequireSame(items.Length, targets.Length);
        x.Clear();
        if (items.Length == 0)
        {
            return;
        }
        for (var n = 0; n < items.Length; n++)
        {
            Vectors.AddScaled(x, fixedSide.Row(items[n]), weights[n] * targets[n]);
        }
        Factor(items, weights);
        Cholesky.SolveFactored(_system, x);
        foreach (var value in x)
        {
            if (!float.IsFinite(value))
            {
                throw Diverged();
            }
        }
    }

    /// <summary>What each interaction contributes to the score of one item: c_n p_n y_nᵀ A⁻¹ y; the sum is the score, exactly.</summary>
    public double[] Contributions(ReadOnlySpan<int> items, ReadOnlySpan<float> weights, ReadOnlySpan<float> targets, int item)
    {
        var contributions = new double[items.Length];
        if (items.Length == 0)
        {
            return contributions;
        }
        Factor(items, weights);
        var direction = fixedSide.Row(item).ToArray();
        Cholesky.SolveFactored(_system, direction);
        for (var n = 0; n < items.Length; n++)
        {
            contributions[n] = weights[n] * targets[n] * Vectors.Dot(fixedSide.Row(items[n]), direction);
        }
        return contributions;
    }

    private void Factor(ReadOnlySpan<int> items, ReadOnlySpan<float> weights)
    {
        var sums = gram.AsSpan();
        for (var f = 0; f < _system.Length; f++)
        {
            _system[f] = (float)options.Alpha0 * sums[f];
        }
        Vectors.AddToDiagonal(_system, options.PenaltyOf(items.Length, fixedSide.Rows));
        for (var n = 0; n < items.Length; n++)
        {
            ReadOnlySpan<float> y = fixedSide.Row(items[n]);
            for (var f = 0; f < y.Length; f++)
            {
                Vectors.AddScaled(_system.AsSpan(f * y.Length, f + 1), y[..(f + 1)], weights[n] * y[f]);   // lower triangle
            }
        }
        if (!Cholesky.TryFactorInPlace(_system))
        {
            throw Diverged();
        }
    }

    private static ModelDivergedException Diverged()
        => new("Implicit ALS met a system that is not positive definite; raise lambda.");
}
