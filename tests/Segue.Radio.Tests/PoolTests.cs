using Segue.Core;
using Segue.Numerics;
using Segue.Radio.Sessions;
using Segue.Tests.Shared;

namespace Segue.Radio.Tests;

/// <summary>What a sitting keeps from list to list, and what comes when nothing is left.</summary>
public sealed class PoolTests : RadioTest
{
    [Fact]
    public void A_list_depends_on_what_was_done_and_never_on_when_lists_were_asked_for()
    {
        for (ulong world = 0; world < 20; world++)
        {
            var random = new SeededRandom(31, world);
            var (asked, silent) = (Station(), Station());
            var listener = TinyWorld.Listener(random.NextInt(TinyWorld.Listeners));
            var (often, once) = (asked.Start(listener, RadioSeeds.None, 3), silent.Start(listener, RadioSeeds.None, 1));
            RadioEvent[] events = [.. Enumerable.Range(0, 4 + random.NextInt(20)).Select(_ => random.NextInt(60)).Distinct()
                .Select((track, n) => n % 3 == 0 ? Skipped(track) : n % 7 == 0 ? Voted(track, VoteValue.Down) : Played(track))];
            foreach (var reaction in events)
            {
                asked.React(often.Session, [reaction], 1 + random.NextInt(9));
            }
            silent.React(once.Session, events, 1);

            Assert.Equal(Rows(silent.Next(once.Session, 10)), Rows(asked.Next(often.Session, 10)));
        }
    }

    [Fact]
    public void When_all_was_heard_the_radio_goes_on_with_what_was_heard_longest_ago_and_says_so()
    {
        var station = Station(new() { Rest = new() { Usual = 0 }, Spacing = new() { Gap = 0, Fatigue = 0, MostInList = 100 } });
        var start = station.Start(null, RadioSeeds.None, 2);
        station.React(start.Session, [.. Enumerable.Range(0, 60).Select(track => track is 2 or 9 ? Skipped(track) : Played(track))], 1);

        var answer = station.Next(start.Session, 5);

        Assert.Equal([0, 1, 3, 4, 5], Rows(answer));
        Assert.Equal(5, answer.Repeated);
        Assert.Null(answer.Shortfall);
        Assert.All(answer.Tracks, track => Assert.Equal(("repeat", "repeat"), (track.Source, track.Reason.Source)));
        var most = station.Next(start.Session, 100);
        Assert.Equal(60 - 2 - 3, most.Tracks.Count);   // neither what was skipped nor the three heard last
        Assert.StartsWith("There are 55 tracks instead of 100.", most.Shortfall, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_skipped_does_not_come_again_however_much_was_done_since()
    {
        var before = new Repertoire(TinyWorld.Data, TinyWorld.Models, new() { Rest = new() { Usual = 0 } }, Time);
        Track[] more = [.. Enumerable.Range(0, 20).Select(n => new Track(new($"new{n}"), $"New {n}", new(new($"newcomer{n}"), $"Newcomer {n}"), "rock", [], null))];
        var station = new RadioStation(before.WithTracks(more, new(20, TinyWorld.Models.Taste.Factors)), new() { Spacing = new() { Gap = 0, Fatigue = 0, MostInList = 100 } }, Sink, Time);
        var start = station.Start(null, RadioSeeds.None, 2);
        station.React(start.Session, [.. Enumerable.Range(0, 10).Select(track => Skipped(track))], 1);
        station.React(start.Session, [.. Enumerable.Range(10, 50).Select(track => Played(track)), .. more.Select(track => new RadioEvent(RadioEventKind.Played, track.Id))], 1);

        var answer = station.Next(start.Session, 100);

        Assert.Equal(80 - 10 - 3, answer.Repeated);   // neither what was skipped nor the three heard last
        Assert.DoesNotContain(answer.Tracks, track => Enumerable.Range(0, 10).Any(skipped => track.Track.Id == TinyWorld.IdOf(skipped)));
    }

    [Fact]
    public void What_repeats_stands_behind_all_that_is_new_and_never_was_banned_or_voted_down()
    {
        var station = Station(new() { Rest = new() { Usual = 0 }, Spacing = new() { Gap = 0, Fatigue = 0, MostInList = 100 } });
        var listener = TinyWorld.Listener(1);
        var start = station.Start(listener, RadioSeeds.None, 2);
        station.Repertoire.Ban(listener, TinyWorld.IdOf(4), null, DateTimeOffset.MaxValue, Time.GetUtcNow());
        station.React(start.Session, [.. Enumerable.Range(0, 58).Select(track => track == 7 ? Voted(track, VoteValue.Down) : Played(track))], 1);

        var answer = station.Next(start.Session, 100);

        Assert.Equal([58, 59], Rows(answer)[..2].Order());
        Assert.Equal(answer.Tracks.Count - 2, answer.Repeated);
        Assert.DoesNotContain(Rows(answer), track => track is 4 or 7);
    }

    [Fact]
    public void A_pool_that_bans_emptied_is_searched_anew()
    {
        var options = new RadioOptions { CandidatesPerSource = 4, Rest = new() { Usual = 0 }, Spacing = new() { Gap = 0, Fatigue = 0, MostInList = 100 } };
        var station = Station(options);
        var listener = TinyWorld.Listener(1);
        var start = station.Start(listener, RadioSeeds.None, 10);
        foreach (var track in start.Tracks)
        {
            station.Repertoire.Ban(listener, track.Track.Id, null, DateTimeOffset.MaxValue, Time.GetUtcNow());
        }

        var after = station.Next(start.Session, 5);

        Assert.Equal((5, 0), (after.Tracks.Count, after.Repeated));
        Assert.Empty(Rows(after).Intersect(Rows(start)));
    }
}
