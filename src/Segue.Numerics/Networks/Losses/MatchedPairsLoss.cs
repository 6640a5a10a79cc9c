using Segue.Numerics.Products;

namespace Segue.Numerics.Networks.Losses;

/// <summary>InfoNCE between two matched sets: output i shall be nearer, by cosine, to target i than to any other target, and the reverse.</summary>
/// <remarks>van den Oord, Li and Vinyals, 2018 (arXiv 1807.03748), in both directions as in Radford et al., ICML 2021: the mean of the cross entropies of rows
/// and of columns of cos(output, target)/τ. O(n² d) for n pairs of d values.</remarks>
public static class MatchedPairsLoss
{
    /// <param name="outputs">Shape [pairs × columns], of any length.</param>
    /// <param name="targets">The same shape; held fixed.</param>
    /// <param name="temperature">τ, positive.</param>
    /// <param name="gradient">Receives the derivative by each output.</param>
    /// <exception cref="ArgumentException">Lengths do not agree, or the temperature is not positive.</exception>
    public static float Loss(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, int columns, float temperature, Span<float> gradient)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        Shape.RequireSame(outputs.Length, targets.Length);
        Shape.RequireSame(outputs.Length, gradient.Length);
        var n = Rows.Count(outputs.Length, columns);
        float[] x = new float[outputs.Length], y = new float[targets.Length], lengths = new float[n];
        for (var row = 0; row < n; row++)
        {
            lengths[row] = Unit(Rows.Of(outputs, row, columns), x.AsSpan(row * columns, columns));
            Unit(Rows.Of(targets, row, columns), y.AsSpan(row * columns, columns));
        }
        var cosines = new float[n * n];
        MatrixProduct.Multiply(new(x, n, columns, columns), new MatrixView(y, n, columns, columns).Transposed, cosines, n);
        var loss = Entropies(cosines, n, temperature);
        MatrixProduct.Multiply(new(cosines, n, n, n), new(y, n, columns, columns), gradient, columns);
        for (var row = 0; row < n; row++)
        {
            // Through the division by the length: dx = (g − u (u·g)) / |x|.
            Span<float> g = gradient.Slice(row * columns, columns), u = x.AsSpan(row * columns, columns);
            Vectors.AddScaled(g, u, -Vectors.Dot(u, g));
            foreach (ref var value in g)
            {
                value = lengths[row] > 0 ? value / lengths[row] : 0;
            }
        }
        return (float)loss;
    }

    // Cosines become the derivative of the loss by them.
    private static double Entropies(float[] cosines, int n, float temperature)
    {
        double sum = 0;
        var line = new float[n];
        var derivative = new float[n * n];
        for (var i = 0; i < n; i++)
        {
            foreach (var byRows in new[] { true, false })
            {
                for (var j = 0; j < n; j++)
                {
                    line[j] = cosines[byRows ? i * n + j : j * n + i] / temperature;
                }
                var own = line[i];
                sum += Softmax.Apply(line) - own;
                line[i] -= 1;
                for (var j = 0; j < n; j++)
                {
                    derivative[byRows ? i * n + j : j * n + i] += line[j] / (2 * n * temperature);
                }
            }
        }
        derivative.CopyTo(cosines, 0);
        return sum / (2 * n);
    }

    private static float Unit(ReadOnlySpan<float> from, Span<float> to)
    {
        var length = Vectors.Norm(from);
        for (var i = 0; i < to.Length; i++)
        {
            to[i] = length > 0 ? from[i] / length : 0;
        }
        return length;
    }
}
