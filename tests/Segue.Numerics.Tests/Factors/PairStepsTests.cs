using Segue.Numerics.Factors;

namespace Segue.Numerics.Tests.Factors;

public sealed class PairStepsTests
{
    private static float[] Draw(int length, ulong stream)
    {
        var random = new SeededRandom(4, (ulong)length, stream);
        var values = new float[length];
        foreach (ref var value in values.AsSpan())
        {
            value = (float)random.NextNormal() / 2;
        }
        return values;
    }

    /// <summary>Half of ln σ(x·y − x·z) − λ/2 (|x|² + |y|² + |z|²) climbs along the step, as finite differences measure it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(19)]
    [InlineData(64)]
    public void A_step_is_the_rate_times_the_gradient_of_the_objective(int d)
    {
        const double Rate = 1e-3, Lambda = 0.2;
        float[] x = Draw(d, 0), y = Draw(d, 1), z = Draw(d, 2);
        double[] before = [.. x, .. y, .. z];

        PairSteps.Step(x, y, z, (float)(Rate * PairSteps.Unsettled((float)Margin(before, d))), (float)(1 - Rate * Lambda));

        double[] after = [.. x, .. y, .. z];
        for (var n = 0; n < 3 * d; n++)
        {
            double[] up = [.. before], down = [.. before];
            (up[n], down[n]) = (before[n] + 1e-5, before[n] - 1e-5);
            Assert.Equal((Objective(up, d, Lambda) - Objective(down, d, Lambda)) / 2e-5, (after[n] - before[n]) / Rate, 1e-3);
        }
    }

    private static double Margin(double[] all, int d) => Enumerable.Range(0, d).Sum(f => all[f] * (all[d + f] - all[2 * d + f]));

    private static double Objective(double[] all, int d, double lambda)
        => -Math.Log(1 + Math.Exp(-Margin(all, d))) - lambda / 2 * all.Sum(value => value * value);

    [Fact]
    public void A_settled_pair_is_left_and_a_reversed_one_drawn_with_full_strength()
    {
        Assert.Equal(0.5f, PairSteps.Unsettled(0));
        Assert.Equal((0f, 1f), (PairSteps.Unsettled(200), PairSteps.Unsettled(-200)));
        Assert.Throws<ArgumentException>(() => PairSteps.Step(new float[3], new float[3], new float[2], 1, 1));
        Assert.Throws<ArgumentException>(() => PairSteps.Step(new float[3], new float[4], new float[3], 1, 1));
    }
}
