using Segue.Core;
using Segue.Numerics;
using Segue.Tests.Shared;

namespace Segue.Radio.Tests;

/// <summary>How reactions move what comes next.</summary>
public sealed class AdaptationTests : RadioTest
{
    [Fact]
    public void Asking_twice_names_the_same_tracks()
    {
        var station = Station();
        var start = station.Start(TinyWorld.Listener(1), RadioSeeds.None, 10);
        var (first, second) = (station.Next(start.Session, 10), station.Next(start.Session, 10));

        Assert.Equal(Rows(start), Rows(first));
        Assert.Equal(Rows(first), Rows(second));
        Assert.NotEqual(first.Recommendation, second.Recommendation);
        Assert.Equal(Rows(first).Take(3), Rows(station.Next(start.Session, 3)));
    }

    [Fact]
    public void Two_skips_of_a_genre_at_least_halve_its_share_of_the_next_ten()
    {
        foreach (var (listener, genre) in new[] { (0, 0), (5, 2), (6, 0), (7, 1), (8, 2) })
        {
            var station = Station();
            var start = station.Start(TinyWorld.Listener(listener), RadioSeeds.None, 10);
            var skipped = Rows(start).Where(track => TinyWorld.GenreOf(track) == genre).Take(2).ToArray();

            var after = station.React(start.Session, [.. skipped.Select(track => Skipped(track))], 10);

            Assert.Equal(2, skipped.Length);
            Assert.True(2 * OfGenre(after, genre) <= OfGenre(start, genre), $"listener {listener}: {OfGenre(start, genre)} became {OfGenre(after, genre)}");
            Assert.Equal([TinyWorld.Genres[genre]], after.AwayFrom);
        }
    }

    [Fact]
    public void A_like_raises_the_share_of_its_genre()
    {
        foreach (var (listener, genre) in new[] { (6, 1), (7, 2), (8, 0) })
        {
            var station = Station();
            var start = station.Start(TinyWorld.Listener(listener), RadioSeeds.None, 10);

            var after = station.React(start.Session, [Voted(genre * 20 + 2, VoteValue.Up)], 10);

            Assert.True(OfGenre(after, genre) > OfGenre(start, genre), $"{OfGenre(start, genre)} became {OfGenre(after, genre)}");
            Assert.Equal([TinyWorld.Genres[genre]], after.Toward);
        }
    }

    [Fact]
    public void A_seeded_genre_can_be_skipped_away()
    {
        var station = Station();
        var answer = station.Start(TinyWorld.Listener(1), new([], [], ["techno"]), 10);
        Assert.Equal(["techno"], answer.Toward);

        for (var n = 0; n < 4; n++)
        {
            answer = station.React(answer.Session, [Skipped(Rows(answer)[0])], 10);
        }

        Assert.Equal("techno", answer.AwayFrom[0]);
        Assert.True(OfGenre(answer, 2) <= 2, $"{OfGenre(answer, 2)} of 10");
    }

    [Fact]
    public void The_control_of_the_experiment_does_not_adapt_but_does_not_repeat_either()
    {
        var station = Station(new() { Rest = new() { Usual = 3 }, AdaptsToSession = false, Spacing = new() { Gap = 0, Fatigue = 0, MostInList = 100 } });
        var start = station.Start(TinyWorld.Listener(1), RadioSeeds.None, 12);

        var after = station.React(start.Session, [Skipped(Rows(start)[0]), Skipped(Rows(start)[1])], 10);

        Assert.Equal(Rows(start)[2..], Rows(after));
    }

    [Fact]
    public void What_was_heard_at_the_radio_counts_in_the_next_sitting()
    {
        var station = Station();
        var before = OfGenre(station.Start(TinyWorld.Listener(6), RadioSeeds.None, 10), 1);
        var session = station.Start(TinyWorld.Listener(6), RadioSeeds.None, 1).Session;
        station.React(session, [.. TinyWorld.TracksOf(1).Take(12).Select(Played)], 1);

        var after = station.Start(TinyWorld.Listener(6), RadioSeeds.None, 10);

        Assert.True(OfGenre(after, 1) > before, $"{before} became {OfGenre(after, 1)}");
        Assert.Equal(before, OfGenre(Station().Start(TinyWorld.Listener(6), RadioSeeds.None, 10), 1));
    }

    [Fact]
    public void A_heard_or_voted_down_track_comes_again_in_its_sitting_only_when_nothing_else_is_left()
    {
        var station = Station();
        var answer = station.Start(TinyWorld.Listener(3), RadioSeeds.None, 5);
        var (random, gone) = (new SeededRandom(1), new HashSet<int>());
        while (answer.Tracks.Count > answer.Repeated)
        {
            var fresh = Fresh(answer);
            Assert.DoesNotContain(fresh, gone.Contains);
            var track = fresh[random.NextInt(fresh.Length)];
            gone.Add(track);
            answer = station.React(answer.Session, [random.NextInt(3) switch
            {
                0 => Skipped(track, 200 * random.NextDouble()),
                1 => Voted(track, VoteValue.Down),
                _ => Played(track),
            }], 5);
        }

        Assert.InRange(gone.Count, 50, 60);   // to the end, but for what rests
    }
}
