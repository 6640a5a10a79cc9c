using Segue.Core;
using Segue.Events;
using Segue.Radio.Feed;
using Segue.Radio.Sessions;
using Segue.Tests.Shared;

namespace Segue.Radio.Tests.Feed;

public sealed class EventFeedTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TrackId Track = TinyWorld.IdOf(3);

    private static readonly RadioEvent[] Reactions =
    [
        new(RadioEventKind.Played, Track),
        new(RadioEventKind.Played, Track, TimeSpan.FromSeconds(90)),
        new(RadioEventKind.Skipped, Track),
        new(RadioEventKind.Skipped, Track, TimeSpan.FromSeconds(7)),
        new(RadioEventKind.Voted, Track, Vote: VoteValue.Up),
        new(RadioEventKind.Voted, Track, Vote: VoteValue.Down),
        new(RadioEventKind.Voted, Track, Vote: VoteValue.Withdrawn),
    ];

    private static ListenerEvent Event(EventKind kind) => new()
    {
        Kind = kind, Key = new(1), Listener = TinyWorld.Listener(6), At = Noon, Track = Track, Value = 1,
    };

    [Fact]
    public void What_the_radio_writes_to_the_log_it_reads_back_as_the_same_reaction()
    {
        var length = TimeSpan.FromSeconds(200);
        var context = new ReactionContext(TinyWorld.Listener(6), [.. Reactions.Select(_ => (TimeSpan?)length)], [.. Reactions.Select(_ => (RecommendationId?)null)]);

        var events = EventFeed.ToEvents(new(Guid.NewGuid()), Reactions, context, Noon);

        Assert.Equal(Reactions, events.Select(EventFeed.ToReaction));
        Assert.Equal(Reactions.Length, events.Select(told => told.Key).Distinct().Count());
        Assert.Equal(
            [Noon - length, Noon.AddSeconds(-90), Noon, Noon.AddSeconds(-7), Noon, Noon, Noon],
            events.Select(told => told.At));
        Assert.All(events.Take(4), told => Assert.Equal(ListenOrigin.Radio, told.Origin));
    }

    [Fact]
    public void A_time_beyond_the_end_of_the_track_is_its_length()
    {
        var context = new ReactionContext(TinyWorld.Listener(6), [TimeSpan.FromSeconds(200)], [null]);

        var told = Assert.Single(EventFeed.ToEvents(new(Guid.NewGuid()), [new(RadioEventKind.Played, Track, TimeSpan.MaxValue)], context, Noon));

        Assert.Equal((TimeSpan.FromSeconds(200), Noon.AddSeconds(-200)), (told.Heard, told.At));
    }

    [Fact]
    public void Playlists_and_clicks_speak_and_failures_follows_and_impressions_do_not()
    {
        Assert.Equal(RadioEventKind.Added, EventFeed.ToReaction(Event(EventKind.PlaylistAdd))!.Kind);
        Assert.Equal(RadioEventKind.Clicked, EventFeed.ToReaction(Event(EventKind.Click))!.Kind);
        Assert.Null(EventFeed.ToReaction(Event(EventKind.PlaylistRemove)));
        Assert.Null(EventFeed.ToReaction(Event(EventKind.Impression)));
        Assert.Null(EventFeed.ToReaction(Event(EventKind.Follow) with { Track = null, Artist = new("a") }));
        Assert.Null(EventFeed.ToReaction(Event(EventKind.Listen) with { End = EndReason.Failed }));
    }

    [Fact]
    public void Bans_come_and_go_by_events()
    {
        var station = new RadioStation(TinyWorld.Data, TinyWorld.Models, new() { Rest = new() { Usual = 3 } }, new RecordingSink(), new ManualTime());
        var listener = TinyWorld.Listener(6);
        var first = station.Recommend(listener, 1).Tracks[0].Track.Id;
        var ban = Event(EventKind.Ban) with { Track = first };

        station.Take(ban);
        Assert.NotEqual(first, station.Recommend(listener, 1).Tracks[0].Track.Id);

        station.Take(ban with { Value = 0 });
        Assert.Equal(first, station.Recommend(listener, 1).Tracks[0].Track.Id);
    }

    [Theory]
    [InlineData(0, 1, true)]
    [InlineData(1, 0, false)]
    public void Of_bans_that_come_out_of_order_the_newest_holds(sbyte older, sbyte newer, bool isKeptAway)
    {
        var station = new RadioStation(TinyWorld.Data, TinyWorld.Models, new() { Rest = new() { Usual = 3 } }, new RecordingSink(), new ManualTime());
        var listener = TinyWorld.Listener(6);
        var first = station.Recommend(listener, 1).Tracks[0].Track;
        var ban = Event(EventKind.Ban) with { Track = first.Id };

        station.Take(ban with { Value = newer, At = Noon.AddHours(1) });
        station.Take(ban with { Value = older, Track = null, Artist = first.Artist.Id });   // late, and of all the artist's tracks

        Assert.Equal(isKeptAway, station.Recommend(listener, 1).Tracks[0].Track != first);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(1, -1)]
    [InlineData(0, -1)]
    public void Of_votes_that_come_out_of_order_the_newest_holds(sbyte older, sbyte newer)
    {
        RadioStation Station() => new(TinyWorld.Data, TinyWorld.Models, new() { Rest = new() { Usual = 3 } }, new RecordingSink(), new ManualTime());
        var (inOrder, late, told) = (Station(), Station(), Station());
        var listener = TinyWorld.Listener(6);
        var sittings = new[] { inOrder, late, told }.Select(station => (station, station.Start(listener, RadioSeeds.None, 1))).ToList();
        var track = sittings[0].Item2.Tracks[0].Track.Id;
        var vote = Event(EventKind.Vote) with { Track = track };
        var (first, last) = (vote with { Value = older }, vote with { Value = newer, At = Noon.AddHours(1) });

        inOrder.Take(last);
        late.Take(last);
        late.Take(first);
        told.Repertoire.Know(new(listener, track, last.At, (VoteValue)newer));
        told.Take(first);

        var lists = sittings.Select(sitting => sitting.station.Next(sitting.Item2.Session, 20).Tracks.Select(next => next.Track.Id).ToList()).ToList();
        Assert.Equal(lists[0], lists[1]);
        Assert.Equal(inOrder.Recommend(listener, 20).Tracks.Select(next => next.Track.Id), late.Recommend(listener, 20).Tracks.Select(next => next.Track.Id));
        Assert.Equal(track, lists[2][0]);   // as if nothing had been said
    }

    [Fact]
    public void An_impression_keeps_how_it_came_to_its_place()
    {
        var shown = new Impression(new(Guid.NewGuid()), new(Guid.NewGuid()), TinyWorld.Listener(1), Track, Noon, 4, "taste", "000001", "none", 0.5);

        var told = EventFeed.ToEvent(shown);

        Assert.Equal((EventKind.Impression, 4, shown.Recommendation), (told.Kind, told.Position, told.Recommendation));
        Assert.Equal(new ImpressionFacts("taste", "000001", "none", 0.5), told.Shown);
        Assert.Equal(shown.Session.ToString(), told.Session);
    }
}
