using Segue.Audio.Decoding;

namespace Segue.Audio.Tests.Decoding;

public sealed class WindowPlanTests
{
    [Fact]
    public void Six_windows_are_spread_over_a_song()
        => Assert.Equal([14, 46.4, 78.8, 111.2, 143.6, 176], WindowPlan.Spread.Starts(TimeSpan.FromSeconds(200)).Select(start => Math.Round(start.TotalSeconds, 6)));

    [Fact]
    public void A_short_file_is_heard_whole()
        => Assert.Equal([0, 10, 20], WindowPlan.Spread.Starts(TimeSpan.FromSeconds(25)).Select(start => start.TotalSeconds));

    [Fact]
    public void The_middle_is_thirty_seconds_about_the_middle()
        => Assert.Equal([85], WindowPlan.Middle.Starts(TimeSpan.FromSeconds(200)).Select(start => start.TotalSeconds));

    [Theory]
    [InlineData(60.001), InlineData(61), InlineData(64), InlineData(75), InlineData(240), InlineData(10_800)]
    public void Windows_lie_inside_the_file_and_do_not_overlap(double seconds)
    {
        var starts = WindowPlan.Spread.Starts(TimeSpan.FromSeconds(seconds));

        Assert.Equal(6, starts.Count);
        Assert.True(starts[0] >= TimeSpan.Zero && starts[^1] + WindowPlan.Spread.Length <= TimeSpan.FromSeconds(seconds));
        Assert.All(starts.Zip(starts.Skip(1)), pair => Assert.True(pair.Second - pair.First >= WindowPlan.Spread.Length));
    }

    [Fact]
    public void A_whole_file_is_heard_to_its_end()
        => Assert.Equal(1080, WindowPlan.Whole.Starts(TimeSpan.FromHours(3)).Count);
}
