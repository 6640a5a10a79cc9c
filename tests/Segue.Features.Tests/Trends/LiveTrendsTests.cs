using Segue.Core;
using Segue.Events;
using Segue.Features.Trends;
using Segue.Numerics;

namespace Segue.Features.Tests.Trends;

public sealed class LiveTrendsTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Region Bern = new("CH", "CH.BE", "Bern"), Zurich = new("CH", "CH.ZH", "Zürich"), Lyon = new("FR", null, "Lyon");

    private static ListenerEvent Listen(string listener, string track, double hours = 0) => new()
    {
        Kind = EventKind.Listen,
        Key = default,
        Listener = new(listener),
        Track = new(track),
        At = Start.AddHours(hours),
        Heard = TimeSpan.FromMinutes(3),
        Length = TimeSpan.FromMinutes(3),
        End = EndReason.Finished,
    };

    // Listeners b0 to b9 of Bern, z0 to z9 of Zurich, l0 to l9 of Lyon; anybody else is nowhere.
    private static LiveTrends Trends(params IEnumerable<ListenerEvent> events)
    {
        var trends = new LiveTrends();
        trends.Know(from home in new[] { ("b", Bern), ("z", Zurich), ("l", Lyon) }
                    from n in Enumerable.Range(0, 10)
                    select new ListenerProfile(new($"{home.Item1}{n}"), home.Item2, AgeBand.Unknown, Gender.Unknown));
        foreach (var happened in events)
        {
            trends.Apply(happened);
        }
        return trends;
    }

    private static IEnumerable<ListenerEvent> All(string city, int listeners, int tracks, string prefix)
        => from listener in Enumerable.Range(0, listeners)
           from track in Enumerable.Range(0, tracks)
           select Listen($"{city}{listener}", $"{prefix}{track}");

    private static IEnumerable<(string, float)> Weights(TrendingTracks trending) => trending.Tracks.Select(track => (track.Track.Value, track.Weight));

    [Fact]
    public void A_city_answers_with_its_own_tracks_and_their_listeners()
    {
        var trends = Trends([.. All("b", 5, 12, "here"), .. All("l", 9, 12, "there")]);

        var trending = trends.At(Bern, TrendSpan.Days, Start);

        Assert.Equal((Bern, "Bern"), (trending.Where, trending.Name));
        Assert.Equal(Enumerable.Range(0, 12).Select(n => ($"here{n}", 5f)).OrderBy(pair => pair.Item1, StringComparer.Ordinal), Weights(trending));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(128)]
    public void Events_taken_together_count_as_one_after_the_other(int counters)
    {
        var random = new SeededRandom(5);
        string[] cities = ["b", "z", "l", "nobody"];
        ListenerEvent[] events = [.. Enumerable.Range(0, 3000).Select(n => Listen($"{cities[random.NextInt(4)]}{random.NextInt(10)}", $"t{random.NextInt(40)}", n / 60.0))];
        var (single, together) = (new LiveTrends(counters), new LiveTrends(counters));
        foreach (var trends in (LiveTrends[])[single, together])
        {
            trends.Know(from city in new[] { ("b", Bern), ("z", Zurich), ("l", Lyon) } from n in Enumerable.Range(0, 10) select new ListenerProfile(new($"{city.Item1}{n}"), city.Item2, AgeBand.Unknown, Gender.Unknown));
        }

        foreach (var happened in events)
        {
            single.Apply(happened);
        }
        together.Apply(events);

        foreach (var place in (Region?[])[Bern, Zurich, Lyon, null])
        {
            var (expected, answer) = (single.At(place, TrendSpan.Days, events[^1].At), together.At(place, TrendSpan.Days, events[^1].At));
            Assert.NotEmpty(expected.Tracks);
            Assert.Equal(expected.Where, answer.Where);
            Assert.Equal(Weights(expected), Weights(answer));
        }
    }

    [Fact]
    public void Where_fewer_than_ten_tracks_trend_the_country_answers_and_then_the_world()
    {
        var trends = Trends([.. All("b", 2, 12, "swiss"), .. All("z", 2, 12, "swiss"), .. All("l", 4, 9, "french")]);

        Assert.Equal(new("CH"), trends.At(Bern, TrendSpan.Days, Start).Where);
        Assert.Equal("CH", trends.At(Bern, TrendSpan.Days, Start).Name);
        Assert.Equal(12, trends.At(Bern, TrendSpan.Days, Start).Tracks.Count);
        Assert.Null(trends.At(Lyon, TrendSpan.Days, Start).Where);
        Assert.Equal(21, trends.At(Lyon, TrendSpan.Days, Start).Tracks.Count);
        Assert.Null(trends.At(new("JP"), TrendSpan.Days, Start).Name);
    }

    [Fact]
    public void Around_a_listener_is_the_place_of_the_profile_and_the_world_for_a_stranger()
    {
        var trends = Trends(All("b", 5, 12, "here"));

        Assert.Equal(Bern, trends.Around(new("b7"), Start).Where);
        Assert.Null(trends.Around(new("stranger"), Start).Where);
        Assert.Null(trends.Around(null, Start).Where);
        Assert.Equal(12, trends.Around(null, Start).Tracks.Count);
    }

    [Fact]
    public void Hours_forget_what_days_remember()
    {
        var trends = Trends(All("b", 8, 12, "here"));

        Assert.Equal(4f, trends.At(null, TrendSpan.Days, Start.AddDays(3)).Tracks[0].Weight, 1e-4f);
        Assert.Empty(trends.At(null, TrendSpan.Hours, Start.AddDays(3)).Tracks);
        Assert.Equal(4f, trends.At(null, TrendSpan.Hours, Start.AddHours(6)).Tracks[0].Weight, 1e-4f);
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(1)]
    [InlineData(24)]
    [InlineData(168)]
    [InlineData(169)]
    public void One_account_makes_nothing_trend_however_it_loops(double hoursBetween)
    {
        var events = Enumerable.Range(0, 2000).Select(n => Listen("b0", "loop", n * hoursBetween)).ToList();
        var trends = Trends();

        foreach (var happened in events)
        {
            trends.Apply(happened);
            Assert.Empty(trends.At(null, TrendSpan.Days, happened.At).Tracks);
        }
    }

    [Fact]
    public void Three_listeners_outweigh_one_who_plays_a_hundred_times()
    {
        var trends = Trends([
            .. Enumerable.Range(0, 20).Select(n => Listen("b0", "loved", n * 0.1)), Listen("b1", "loved"), Listen("b2", "loved"),
            .. Enumerable.Range(3, 5).Select(n => Listen($"b{n}", "known")),
        ]);

        Assert.Equal(["known", "loved"], trends.At(null, TrendSpan.Days, Start).Tracks.Select(track => track.Track.Value));
        Assert.InRange(trends.At(null, TrendSpan.Days, Start).Tracks[1].Weight, 3.9f, 4.1f);
    }

    [Fact]
    public void Of_one_listener_sixty_events_an_hour_count()
    {
        var trends = Trends(from track in Enumerable.Range(0, 100)
                            from listener in Enumerable.Range(0, 3)
                            select Listen($"b{listener}", $"t{track:D3}", track / 200.0));

        Assert.Equal(Enumerable.Range(0, 60).Select(n => $"t{n:D3}"),
            trends.At(null, TrendSpan.Days, Start.AddHours(-1)).Tracks.Select(track => track.Track.Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Only_what_listeners_chose_counts()
    {
        ListenerEvent[] Of(Func<string, ListenerEvent> make) => [.. Enumerable.Range(0, 4).Select(n => make($"b{n}"))];
        var trends = Trends([
            .. Of(who => Listen(who, "heard")),
            .. Of(who => Listen(who, "untold") with { Heard = null, Length = null, End = EndReason.Unknown }),
            .. Of(who => Listen(who, "liked") with { Kind = EventKind.Vote, Value = 1 }),
            .. Of(who => Listen(who, "listed") with { Kind = EventKind.PlaylistAdd }),
            .. Of(who => Listen(who, "skipped") with { End = EndReason.Skipped }),
            .. Of(who => Listen(who, "failed") with { End = EndReason.Failed }),
            .. Of(who => Listen(who, "short") with { Heard = TimeSpan.FromSeconds(44) }),
            .. Of(who => Listen(who, "disliked") with { Kind = EventKind.Vote, Value = -1 }),
            .. Of(who => Listen(who, "shown") with { Kind = EventKind.Impression }),
        ]);

        Assert.Equal(["heard", "liked", "listed", "untold"], trends.At(null, TrendSpan.Days, Start).Tracks.Select(track => track.Track.Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_place_is_found_by_its_name_where_one_alone_has_it()
    {
        var trends = Trends([Listen("b0", "x"), Listen("l0", "x")]);

        Assert.Equal((Bern, Lyon, new("FR")), (trends.FindPlace("bern"), trends.FindPlace("Lyon, FR"), trends.FindPlace("FR")));
        Assert.Null(trends.FindPlace("Zürich"));
        Assert.Equal((true, false), (trends.Knows(Bern), trends.Knows(Zurich)));
    }

    [Fact]
    public void Who_moves_counts_at_the_new_place_from_then_on()
    {
        var trends = Trends(All("b", 5, 12, "early"));

        trends.Know(Enumerable.Range(0, 5).Select(n => new ListenerProfile(new($"b{n}"), Lyon, AgeBand.Unknown, Gender.Unknown)));
        foreach (var happened in All("b", 5, 12, "late"))
        {
            trends.Apply(happened);
        }

        Assert.All(trends.At(Bern, TrendSpan.Days, Start).Tracks, track => Assert.StartsWith("early", track.Track.Value, StringComparison.Ordinal));
        Assert.All(trends.At(Lyon, TrendSpan.Days, Start).Tracks, track => Assert.StartsWith("late", track.Track.Value, StringComparison.Ordinal));
    }
}
