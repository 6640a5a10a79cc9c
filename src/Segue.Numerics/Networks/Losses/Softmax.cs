namespace Segue.Numerics.Networks.Losses;

/// <summary>Softmax: exponentials that add to 1.</summary>
public static class Softmax
{
    /// <summary>xᵢ ← exp(xᵢ) / Σ exp(xⱼ); −∞ becomes 0.</summary>
    /// <returns>ln Σ exp(xⱼ) of what was given; −∞ where all are −∞, which leaves zeros.</returns>
    public static double Apply(Span<float> x)
    {
        var most = float.NegativeInfinity;
        foreach (var value in x)
        {
            most = Math.Max(most, value);
        }
        if (float.IsNegativeInfinity(most))
        {
            x.Clear();
            return double.NegativeInfinity;
        }
        double sum = 0;
        foreach (var value in x)
        {
            sum += Math.Exp((double)value - most);
        }
        var log = most + Math.Log(sum);
        foreach (ref var value in x)
        {
            value = (float)Math.Exp(value - log);
        }
        return log;
    }
}
