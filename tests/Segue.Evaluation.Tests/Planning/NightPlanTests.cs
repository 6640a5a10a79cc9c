using Segue.Evaluation.Planning;

namespace Segue.Evaluation.Tests.Planning;

public sealed class NightPlanTests
{
    private static readonly MachineRates Rates = new(
        Factors: 16, Threads: 1, SweepEntry: 1e-7, SweepRow: 1e-6, Axes: 0.5, FinishEntry: 2e-7, MatrixEntry: 4e-7, ListCell: 1e-9, FoldIn: 1e-5);

    [Fact]
    public void Time_is_what_the_rates_give_for_the_sizes()
    {
        var steps = NightPlan.Of(new(100_000, 50_000, 10_000_000, 16), Rates, 1 << 28);

        const double Sweep = 1 + 0.15 + 0.5;
        Assert.Equal([4, 16 * Sweep + 2, 4 * Sweep + 2, 5, 0.5], steps.Select(step => Math.Round(step.Seconds, 6)));
        Assert.Equal(1 << 28, steps[0].Memory);
    }

    [Fact]
    public void Tables_beyond_a_gibibyte_take_longer_and_memory_holds_them_twice()
    {
        var steps = NightPlan.Of(new(20_000_000, 1_000_000, 10_000_000, 16), Rates, 1 << 28);

        Assert.Equal(16 * ((1 + 21) * NightPlan.LargeTables + 0.5) + 2 * NightPlan.LargeTables, steps[1].Seconds, 6);
        Assert.InRange(steps[1].Memory, 2L * 21_000_000 * 16 * 4, 4L * 21_000_000 * 16 * 4);
        Assert.Equal(20_000_000L * 612, steps[3].Disk, 1e3);
    }

    [Fact]
    public void A_radio_takes_what_was_measured_and_longer_where_factors_are_beyond_the_caches()
    {
        var rates = new RadioRates(Reaction: 1e-3, Start: 2e-3, SittingBytes: 50_000);
        var (small, large) = (RadioPlan.Of(new(1_000_000, 20_000, 1, 64), rates), RadioPlan.Of(new(20_000_000, 1_000_000, 1, 64), rates));

        Assert.Equal((1000, 500), ((int)Math.Round(small.ReactionsPerCoreSecond), (int)Math.Round(small.StartsPerCoreSecond)));
        Assert.Equal(1000 / NightPlan.LargeTables, large.ReactionsPerCoreSecond, 6);
        Assert.Equal((10_000, 10_000 * 50_000L), (small.AtOnce, small.Sittings));
        Assert.Equal((100_000, 2_000_000), (large.AtOnce, large.Active));
        Assert.InRange(large.Index, 2 * 64_000_000L, 2 * 80_000_000L);
    }

    [Fact]
    public void Plays_of_the_recipe_have_the_size_asked_for_and_popular_items()
    {
        using var plays = SyntheticPlays.Make(2_000, 1_000, 40_000, levels: 1);

        Assert.InRange(plays.Count, 38_000, 42_000);
        using var byItem = plays.Transpose();
        var counts = Enumerable.Range(0, 1_000).Select(byItem.CountOf).OrderDescending().ToArray();
        Assert.True(counts[0] > 5 * counts[500], $"{counts[0]} and {counts[500]}");
    }
}
