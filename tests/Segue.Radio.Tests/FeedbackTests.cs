using Segue.Core;
using Segue.Radio.Sessions;
using Segue.Tests.Shared;

namespace Segue.Radio.Tests;

/// <summary>What the sink is told.</summary>
public sealed class FeedbackTests : RadioTest
{
    [Fact]
    public void TheSink_gets_what_was_shown_and_what_became_of_it_joined_by_the_answer()
    {
        var station = Station();
        var start = station.Start(TinyWorld.Listener(2), RadioSeeds.None, 5);
        var track = Rows(start)[1];
        var listened = Time.GetUtcNow();
        station.React(start.Session, [Skipped(track, 50), Voted(track, VoteValue.Down)], 2);

        Assert.Equal(5 + 2, Sink.Impressions.Count);
        var shown = Sink.Impressions.ElementAt(1);
        Assert.Equal((start.Recommendation, start.Session, TinyWorld.IdOf(track), 1), (shown.Recommendation, shown.Session!.Value, shown.Track, shown.Position));
        Assert.Equal((start.Tracks[1].Source, "000001", "none", 1.0), (shown.Source, shown.ModelVersion, shown.Arm, shown.Propensity));
        var listen = Assert.Single(Sink.Listens);
        Assert.Equal((start.Recommendation, TinyWorld.IdOf(track), ListenOrigin.Radio), (listen.Recommendation!.Value, listen.Track, listen.Origin));
        Assert.Equal((TimeSpan.FromSeconds(50), listened - TimeSpan.FromSeconds(50)), (listen.Heard, listen.StartedAt));
        Assert.Equal((TinyWorld.Listener(2), VoteValue.Down), (Assert.Single(Sink.Votes).Listener, Sink.Votes.Single().Value));
    }

    [Fact]
    public void A_listen_of_what_was_never_offered_has_no_answer_to_join()
    {
        var station = Station();
        var start = station.Start(TinyWorld.Listener(2), RadioSeeds.None, 1);
        station.React(start.Session, [Played((Rows(start)[0] + 30) % 60)], 1);

        Assert.Null(Assert.Single(Sink.Listens).Recommendation);
    }

    [Fact]
    public void A_batch_with_one_unknown_track_takes_none()
    {
        var station = Station();
        var start = station.Start(TinyWorld.Listener(2), RadioSeeds.None, 10);

        Assert.Throws<NotKnownException>(() => station.React(start.Session,
            [Skipped(Rows(start)[0]), Voted(Rows(start)[1], VoteValue.Down), new(RadioEventKind.Played, new("none"))], 10));

        Assert.Equal(Rows(start), Rows(station.Next(start.Session, 10)));
        Assert.Empty(Sink.Listens);
        Assert.Empty(Sink.Votes);
    }

    [Fact]
    public void A_reaction_told_again_with_its_id_counts_once_in_a_radio_without_a_log_too()
    {
        var station = Station();
        var start = station.Start(TinyWorld.Listener(2), RadioSeeds.None, 5);
        RadioEvent[] reactions = [Played(20) with { Id = "a" }, Voted(20, VoteValue.Up) with { Id = "b" }, Skipped(21)];

        var once = station.React(start.Session, reactions[..2], 10);
        var twice = station.React(start.Session, reactions[..2], 10);

        Assert.Equal(Rows(once), Rows(twice));
        Assert.Equal((1, 1), (Sink.Listens.Count, Sink.Votes.Count));
        station.React(start.Session, [reactions[2], reactions[2]], 10);
        Assert.Equal(3, Sink.Listens.Count);
    }

    [Fact]
    public void An_absurdTime_heard_counts_as_the_whole_track()
    {
        var station = Station();
        var start = station.Start(TinyWorld.Listener(2), RadioSeeds.None, 1);
        station.React(start.Session, [new(RadioEventKind.Skipped, start.Tracks[0].Track.Id, TimeSpan.MaxValue)], 1);

        var listen = Assert.Single(Sink.Listens);
        Assert.Equal((TimeSpan.FromSeconds(200), Time.GetUtcNow() - TimeSpan.FromSeconds(200)), (listen.Heard, listen.StartedAt));
    }
}
