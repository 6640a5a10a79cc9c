using Segue.Numerics.Statistics;

namespace Segue.Experiments.Analysis;

/// <summary>The mean difference of two policies measured on the same worlds, with its confidence interval.</summary>
/// <remarks>Differences are taken world by world, so what the worlds have in common cancels; the interval is Student's, with
/// n - 1 degrees of freedom, and assumes that the differences are roughly normal.</remarks>
/// <param name="Mean">Mean of treatment - control.</param>
/// <param name="Low">Lower end of the interval; -∞ with a single pair.</param>
/// <param name="High">Upper end; +∞ with a single pair.</param>
public readonly record struct PairedComparison(double Mean, double Low, double High)
{
    /// <param name="confidence">Share of repetitions whose interval covers the truth, in (0, 1).</param>
    /// <exception cref="ArgumentException">The lists are empty or of different length.</exception>
    public static PairedComparison Of(IReadOnlyList<double> treatment, IReadOnlyList<double> control, double confidence = 0.95)
    {
        if (treatment.Count != control.Count || treatment.Count == 0)
        {
            throw new ArgumentException($"Pairs are needed; there are {treatment.Count} treatment and {control.Count} control values.");
        }
        var differences = treatment.Zip(control, (a, b) => a - b).ToArray();
        var n = differences.Length;
        var mean = differences.Average();
        if (n == 1)
        {
            return new(mean, double.NegativeInfinity, double.PositiveInfinity);
        }
        var variance = differences.Sum(difference => (difference - mean) * (difference - mean)) / (n - 1);
        var half = StudentT.Quantile(0.5 + confidence / 2, n - 1) * Math.Sqrt(variance / n);
        return new(mean, mean - half, mean + half);
    }
}
