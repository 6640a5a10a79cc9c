using Segue.Core;
using Segue.Radio.Sessions;

namespace Segue.Radio.Tests.Sessions;

public sealed class RadioEventTests
{
    private static readonly TrackId Track = new("t");
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(100);

    [Theory]
    [InlineData(0, -1)]
    [InlineData(25, -0.75)]
    [InlineData(50, -0.5)]
    [InlineData(89, -0.11)]
    [InlineData(90, 1)]
    [InlineData(100, 1)]
    [InlineData(1000, 1)]
    public void A_skip_weighs_by_how_much_was_heard(double seconds, float expected)
        => Assert.Equal(expected, new RadioEvent(RadioEventKind.Skipped, Track, TimeSpan.FromSeconds(seconds)).Strength(Length), 1e-6);

    [Fact]
    public void A_play_that_tells_its_time_is_judged_by_it()
    {
        Assert.Equal(1, new RadioEvent(RadioEventKind.Played, Track, TimeSpan.FromSeconds(95)).Strength(Length));
        Assert.Equal(-0.99, new RadioEvent(RadioEventKind.Played, Track, TimeSpan.FromSeconds(1)).Strength(Length), 1e-6);
    }

    [Fact]
    public void A_play_weighs_one_a_vote_two_and_a_withdrawn_one_nothing()
    {
        Assert.Equal(1, new RadioEvent(RadioEventKind.Played, Track).Strength(Length));
        Assert.Equal(2, new RadioEvent(RadioEventKind.Voted, Track, Vote: VoteValue.Up).Strength(Length));
        Assert.Equal(-2, new RadioEvent(RadioEventKind.Voted, Track, Vote: VoteValue.Down).Strength(Length));
        Assert.Equal(0, new RadioEvent(RadioEventKind.Voted, Track, Vote: VoteValue.Withdrawn).Strength(Length));
        Assert.Equal(-1, new RadioEvent(RadioEventKind.Skipped, Track).Strength(null));
        Assert.Equal(-0.5, new RadioEvent(RadioEventKind.Skipped, Track, TimeSpan.FromSeconds(105)).Strength(null), 1e-6);   // half of the usual length
    }

    [Fact]
    public void An_event_that_makes_no_sense_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new RadioEvent(RadioEventKind.Voted, Track));
        Assert.Throws<ArgumentException>(() => new RadioEvent(RadioEventKind.Played, Track, Vote: VoteValue.Up));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RadioEvent(RadioEventKind.Skipped, Track, TimeSpan.FromTicks(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RadioEvent(RadioEventKind.Voted, Track, Vote: (VoteValue)5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RadioEvent((RadioEventKind)9, Track));
    }
}
