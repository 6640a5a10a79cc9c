using Segue.Numerics;

namespace Segue.Models.Factorization;

/// <summary>The row problem of implicit ALS: the factors of one user that best explain the user's interactions, the items being fixed
/// (or the other way round).</summary>
/// <remarks>
/// Minimizes Σ_{i∈S} c_i (p_i - x·y_i)² + α₀ Σ_i (x·y_i)² + λ_x |x|², hence solves (α₀ YᵀY + Σ_{i∈S} c_i y_i y_iᵀ + λ_x I) x = Σ c_i p_i y_i:
/// equation 4 of Hu, Koren and Volinsky, ICDM 2008, with the weights and the frequency-scaled penalty
/// λ_x = λ (|S| + α₀ n)^ν of Rendle, Krichene, Zhang and Koren, "Revisiting the Performance of iALS on Item Recommendation
/// Benchmarks", RecSys 2022. O(|S| d² + d³) a row, exact. One instance a thread: it owns its scratch of d² floats
/// and two an interaction.
/// </remarks>
internal sealed class ImplicitAlsSolver(ImplicitAlsOptions options, DenseMatrix fixedSide, DenseMatrix gram)
{
    private readonly int _d = fixedSide.Columns;
    private readonly float[] _system = new float[fixedSide.Columns * fixedSide.Columns];
    private float[] _weights = [];
    private float[] _targets = [];

    /// <summary>Solves one row.</summary>
    /// <param name="items">Rows of the fixed side, distinct.</param>
    /// <param name="strengths">As in <c>TrainingSet.Strengths</c>, one for each item.</param>
    /// <param name="x">Receives the factors, length d; zero when there are no interactions.</param>
    /// <exception cref="ModelDivergedException">The system is not positive definite.</exception>
    public void Solve(ReadOnlySpan<int> items, ReadOnlySpan<float> strengths, Span<float> x)
    {
        Weigh(strengths);
        SolveWeighed(items, x);
    }

    /// <summary>Solves one row of likings whose confidences are given.</summary>
    /// <inheritdoc cref="Solve"/>
    public void SolveLikings(ReadOnlySpan<int> items, ReadOnlySpan<float> confidences, Span<float> x)
    {
        Shape.RequireSame(items.Length, confidences.Length);
        _weights = confidences.ToArray();
        _targets = new float[items.Length];
        _targets.AsSpan().Fill(1);
        SolveWeighed(items, x);
    }

    /// <summary>What each interaction contributes to the score of one item: c_n p_n y_nᵀ A⁻¹ y; the sum is the score, exactly.</summary>
    public double[] Contributions(ReadOnlySpan<int> items, ReadOnlySpan<float> strengths, int item)
    {
        var contributions = new double[items.Length];
        if (items.Length == 0)
        {
            return contributions;
        }
        Weigh(strengths);
        Factor(items);
        var direction = fixedSide.Row(item).ToArray();
        Cholesky.SolveFactored(_system, direction);
        for (var n = 0; n < items.Length; n++)
        {
            contributions[n] = _weights[n] * _targets[n] * Vectors.Dot(fixedSide.Row(items[n]), direction);
        }
        return contributions;
    }

    private void SolveWeighed(ReadOnlySpan<int> items, Span<float> x)
    {
        x.Clear();
        if (items.Length == 0)
        {
            return;
        }
        for (var n = 0; n < items.Length; n++)
        {
            Vectors.AddScaled(x, fixedSide.Row(items[n]), _weights[n] * _targets[n]);
        }
        Factor(items);
        Cholesky.SolveFactored(_system, x);
        foreach (var value in x)
        {
            if (!float.IsFinite(value))
            {
                throw Diverged();
            }
        }
    }

    private void Factor(ReadOnlySpan<int> items)
    {
        var penalty = options.Lambda * Math.Pow(items.Length + options.Alpha0 * fixedSide.Rows, options.Nu);
        for (var f = 0; f < _system.Length; f++)
        {
            _system[f] = (float)options.Alpha0 * gram.Values[f];
        }
        Vectors.AddToDiagonal(_system, (float)penalty);
        for (var n = 0; n < items.Length; n++)
        {
            ReadOnlySpan<float> y = fixedSide.Row(items[n]);
            for (var f = 0; f < _d; f++)
            {
                Vectors.AddScaled(_system.AsSpan(f * _d, f + 1), y[..(f + 1)], _weights[n] * y[f]);   // lower triangle
            }
        }
        if (!Cholesky.TryFactorInPlace(_system))
        {
            throw Diverged();
        }
    }

    // c and p of each interaction, from its strength.
    private void Weigh(ReadOnlySpan<float> strengths)
    {
        if (_weights.Length < strengths.Length)
        {
            (_weights, _targets) = (new float[strengths.Length], new float[strengths.Length]);
        }
        var mean = MeanLiking(strengths);
        for (var n = 0; n < strengths.Length; n++)
        {
            (_weights[n], _targets[n]) = strengths[n] > 0
                ? ((float)(1 + options.CountWeight * Math.Log(1 + strengths[n] / mean)), 1f)
                : (-strengths[n], (float)options.NegativeTarget);
        }
    }

    private static double MeanLiking(ReadOnlySpan<float> strengths)
    {
        double sum = 0;
        var count = 0;
        foreach (var strength in strengths)
        {
            if (strength > 0)
            {
                sum += strength;
                count++;
            }
        }
        return count == 0 ? 1 : sum / count;
    }

    private static ModelDivergedException Diverged()
        => new("Implicit ALS met a system that is not positive definite; raise lambda.");
}
