namespace Segue.Numerics.Networks.Losses;

/// <summary>Bayesian personalized ranking: the mean of −ln σ(preferred − other) over pairs (Rendle et al., UAI 2009).</summary>
public static class PairwiseRankingLoss
{
    /// <param name="preferred">Score of what was preferred, by pair.</param>
    /// <param name="others">Score of what it is compared with.</param>
    /// <param name="preferredGradient">Receives the derivative by each preferred score.</param>
    /// <param name="othersGradient">Receives the derivative by each other score.</param>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public static float Loss(ReadOnlySpan<float> preferred, ReadOnlySpan<float> others, Span<float> preferredGradient, Span<float> othersGradient)
    {
        Shape.RequireSame(preferred.Length, others.Length);
        Shape.RequireSame(preferred.Length, preferredGradient.Length);
        Shape.RequireSame(preferred.Length, othersGradient.Length);
        double sum = 0;
        for (var i = 0; i < preferred.Length; i++)
        {
            var difference = (double)preferred[i] - others[i];
            sum += Logistic.SoftPlus(-difference);
            othersGradient[i] = (float)(Logistic.Sigma(-difference) / preferred.Length);
            preferredGradient[i] = -othersGradient[i];
        }
        return (float)(sum / preferred.Length);
    }
}

/// <summary>Logistic loss: the mean of −t ln σ(s) − (1 − t) ln(1 − σ(s)) over scores s.</summary>
public static class LogisticLoss
{
    /// <param name="scores">s, before the logistic function.</param>
    /// <param name="targets">t, in [0, 1].</param>
    /// <param name="gradient">Receives the derivative by each score.</param>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public static float Loss(ReadOnlySpan<float> scores, ReadOnlySpan<float> targets, Span<float> gradient)
    {
        Shape.RequireSame(scores.Length, targets.Length);
        Shape.RequireSame(scores.Length, gradient.Length);
        double sum = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            sum += Logistic.SoftPlus(scores[i]) - (double)targets[i] * scores[i];
            gradient[i] = (float)((Logistic.Sigma(scores[i]) - targets[i]) / scores.Length);
        }
        return (float)(sum / scores.Length);
    }
}

internal static class Logistic
{
    /// <summary>ln(1 + eˣ), without overflow.</summary>
    public static double SoftPlus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));

    public static double Sigma(double x) => 1 / (1 + Math.Exp(-x));
}
