using Segue.Core;
using Segue.Events;
using Segue.Events.Tests.Compaction;
using Segue.Features.Interactions;
using Segue.Features.Tests.Snapshots;

namespace Segue.Features.Tests.Interactions;

public sealed class EventInteractionsTests
{
    [Theory]
    [InlineData(200.0, 200.0, EndReason.Finished, InteractionAction.Listen, 1)]
    [InlineData(50.0, 200.0, EndReason.Skipped, InteractionAction.Listen, 1)]
    [InlineData(20.0, 200.0, EndReason.Unknown, InteractionAction.Skip, 0.9)]
    [InlineData(0.0, 200.0, EndReason.Finished, InteractionAction.Skip, 1)]
    [InlineData(null, 200.0, EndReason.Finished, InteractionAction.Listen, 1)]
    [InlineData(20.0, null, EndReason.Unknown, InteractionAction.Listen, 1)]
    public async Task Listen_counts_by_its_share(double? heard, double? length, EndReason end, InteractionAction action, double value)
    {
        var read = Assert.Single(await Read(FeatureWorld.Listen("ann", "t", TimeSpan.Zero, heard, length, end)));

        Assert.Equal((action, value), (read.Action, read.Value));
    }

    [Theory]
    [InlineData(20.0, EndReason.Failed)]
    [InlineData(null, EndReason.Skipped)]
    public async Task Listen_that_tells_nothing_is_left_out(double? heard, EndReason end)
        => Assert.Empty(await Read(FeatureWorld.Listen("ann", "t", TimeSpan.Zero, heard, 200, end)));

    [Fact]
    public async Task Newest_vote_holds_whatever_the_order()
    {
        var votes = new[] { FeatureWorld.Vote("ann", "t", TimeSpan.FromHours(1), 1), FeatureWorld.Vote("ann", "t", TimeSpan.FromHours(2), -1) };

        Assert.Equal(InteractionAction.VoteDown, Assert.Single(await Read(votes)).Action);
        Assert.Equal(InteractionAction.VoteDown, Assert.Single(await Read([.. votes.Reverse()])).Action);
        Assert.Empty(await Read([.. votes, FeatureWorld.Vote("ann", "t", TimeSpan.FromHours(3), 0)]));
    }

    [Fact]
    public async Task Removal_takes_back_the_add_of_its_own_playlist()
    {
        var added = FeatureWorld.Make(EventKind.PlaylistAdd, "ann", TimeSpan.FromHours(1)) with { Track = new("t"), Playlist = "one" };
        var other = added with { Key = SomeEvents.Key("other"), Playlist = "two" };
        var removed = FeatureWorld.Make(EventKind.PlaylistRemove, "ann", TimeSpan.FromHours(2)) with { Track = new("t"), Playlist = "one" };

        Assert.Equal(2, (await Read(added, other)).Count);
        Assert.Equal("two", Assert.Single(await Read(added, other, removed)).Playlist);
        Assert.Equal(2, (await Read(added, other, removed, added with { At = FeatureWorld.Start.AddHours(3) })).Count);
    }

    [Fact]
    public async Task Future_events_and_unknown_tracks_are_passed_over()
    {
        var events = new[] { FeatureWorld.Listen("ann", "t1", TimeSpan.Zero, 200), FeatureWorld.Listen("ann", "t2", TimeSpan.FromHours(1), 200) };

        Assert.Equal("t1", Assert.Single(await Read(FeatureWorld.Start.AddHours(1), null, events)).Item);
        Assert.Equal("t2", Assert.Single(await Read(null, track => track.Value == "t2", events)).Item);
    }

    private static Task<List<Interaction>> Read(params ListenerEvent[] events) => Read(null, null, events);

    private static async Task<List<Interaction>> Read(DateTimeOffset? asOf, Func<TrackId, bool>? isKnown, params ListenerEvent[] events)
        => await EventInteractions.ReadAsync(events.ToAsyncEnumerable(), asOf, isKnown, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
}
