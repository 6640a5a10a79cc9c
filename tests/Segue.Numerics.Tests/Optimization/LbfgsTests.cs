using Segue.Numerics.Optimization;

namespace Segue.Numerics.Tests.Optimization;

public sealed class LbfgsTests
{
    [Fact]
    public void The_least_value_of_a_stretched_bowl_is_where_algebra_has_it()
    {
        double[] x = [5, -3, 40];
        var value = Lbfgs.Minimize(
            (at, gradient) =>
            {
                double sum = 0;
                for (var i = 0; i < at.Length; i++)
                {
                    var (curve, off) = (Math.Pow(100, i), at[i] - i);
                    (sum, gradient[i]) = (sum + curve * off * off / 2, curve * off);
                }
                return sum;
            },
            x);

        Assert.Equal(0, value, 1e-12);
        Assert.All(Enumerable.Range(0, 3), i => Assert.Equal(i, x[i], 1e-6));
    }

    [Fact]
    public void A_place_that_is_the_least_already_stays()
    {
        double[] x = [2];

        Lbfgs.Minimize((at, gradient) => (gradient[0] = at[0] - 2) * gradient[0] / 2, x);

        Assert.Equal(2, x[0]);
    }

    [Fact]
    public void A_curved_valley_is_followed_to_its_end()
    {
        double[] x = [-1.2, 1];   // Rosenbrock's, whose least value lies at (1, 1)

        Lbfgs.Minimize(
            (at, gradient) =>
            {
                var (a, b) = (1 - at[0], at[1] - at[0] * at[0]);
                (gradient[0], gradient[1]) = (-2 * a - 400 * at[0] * b, 200 * b);
                return a * a + 100 * b * b;
            },
            x);

        Assert.Equal((1.0, 1.0), (Math.Round(x[0], 5), Math.Round(x[1], 5)));
    }
}
