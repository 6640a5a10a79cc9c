using Segue.Experiments.Analysis;
using Segue.Numerics;

namespace Segue.Experiments.Tests.Analysis;

public sealed class PairedComparisonTests
{
    [Fact]
    public void A_comparison_worked_by_hand()
    {
        // Differences 1, 2, 3, 4, 5: mean 3, deviation √2.5; the half width is 2.776445 · √(2.5 / 5).
        var comparison = PairedComparison.Of([11, 22, 33, 44, 55], [10, 20, 30, 40, 50]);

        Assert.Equal(3, comparison.Mean, 1e-12);
        Assert.Equal(3 - 1.96324326, comparison.Low, 1e-7);
        Assert.Equal(3 + 1.96324326, comparison.High, 1e-7);
    }

    [Fact]
    public void Less_confidence_gives_a_narrower_interval_around_the_same_mean()
    {
        double[] treatment = [3, 1, 4, 1, 5], control = [2, 7, 1, 8, 2];
        var (wide, narrow) = (PairedComparison.Of(treatment, control, 0.99), PairedComparison.Of(treatment, control, 0.5));

        Assert.Equal(wide.Mean, narrow.Mean);
        Assert.True(wide.Low < narrow.Low && narrow.High < wide.High);
    }

    [Fact]
    public void Exchanging_the_two_sides_turns_the_sign()
    {
        double[] treatment = [3, 1, 4, 1, 5], control = [2, 7, 1, 8, 2];
        var (there, back) = (PairedComparison.Of(treatment, control), PairedComparison.Of(control, treatment));

        Assert.Equal((-there.Mean, -there.High, -there.Low), (back.Mean, back.Low, back.High));
    }

    [Fact]
    public void A_single_pair_says_nothing_about_its_spread()
        => Assert.Equal(new PairedComparison(2, double.NegativeInfinity, double.PositiveInfinity), PairedComparison.Of([5], [3]));

    [Fact]
    public void Equal_differences_leave_no_doubt()
        => Assert.Equal(new PairedComparison(1, 1, 1), PairedComparison.Of([2, 3, 4], [1, 2, 3]));

    [Fact]
    public void The_interval_covers_the_truth_as_often_as_it_says()
    {
        var random = new SeededRandom(17);
        var covered = 0;
        for (var repetition = 0; repetition < 2000; repetition++)
        {
            var control = Enumerable.Range(0, 6).Select(_ => 10 * random.NextNormal()).ToArray();
            var treatment = control.Select(value => value + 0.5 + random.NextNormal()).ToArray();
            var comparison = PairedComparison.Of(treatment, control, 0.9);
            covered += comparison.Low <= 0.5 && 0.5 <= comparison.High ? 1 : 0;
        }

        Assert.InRange(covered, 1800 - 55, 1800 + 55);   // four deviations of a binomial count
    }

    [Fact]
    public void Lists_that_do_not_pair_are_refused()
    {
        var fault = Assert.Throws<ArgumentException>(() => PairedComparison.Of([1, 2], [1]));

        Assert.Contains("2 treatment and 1 control", fault.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => PairedComparison.Of([], []));
    }
}
