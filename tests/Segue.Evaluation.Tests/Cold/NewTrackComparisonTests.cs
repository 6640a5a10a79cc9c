using Segue.Evaluation.Cold;

namespace Segue.Evaluation.Tests.Cold;

public sealed class NewTrackComparisonTests
{
    private static readonly NewTrackOptions Sizes = new() { World = new() { Listeners = 20, Tracks = 30, Days = 4 }, NewShare = 0.2, RadioDays = 2, Explore = 0.2 };

    [Fact]
    public void Radios_reach_more_of_the_audiences_with_each_day_charts_offer_fewer_than_chance_and_threads_change_nothing()
    {
        IReadOnlyList<NewTrackResult> Run(int threads) => NewTrackComparison.Run(Sizes with { World = Sizes.World with { Threads = threads } }, [3], cancellation: TestContext.Current.CancellationToken);

        var (results, again) = (Run(1), Run(2));

        Assert.Equal([NewTrackComparison.Random, NewTrackComparison.Popular, NewTrackComparison.Without, NewTrackComparison.Placed, NewTrackComparison.With], results.Select(result => result.Arm));
        foreach (var (one, two) in results.Zip(again))
        {
            var (run, same) = (Assert.Single(one.Worlds), Assert.Single(two.Worlds));
            Assert.Equal(2, run.Reached.Count);
            Assert.InRange(run.Reached[0], 0, run.Reached[1]);
            Assert.InRange(run.FirstHits, 0, 1);
            Assert.InRange(run.Kept, 0.1, 0.99);
            Assert.Equal(run.Reached, same.Reached);
            Assert.Equal((run.FirstHits, run.Offers, run.Kept), (same.FirstHits, same.Offers, same.Kept));
        }
        Assert.True(results[1].Worlds[0].Offers < results[0].Worlds[0].Offers);   // nobody has heard them, so they stand at the end of the charts
        Assert.All(results.Where(result => result.Arm != NewTrackComparison.Popular), result => Assert.True(result.Worlds[0].Offers > 0, result.Arm));
        Assert.NotEqual(results[2].Worlds[0].Reached, results[4].Worlds[0].Reached);   // a radio with ears plays otherwise
    }

    [Fact]
    public void Days_until_a_share_is_reached_are_told_with_their_fraction()
    {
        var run = new NewTrackRun([0.1, 0.3, 0.3, 0.6], 0, 0, 0);

        Assert.Equal(0.5, run.DaysUntil(0.05)!.Value, 1e-9);
        Assert.Equal(1.5, run.DaysUntil(0.2)!.Value, 1e-9);
        Assert.Equal(3 + 2.0 / 3, run.DaysUntil(0.5)!.Value, 1e-9);
        Assert.Null(run.DaysUntil(0.7));
        Assert.Equal(0, new NewTrackRun([0, 0.2], 0, 0, 0).DaysUntil(0));
    }

    [Fact]
    public void What_cannot_be_measured_is_refused_with_the_range()
    {
        Assert.Contains("0.005 to 0.2", Assert.Throws<ArgumentOutOfRangeException>(() => Sizes with { NewShare = 0.5 }).Message, StringComparison.Ordinal);
        Assert.Contains("1 to 365", Assert.Throws<ArgumentOutOfRangeException>(() => Sizes with { RadioDays = 0 }).Message, StringComparison.Ordinal);
        Assert.Contains("0 to 0.5", Assert.Throws<ArgumentOutOfRangeException>(() => Sizes with { Explore = -0.1 }).Message, StringComparison.Ordinal);
    }
}
