using Segue.Core;
using Segue.Radio.Feed;
using Segue.Ranking.Rules;
using Segue.Tests.Shared;

namespace Segue.Radio.Tests;

/// <summary>Sittings as a fold of the log: whoever recalls it knows what the station knew that took it as it came.</summary>
public sealed class RecallTests : LoggedRadioTest
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void After_every_event_a_station_that_recalls_the_log_answers_as_the_one_that_took_it(int seed)
    {
        var (station, chance, sittings) = (Station(), new Random(seed), new List<(SessionId Id, ListenerId Listener)>());
        for (var step = 0; step < 60; step++)
        {
            DoAnything(station, chance, sittings);
            if (step % 6 != 5)
            {
                continue;
            }
            var recalled = Recall();
            foreach (var (session, _) in sittings)
            {
                Assert.Equal(Text(station.Next(session, 12)), Text(recalled.Next(session, 12)));
            }
        }
        Assert.InRange(sittings.Count, 3, 20);
    }

    [Fact]
    public void What_was_done_before_the_data_end_moves_the_sitting_and_not_the_history_once_more()
    {
        var station = Station();
        var session = Begin(station, TinyWorld.Listener(6));
        React(station, session, Played(2), Voted(43, VoteValue.Down));
        var learnt = new RadioStation(new Repertoire(TinyWorld.Data, TinyWorld.Models, new(), Time) { LogEnd = Told.Count }, new(), Sink, Time);

        Told.ForEach(logged => learnt.Recall(logged, Pseudonyms, DateTimeOffset.MinValue));

        Assert.Equal(Text(Station(new()).Recommend(TinyWorld.Listener(6), 10)), Text(learnt.Recommend(TinyWorld.Listener(6), 10)));
        Assert.Equal(["rock"], learnt.Next(session, 5).Toward);
        Assert.DoesNotContain(learnt.Next(session, 50).Tracks, track => TinyWorld.RowOf(track.Track.Id) is 2 or 43);
    }

    private static string Text(TrackList list) => string.Join('\n', list.Tracks);

    [Fact]
    public void Nobody_is_told_again_of_what_is_recalled()
    {
        var station = Station();
        var session = Begin(station, TinyWorld.Listener(6));
        React(station, session, Played(2), Voted(3, VoteValue.Down));
        var (heard, voted) = (Sink.Listens.Count, Sink.Votes.Count);

        Recall();

        Assert.Equal((1, 1), (heard, voted));
        Assert.Equal((heard, voted), (Sink.Listens.Count, Sink.Votes.Count));
    }

    [Fact]
    public void Sittings_that_were_idle_too_long_or_began_too_long_ago_are_over()
    {
        var station = Station();
        var idle = Begin(station, TinyWorld.Listener(1));
        Time.Advance(TimeSpan.FromHours(3));
        var old = Begin(station, TinyWorld.Listener(2));
        Time.Advance(TimeSpan.FromHours(1));
        var since = Time.GetUtcNow();
        var fresh = Begin(station, TinyWorld.Listener(3));
        Time.Advance(TimeSpan.FromHours(1));

        var all = Recall();
        var late = Recall(since);

        Assert.Throws<NotKnownException>(() => all.Next(idle, 1));
        Assert.NotNull(all.Next(old, 1));
        Assert.Throws<NotKnownException>(() => late.Next(old, 1));
        Assert.NotNull(late.Next(fresh, 1));
    }

    [Fact]
    public void A_recalled_sitting_takes_the_place_of_the_one_under_way_and_others_move_over()
    {
        var station = Station();
        var session = Begin(station, TinyWorld.Listener(6), new([], [], ["jazz"]));
        var hidden = station.Start(TinyWorld.Listener(6), new([], [], ["techno"]), 5, isPrivate: true).Session;
        React(station, session, Played(2));
        var (before, beforeHidden) = (Text(station.Next(session, 10)), Text(station.Next(hidden, 10)));

        station.GoOnAs(Recall());

        Assert.Equal(before, Text(station.Next(session, 10)));
        Assert.Equal(beforeHidden, Text(station.Next(hidden, 10)));
        React(station, session, Skipped(3));
        Assert.DoesNotContain(3, Rows(station.Next(session, 50)));
    }

    [Fact]
    public void An_answer_tells_what_it_was_made_from_and_can_be_given_again()
    {
        var station = Station();
        var told = new List<AnswerGiven>();
        station.Answered = told.Add;
        Begin(station, TinyWorld.Listener(5));
        var session = Begin(station, TinyWorld.Listener(6));
        React(station, session, Played(2), Skipped(3));
        var answer = station.Next(session, 7);
        station.Start(null, RadioSeeds.None, 3);
        station.Start(TinyWorld.Listener(6), RadioSeeds.None, 3, isPrivate: true);

        var given = Assert.Single(told);
        Assert.Equal((TinyWorld.Listener(6), 7, 1L, 4L, 0L), (given.Listener, given.Count, given.Began, given.Position, given.LogEnd));
        var again = Recall().Repeat(session, answer.Recommendation, 7);
        Assert.Equal((answer.Recommendation, Text(answer)), (again.Recommendation, Text(again)));
    }

    [Fact]
    public void A_start_is_written_as_it_is_read_and_only_what_was_asked_for()
    {
        var wishes = new ListWishes
        {
            Discovery = -0.5f, Diversity = 0.25f, Smoothness = 1, IsWebRadio = true, RestsByHabit = true, Include = new(["rock"], [new("artist1")], []),
            Exclude = new([], [], ["live"]), MinLength = TimeSpan.FromSeconds(60), MaxLength = TimeSpan.FromMinutes(9), Energy = new(0.25f, 0.75f, 0.5f), Tempo = new(null, 140, null),
            Loudness = new(-20, null, null), Brightness = new(null, null, 3000),
        };
        var start = new SittingStart(new(Guid.NewGuid()), TinyWorld.Listener(6), new([TinyWorld.IdOf(3)], [new("artist2")], ["jazz"]), wishes);

        var written = SittingEvents.ToEvent(start, Pseudonyms, Time.GetUtcNow());
        var bare = SittingEvents.ToEvent(start with { Seeds = RadioSeeds.None, Wishes = ListWishes.None }, Pseudonyms, Time.GetUtcNow());

        Assert.Equal("""
            {"tracks":["track3"],"artists":["artist2"],"genres":["jazz"],"wishes":{"discovery":-0.5,"diversity":0.25,"smoothness":1,"webRadio":true,"restByHabit":true,"include":{"genres":["rock"],"artists":["artist1"]},"exclude":{"tags":["live"]},"minLength":600000000,"maxLength":5400000000,"energy":{"min":0.25,"max":0.75,"target":0.5},"tempo":{"max":140},"loudness":{"min":-20},"brightness":{"target":3000}}}
            """, System.Text.Encoding.UTF8.GetString(written.Extra.Span));
        Assert.Equal("{}", System.Text.Encoding.UTF8.GetString(bare.Extra.Span));
        var read = SittingEvents.ToStart(written, Pseudonyms)!;
        Assert.Equal((start.Session, start.Listener), (read.Session, read.Listener));
        Assert.Equal(written.Extra.ToArray(), SittingEvents.ToEvent(read, Pseudonyms, Time.GetUtcNow()).Extra.ToArray());
    }

    [Fact]
    public void A_start_that_cannot_be_read_begins_nothing_and_seeds_that_went_are_passed_over()
    {
        var station = Station();
        var start = new SittingStart(new(Guid.NewGuid()), TinyWorld.Listener(6), new([new("gone"), TinyWorld.IdOf(25)], [new("gone")], ["gone"]), ListWishes.None);
        var written = SittingEvents.ToEvent(start, Pseudonyms, Time.GetUtcNow());

        Log(station, written with { Session = Guid.NewGuid().ToString(), Extra = "{\"tracks\":[\"\"]}"u8.ToArray() });
        Log(station, written with { Session = Guid.NewGuid().ToString(), Extra = "no json"u8.ToArray() });
        Assert.Equal(0, station.Sessions);
        Log(station, written);

        Assert.Equal(1, station.Sessions);
        Assert.Equal(["jazz"], station.Next(start.Session, 5).Toward);
    }
}
