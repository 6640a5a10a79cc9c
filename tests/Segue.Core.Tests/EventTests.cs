namespace Segue.Core.Tests;

public sealed class EventTests
{
    private static readonly DateTimeOffset Noon = new(2024, 5, 1, 12, 0, 0, TimeSpan.FromHours(-3));
    private static readonly ListenerId Listener = new("l");
    private static readonly TrackId Track = new("t");

    private static Impression Shown(int position = 0, double propensity = 1)
        => new(new(Guid.Empty), null, Listener, Track, Noon, position, "taste", "000001", "none", propensity);

    [Fact]
    public void Every_event_keeps_its_time_in_utc()
    {
        DateTimeOffset[] times =
        [
            new Vote(Listener, Track, Noon, VoteValue.Up).At,
            new PlaylistEdit(Listener, Track, Noon, Added: true).At,
            new Click(Listener, Track, Noon, 0, null).At,
            Shown().At,
        ];

        Assert.All(times, at => Assert.Equal((TimeSpan.Zero, 15), (at.Offset, at.Hour)));
    }

    [Fact]
    public void A_vote_is_down_withdrawn_or_up()
    {
        Assert.All([-1, 0, 1], value => Assert.Equal(value, (int)new Vote(Listener, Track, Noon, (VoteValue)value).Value));
        Assert.All([-2, 2, 5], value => Assert.Throws<ArgumentOutOfRangeException>(() => new Vote(Listener, Track, Noon, (VoteValue)value)));
    }

    [Fact]
    public void Positions_count_from_zero()
    {
        Assert.Equal(0, Shown(position: 0).Position);
        Assert.Throws<ArgumentOutOfRangeException>(() => Shown(position: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Click(Listener, Track, Noon, -1, null));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.1)]
    [InlineData(1.0000001)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_propensity_outside_its_range_is_refused(double propensity)
        => Assert.Throws<ArgumentOutOfRangeException>(() => Shown(propensity: propensity));

    [Theory]
    [InlineData(1e-12)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void A_propensity_inside_its_range_is_kept(double propensity) => Assert.Equal(propensity, Shown(propensity: propensity).Propensity);

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void An_interactions_value_is_finite_and_not_negative(double value)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Interaction("u", "i", value, null, InteractionAction.Listen));
        Assert.Equal(0, new Interaction("u", "i", 0, null, InteractionAction.Listen).Value);
    }

    [Fact]
    public void An_interaction_says_which_of_its_ids_is_faulty()
    {
        var user = Assert.Throws<ArgumentException>(() => new Interaction("", "i", 1, null, InteractionAction.Listen));
        var item = Assert.Throws<ArgumentException>(() => new Interaction("u", "a\0", 1, null, InteractionAction.Listen));

        Assert.Contains("user id is empty", user.Message, StringComparison.Ordinal);
        Assert.Contains("item id holds the control character", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tracks_length_is_positive_or_unknown()
    {
        Track WithLength(TimeSpan? length) => new(Track, "Title", new(new("a"), "Artist"), null, [], length);

        Assert.Null(WithLength(null).Length);
        Assert.Equal(TimeSpan.FromSeconds(1), WithLength(TimeSpan.FromSeconds(1)).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => WithLength(TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => WithLength(TimeSpan.FromSeconds(-1)));
    }
}
