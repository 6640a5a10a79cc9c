using Segue.Numerics.Optimization;

namespace Segue.Ranking.Learnt;

/// <summary>Turns scores into probabilities: p = σ(slope · s + offset).</summary>
/// <remarks>Platt, "Probabilistic outputs for support vector machines", 1999, with his targets (n₊ + 1)/(n₊ + 2) and 1/(n₋ + 2). A rising line leaves the order alone and its parts
/// still add up, which steps (isotonic regression) would not.</remarks>
/// <param name="Slope">Positive.</param>
public readonly record struct PlattCalibration(double Slope, double Offset)
{
    private const double Least = 1e-3;

    /// <summary>Scores that are log odds already.</summary>
    public static PlattCalibration None { get; } = new(1, 0);

    /// <param name="taken">1 or 0, by score; the weights of rows are left out, for probabilities are to hold for what is shown.</param>
    /// <returns>A slope of at least 0.001: scores that tell nothing, or the contrary, become nearly one probability.</returns>
    /// <exception cref="ArgumentException">Lengths differ, or there are none.</exception>
    public static PlattCalibration Fit(ReadOnlySpan<float> scores, ReadOnlySpan<float> taken)
    {
        Numerics.Shape.RequireSame(scores.Length, taken.Length);
        ArgumentOutOfRangeException.ThrowIfZero(scores.Length);
        var positive = 0;
        foreach (var t in taken)
        {
            positive += t > 0 ? 1 : 0;
        }
        double high = (positive + 1.0) / (positive + 2), low = 1.0 / (taken.Length - positive + 2);
        var (values, targets) = (scores.ToArray(), taken.ToArray().Select(t => t > 0 ? high : low).ToArray());
        var mean = values.Average(value => (double)value);
        var deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        if (!(deviation > 0))
        {
            return new(Least, Math.Log((positive + 1.0) / (taken.Length - positive + 1.0)));
        }

        double Loss(double[] line, double[] gradient)
        {
            double loss = 0;
            Array.Clear(gradient);
            for (var n = 0; n < values.Length; n++)
            {
                var z = (values[n] - mean) / deviation;
                var margin = line[0] * z + line[1];
                var error = (1 / (1 + Math.Exp(-margin)) - targets[n]) / values.Length;
                gradient[0] += error * z;
                gradient[1] += error;
                loss += (Math.Max(margin, 0) + Math.Log(1 + Math.Exp(-Math.Abs(margin))) - targets[n] * margin) / values.Length;
            }
            return loss;
        }

        double[] line = [0, 0];   // over standardized scores, where the curvature is even
        Lbfgs.Minimize(Loss, line, tolerance: 1e-10);
        var slope = line[0] / deviation;
        return slope >= Least ? new(slope, line[1] - slope * mean)
            : new(Least, Math.Log((positive + 1.0) / (taken.Length - positive + 1.0)) - Least * mean);   // scores that say nothing, or the contrary: what is usual
    }

    public double Probability(double score) => 1 / (1 + Math.Exp(-(Slope * score + Offset)));
}
