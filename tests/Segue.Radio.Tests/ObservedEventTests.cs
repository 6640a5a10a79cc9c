using Segue.Core;
using Segue.Radio.Sessions;
using Segue.Tests.Shared;

namespace Segue.Radio.Tests;

/// <summary>Events that reach the radio from elsewhere: a player that scrobbles, a vote in another client, the log's replay.</summary>
public sealed class ObservedEventTests
{
    private readonly ManualTime _time = new();
    private readonly RecordingSink _sink = new();

    private RadioStation Station() => new(TinyWorld.Data, TinyWorld.Models, new() { Rest = new() { Usual = 3 } }, _sink, _time);

    private static RadioEvent Played(int track) => new(RadioEventKind.Played, TinyWorld.IdOf(track));

    private static RadioEvent Skipped(int track) => new(RadioEventKind.Skipped, TinyWorld.IdOf(track), TimeSpan.FromSeconds(5));

    private static int[] Rows(RadioAnswer answer) => [.. answer.Tracks.Select(track => TinyWorld.RowOf(track.Track.Id))];

    [Fact]
    public void What_was_played_elsewhere_moves_the_sitting_under_way()
    {
        var (here, there) = (Station(), Station());
        var (played, observed) = (here.Start(TinyWorld.Listener(6), RadioSeeds.None, 10), there.Start(TinyWorld.Listener(6), RadioSeeds.None, 10));

        foreach (var track in TinyWorld.TracksOf(2).Take(3))
        {
            here.React(played.Session, [Played(track)], 1);
            there.Observe(TinyWorld.Listener(6), Played(track), session: null, _time.GetUtcNow());
        }

        Assert.Equal(Rows(here.Next(played.Session, 10)), Rows(there.Next(observed.Session, 10)));
        Assert.NotEqual(Rows(observed), Rows(there.Next(observed.Session, 10)));
    }

    [Fact]
    public void An_event_of_one_sitting_leaves_the_listeners_other_sittings_alone()
    {
        var station = Station();
        var (one, other) = (station.Start(TinyWorld.Listener(6), RadioSeeds.None, 10), station.Start(TinyWorld.Listener(6), RadioSeeds.None, 10));

        station.Observe(TinyWorld.Listener(6), Skipped(Rows(one)[0]), one.Session, _time.GetUtcNow());

        Assert.NotEqual(Rows(one), Rows(station.Next(one.Session, 10)));
        Assert.Equal(Rows(other), Rows(station.Next(other.Session, 10)));
    }

    [Fact]
    public void A_stranger_whose_events_came_is_known_and_served_by_them()
    {
        var station = Station();
        var stranger = new ListenerId("scrobbler");
        foreach (var track in TinyWorld.TracksOf(1).Take(6))
        {
            station.Observe(stranger, Played(track), null, _time.GetUtcNow());
        }

        var answer = station.Start(stranger, RadioSeeds.None, 8);

        Assert.True(Rows(answer).Count(track => TinyWorld.GenreOf(track) == 1) >= 6);
        Assert.Equal(6, _sink.Listens.Count);
    }

    [Fact]
    public void A_track_that_the_models_do_not_know_changes_nothing()
    {
        var station = Station();
        var answer = station.Start(TinyWorld.Listener(6), RadioSeeds.None, 10);

        station.Observe(TinyWorld.Listener(6), new(RadioEventKind.Played, new("unheard of")), null, _time.GetUtcNow());

        Assert.Equal(Rows(answer), Rows(station.Next(answer.Session, 10)));
        Assert.Empty(_sink.Listens);
        station.Observe(new("newcomer"), new(RadioEventKind.Played, new("unheard of")), null, _time.GetUtcNow());
        Assert.NotEmpty(station.Start(new ListenerId("newcomer"), RadioSeeds.None, 1).Tracks);
    }

    [Fact]
    public void A_ban_holds_until_its_end()
    {
        var station = Station();
        var listener = TinyWorld.Listener(6);
        var answer = station.Start(listener, RadioSeeds.None, 10);
        var first = answer.Tracks[0].Track;

        station.Repertoire.Ban(listener, first.Id, null, _time.GetUtcNow().AddHours(1), _time.GetUtcNow());
        Assert.DoesNotContain(first.Id, station.Next(answer.Session, 20).Tracks.Select(track => track.Track.Id));
        Assert.DoesNotContain(first.Id, station.Recommend(listener, 20).Tracks.Select(track => track.Track.Id));

        station.Repertoire.Ban(listener, null, first.Artist.Id, _time.GetUtcNow().AddHours(1), _time.GetUtcNow());
        Assert.DoesNotContain(first.Artist, station.Recommend(listener, 40).Tracks.Select(track => track.Track.Artist));

        _time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(Rows(answer), Rows(station.Next(answer.Session, 10)));
    }

    [Fact]
    public void A_private_sitting_bends_and_leaves_no_trace()
    {
        var station = Station();
        var listener = TinyWorld.Listener(6);
        var before = station.Recommend(listener, 10);
        _sink.Impressions.Clear();
        var start = station.Start(listener, RadioSeeds.None, 10, isPrivate: true);
        RadioEvent[] reactions = [.. TinyWorld.TracksOf(2).Take(3).Select(Played)];

        Assert.Null(station.Prepare(start.Session, reactions));
        var answer = station.React(start.Session, reactions, 10);

        Assert.NotEqual(Rows(start), Rows(answer));
        Assert.Empty(_sink.Listens);
        Assert.Empty(_sink.Impressions);
        Assert.Equal(before.Tracks.Select(track => track.Track), station.Recommend(listener, 10).Tracks.Select(track => track.Track));
    }

    [Fact]
    public void A_forgotten_listener_is_a_stranger_without_sittings()
    {
        var station = Station();
        var listener = TinyWorld.Listener(6);
        var start = station.Start(listener, RadioSeeds.None, 5);
        station.React(start.Session, [Played(40)], 5);

        station.Forget(listener);

        Assert.Throws<NotKnownException>(() => station.Next(start.Session, 5));
        Assert.Throws<NotKnownException>(() => station.Recommend(listener, 5));
        station.Restart(listener);
        Assert.Throws<NotKnownException>(() => station.Recommend(listener, 5));
        Assert.Equal(Rows(station.Start(null, RadioSeeds.None, 10)), Rows(station.Start(listener, RadioSeeds.None, 10, isNew: true)));
    }

    [Fact]
    public void Reactions_are_prepared_with_the_answers_that_offered_them()
    {
        var station = Station();
        var start = station.Start(TinyWorld.Listener(6), RadioSeeds.None, 2);
        var (offered, other) = (Rows(start)[1], TinyWorld.TracksOf(2).Last());

        var context = station.Prepare(start.Session, [Played(offered), Played(other)]);

        Assert.Equal(TinyWorld.Listener(6), context!.Listener.Id);
        Assert.Equal([start.Recommendation, null], context.Offers);
        Assert.All(context.Lengths, length => Assert.Equal(TimeSpan.FromSeconds(200), length));
        Assert.Throws<NotKnownException>(() => station.Prepare(start.Session, [new(RadioEventKind.Played, new("none"))]));
    }
}
