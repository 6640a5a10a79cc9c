using Segue.Core;
using Segue.Tests.Shared;

namespace Segue.Radio.Tests;

/// <summary>How long sittings live, and who may use them.</summary>
public sealed class SittingTests : RadioTest
{
    [Fact]
    public void A_sitting_expires_when_nobody_asks_for_long()
    {
        var station = Station(new() { SessionIdle = TimeSpan.FromHours(1) });
        var session = station.Start(null, RadioSeeds.None, 1).Session;
        for (var n = 0; n < 5; n++)
        {
            Time.Advance(TimeSpan.FromHours(1));
            station.Next(session, 1);   // each question keeps it
        }
        Time.Advance(TimeSpan.FromHours(1) + TimeSpan.FromTicks(1));

        Assert.Throws<NotKnownException>(() => station.Next(session, 1));
        Assert.Equal(0, station.Sessions);
    }

    [Fact]
    public void Idle_sittings_that_nobody_asks_for_go_when_others_begin()
    {
        var station = Station(new() { SessionIdle = TimeSpan.FromHours(1) });
        for (var n = 0; n < 5; n++)
        {
            station.Start(null, RadioSeeds.None, 1);
        }
        Time.Advance(TimeSpan.FromHours(2));

        station.Start(null, RadioSeeds.None, 1);

        Assert.Equal(1, station.Sessions);
    }

    [Fact]
    public void The_table_of_sittings_stays_bounded_and_loses_the_longest_idle_first()
    {
        var station = Station(new() { MaxSessions = 20 });
        var sessions = new List<SessionId>();
        for (var n = 0; n < 100; n++)
        {
            sessions.Add(station.Start(null, RadioSeeds.None, 1).Session);
            Time.Advance(TimeSpan.FromSeconds(1));
            station.Next(sessions[0], 1);   // the first stays in use
            Assert.InRange(station.Sessions, 1, 20);
        }

        Assert.NotNull(station.Next(sessions[99], 1));
        Assert.NotNull(station.Next(sessions[0], 1));
        Assert.Throws<NotKnownException>(() => station.Next(sessions[1], 1));
    }

    [Fact]
    public async Task Many_callers_of_one_sitting_do_not_corrupt_it()
    {
        var station = Station();
        var session = station.Start(TinyWorld.Listener(4), RadioSeeds.None, 10).Session;
        await Parallel.ForAsync(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken }, (thread, _) =>
        {
            for (var n = 0; n < 7; n++)
            {
                var track = thread * 7 + n;   // 56 tracks, each heard by one thread
                var answer = n % 3 == 0 ? station.React(session, [Skipped(track)], 10) : station.React(session, [Played(track), Voted(track, VoteValue.Up)], 10);
                Assert.DoesNotContain(track, Fresh(answer));
                Assert.Equal(answer.Tracks.Count, Rows(answer).Distinct().Count());
                station.Next(session, 5);
            }
            return ValueTask.CompletedTask;
        });

        Assert.Equal(56, Sink.Listens.Count);
        Assert.Equal(56, Sink.Listens.Select(listen => listen.Track).Distinct().Count());
        Assert.All(Fresh(station.Next(session, 10)), track => Assert.InRange(track, 56, 59));
    }
}
