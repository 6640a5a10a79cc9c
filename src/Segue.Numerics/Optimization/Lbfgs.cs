namespace Segue.Numerics.Optimization;

/// <summary>Finds the least value of a smooth convex function of many variables.</summary>
/// <remarks>Limited-memory BFGS with ten pairs: Liu and Nocedal, "On the limited memory BFGS method for large scale optimization", Mathematical Programming 45 (1989), steps found by halving until
/// the value falls by 10⁻⁴ of what the slope promises (Armijo). Deterministic where the function is.</remarks>
public static class Lbfgs
{
    private const int Pairs = 10, MostHalvings = 40;
    private const double Sufficient = 1e-4;

    /// <param name="function">Given x, writes the gradient (second argument) and returns the value.</param>
    /// <param name="x">Where to begin; receives the place found.</param>
    /// <param name="tolerance">Ends where no element of the gradient is larger; positive.</param>
    /// <param name="steps">Ends after so many steps.</param>
    /// <returns>The value there.</returns>
    public static double Minimize(Func<double[], double[], double> function, double[] x, double tolerance = 1e-7, int steps = 500)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(x);
        var (gradient, next, nextGradient, direction) = (new double[x.Length], new double[x.Length], new double[x.Length], new double[x.Length]);
        var pairs = new LinkedList<(double[] S, double[] Y, double Rho)>();
        var value = function(x, gradient);
        for (var step = 0; step < steps && gradient.Max(Math.Abs) > tolerance; step++)
        {
            Direct(gradient, pairs, direction);
            var slope = Dot(direction, gradient);
            var length = pairs.Count == 0 ? 1 / Math.Max(1, Math.Sqrt(Dot(gradient, gradient))) : 1.0;
            double found = double.NaN;
            var halvings = 0;
            for (; halvings < MostHalvings; halvings++, length /= 2)
            {
                for (var i = 0; i < x.Length; i++)
                {
                    next[i] = x[i] + length * direction[i];
                }
                found = function(next, nextGradient);
                if (found <= value + Sufficient * length * slope)
                {
                    break;
                }
            }
            if (halvings == MostHalvings)
            {
                break;   // as near as the function's digits allow
            }
            Remember(pairs, x, next, gradient, nextGradient);
            next.CopyTo(x, 0);
            nextGradient.CopyTo(gradient, 0);
            value = found;
        }
        return value;
    }

    // −H g by the two loops of algorithm 7.4 in Nocedal and Wright.
    private static void Direct(double[] gradient, LinkedList<(double[] S, double[] Y, double Rho)> pairs, double[] direction)
    {
        gradient.CopyTo(direction, 0);
        var alphas = new Stack<double>();
        for (var pair = pairs.Last; pair is not null; pair = pair.Previous)
        {
            var alpha = pair.Value.Rho * Dot(pair.Value.S, direction);
            alphas.Push(alpha);
            AddScaled(direction, pair.Value.Y, -alpha);
        }
        if (pairs.Last is { Value: var newest })
        {
            var scale = 1 / (newest.Rho * Dot(newest.Y, newest.Y));
            for (var i = 0; i < direction.Length; i++)
            {
                direction[i] *= scale;
            }
        }
        foreach (var (s, y, rho) in pairs)
        {
            AddScaled(direction, s, alphas.Pop() - rho * Dot(y, direction));
        }
        for (var i = 0; i < direction.Length; i++)
        {
            direction[i] = -direction[i];
        }
    }

    private static void Remember(LinkedList<(double[] S, double[] Y, double Rho)> pairs, double[] x, double[] next, double[] gradient, double[] nextGradient)
    {
        double[] s = [.. next.Zip(x, (a, b) => a - b)], y = [.. nextGradient.Zip(gradient, (a, b) => a - b)];
        var curvature = Dot(s, y);
        if (curvature <= 1e-12 * Dot(y, y))
        {
            return;
        }
        if (pairs.Count == Pairs)
        {
            pairs.RemoveFirst();
        }
        pairs.AddLast((s, y, 1 / curvature));
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static void AddScaled(double[] target, double[] source, double scale)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] += scale * source[i];
        }
    }
}
