namespace Segue.Numerics.Statistics;

/// <summary>Student's t distribution, for intervals over few repetitions.</summary>
public static class StudentT
{
    /// <summary>P(T ≤ t) with <paramref name="degrees"/> degrees of freedom, through the regularized incomplete beta function;
    /// absolute error below 1e-12.</summary>
    public static double Cumulative(double t, double degrees)
    {
        if (!(degrees > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(degrees), degrees, "Degrees of freedom are positive.");
        }
        var tail = 0.5 * IncompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
        return t > 0 ? 1 - tail : tail;
    }

    /// <summary>The t with P(T ≤ t) = <paramref name="probability"/>, in (0, 1), by bisection to full precision.</summary>
    public static double Quantile(double probability, double degrees)
    {
        if (probability is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability lies in (0, 1).");
        }
        double low = -1, high = 1;
        while (Cumulative(low, degrees) > probability)
        {
            low *= 2;
        }
        while (Cumulative(high, degrees) < probability)
        {
            high *= 2;
        }
        while (true)
        {
            var middle = low + (high - low) / 2;
            if (middle <= low || middle >= high)
            {
                return middle;
            }
            (low, high) = Cumulative(middle, degrees) < probability ? (middle, high) : (low, middle);
        }
    }

    // I_x(a, b) by the continued fraction of DLMF 8.17.22, evaluated by Lentz's method on the side where it converges fast.
    private static double IncompleteBeta(double x, double a, double b)
    {
        if (x <= 0 || x >= 1)
        {
            return x <= 0 ? 0 : 1;
        }
        if (x > (a + 1) / (a + b + 2))
        {
            return 1 - IncompleteBeta(1 - x, b, a);
        }
        const double Tiny = 1e-300;
        double f = 1, c = 1, d = 0;
        for (var i = 0; i < 500; i++)
        {
            var m = i / 2;
            var term = i == 0 ? 1
                : i % 2 == 0 ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
                : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 + term * d;
            d = 1 / (Math.Abs(d) < Tiny ? Tiny : d);
            c = 1 + term / (Math.Abs(c) < Tiny ? Tiny : c);
            f *= c * d;
            if (Math.Abs(1 - c * d) < 1e-16)
            {
                break;
            }
        }
        return Math.Exp(a * Math.Log(x) + b * Math.Log(1 - x) + LogGamma(a + b) - LogGamma(a) - LogGamma(b)) / a * (f - 1);
    }

    // Lanczos' approximation, g = 7, n = 9.
    private static double LogGamma(double z)
    {
        ReadOnlySpan<double> coefficients =
        [
            0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
            12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
        ];
        var sum = coefficients[0];
        for (var i = 1; i < coefficients.Length; i++)
        {
            sum += coefficients[i] / (z - 1 + i);
        }
        var t = z + 6.5;
        return 0.5 * Math.Log(2 * Math.PI) + (z - 0.5) * Math.Log(t) - t + Math.Log(sum);
    }
}
