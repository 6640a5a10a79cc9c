namespace Segue.Core.Tests;

public sealed class ListenTests
{
    private static readonly DateTimeOffset Noon = new(2024, 5, 1, 12, 0, 0, TimeSpan.FromHours(2));

    private static Listen Of(double heardSeconds, double lengthSeconds = 100)
        => new(new("l"), new("t"), Noon, TimeSpan.FromSeconds(heardSeconds), TimeSpan.FromSeconds(lengthSeconds));

    [Fact]
    public void Time_heard_is_clamped_to_the_tracks_length()
    {
        Assert.Equal(TimeSpan.FromSeconds(100), Of(100.4).Heard);
        Assert.Equal(1, Of(1e6).HeardShare);
        Assert.Equal(TimeSpan.FromSeconds(40), Of(40).Heard);
    }

    [Fact]
    public void Start_is_kept_in_utc()
    {
        var listen = Of(10);

        Assert.Equal(TimeSpan.Zero, listen.StartedAt.Offset);
        Assert.Equal(10, listen.StartedAt.Hour);
        Assert.Equal(Noon, listen.StartedAt);
    }

    [Theory]
    [InlineData(0, Completion.Skipped)]
    [InlineData(24.999, Completion.Skipped)]
    [InlineData(25, Completion.Partial)]
    [InlineData(89.999, Completion.Partial)]
    [InlineData(90, Completion.Full)]
    [InlineData(100, Completion.Full)]
    [InlineData(500, Completion.Full)]
    public void Completion_changes_at_a_quarter_and_at_nine_tenths(double heardSeconds, Completion expected)
        => Assert.Equal(expected, Of(heardSeconds).Completion);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, -5)]
    [InlineData(-0.001, 100)]
    public void Negative_times_and_an_empty_track_are_refused(double heardSeconds, double lengthSeconds)
        => Assert.Throws<ArgumentOutOfRangeException>(() => Of(heardSeconds, lengthSeconds));

    [Fact]
    public void Listens_of_equal_content_are_equal()
    {
        Assert.Equal(Of(10), Of(10));
        Assert.NotEqual(Of(10), Of(11));
        Assert.Equal(ListenOrigin.OwnChoice, Of(1).Origin);
        Assert.Null(Of(1).Recommendation);
    }
}
