using Segue.Models.ColdStart;
using Segue.Numerics;

namespace Segue.Models.Tests.ColdStart;

public sealed class NonNegativeFitTests
{
    [Fact]
    public void The_solution_is_no_worse_than_any_of_a_fine_grid()
    {
        for (ulong seed = 0; seed < 30; seed++)
        {
            var (system, weights) = (Random(seed), new double[4]);

            var loss = NonNegativeFit.Solve(system, 0b1011, ridge: 0, weights);

            Assert.Equal(0, weights[2]);
            Assert.All(weights, weight => Assert.True(weight >= 0));
            Assert.Equal(Loss(system, weights), loss, 1e-9);
            for (var a = 0.0; a <= 2; a += 0.1)
            {
                for (var b = 0.0; b <= 2; b += 0.1)
                {
                    for (var c = 0.0; c <= 2; c += 0.1)
                    {
                        Assert.True(loss <= Loss(system, [a, b, 0, c]) + 1e-9);
                    }
                }
            }
        }
    }

    [Fact]
    public void Sources_that_say_the_same_share_the_weight()
    {
        var weights = new double[2];

        NonNegativeFit.Solve(new double[,] { { 1, 1, 0.8 }, { 1, 1, 0.8 } }, 0b11, ridge: 1e-6, weights);

        Assert.Equal(0.4, weights[0], 1e-3);
        Assert.Equal(0.4, weights[1], 1e-3);
    }

    // A = VᵀV and b = Vᵀt of random vectors and a target of length 1.
    private static double[,] Random(ulong seed)
    {
        var (random, vectors) = (new SeededRandom(seed), new double[5, 6]);
        var length = 0.0;
        for (var n = 0; n < 30; n++)
        {
            vectors[n / 6, n % 6] = random.NextNormal();
            length += n >= 24 ? vectors[4, n % 6] * vectors[4, n % 6] : 0;
        }
        var system = new double[4, 5];
        for (var i = 0; i < 4; i++)
        {
            for (var j = 0; j < 5; j++)
            {
                for (var f = 0; f < 6; f++)
                {
                    system[i, j] += vectors[i, f] * vectors[j, f] / (j == 4 ? Math.Sqrt(length) : 1);
                }
            }
        }
        return system;
    }

    private static double Loss(double[,] system, double[] weights)
    {
        var loss = 1.0;
        for (var i = 0; i < 4; i++)
        {
            loss -= 2 * weights[i] * system[i, 4];
            for (var j = 0; j < 4; j++)
            {
                loss += weights[i] * weights[j] * system[i, j];
            }
        }
        return loss;
    }
}
