using Segue.Core;
using Segue.Events;
using Segue.Features.Snapshots;

namespace Segue.Features.Tests.Snapshots;

public sealed class FeatureSnapshotTests
{
    private static readonly ListenerId Ann = new("ann"), Bob = new("bob");

    [Fact]
    public async Task Counts_of_a_small_world_are_those_counted_by_hand()
    {
        using var world = Small();
        await world.AddAsync(SmallEvents());

        var tables = (await world.SnapshotAsync(FeatureWorld.Start.AddDays(4))).Load(TestContext.Current.CancellationToken);

        var ann = tables.Listeners[Ann];
        Assert.Equal((AgeBand.From25To34, Gender.Female, new Region("FR", null, "Lyon"), 9), (ann.AgeBand, ann.Gender, ann.Region, ann.TenureDays!.Value));
        Assert.Equal((2L, 2L, 4L, 1L, 1L, 1L, 1L, 1L), (ann.Active.Days, ann.Sessions, ann.Plays.Plays, ann.Plays.Skips, ann.Plays.Partial, ann.Plays.Full, ann.Plays.Unknown, ann.Failed));
        Assert.Equal((350_000 / 3.0, 0L, 1L), (ann.Plays.MeanHeardMs!.Value, ann.Likes, ann.Dislikes));
        Assert.Equal((4L, 2L, 1L, 25.0, 25.0), (ann.Impressions, ann.Clicks, ann.ClicksRecommended, ann.ClicksPer100!.Value, ann.PlaysPer100!.Value));
        Assert.Equal(["t2", "t1", "t9"], ann.LastTracks.Select(last => last.Id.Value));
        Assert.Equal(["a1"], ann.LastArtists.Select(last => last.Id.Value));
        // Ann heard t1 for 50 and 200 s and t2 for 100 s; on average they are heard for 350/3 and 100 s.
        Assert.Equal(350_000 / ((2 * 116_667.0) + 100_000), ann.AgainstAverage!.Value, 12);

        var t1 = tables.Tracks[new("t1")];
        Assert.Equal((3L, 2L, 1L, 1L, 1L, 2L), (t1.Plays.Plays, t1.Listeners, t1.Likes, t1.Dislikes, t1.Active.Days, t1.Followers));
        Assert.Equal(350_000 / 3.0, t1.Plays.MeanHeardMs!.Value);
        Assert.Equal(62_360.956446, t1.Plays.DeviationHeardMs!.Value, 6);
        Assert.Equal(1, t1.TrendRank);
        Assert.InRange(t1.Trend, 3 * Math.Pow(0.5, 4 / 7.0), 3 * Math.Pow(0.5, 3 / 7.0));
        Assert.Null(tables.Tracks[new("t3")].TrendRank);
        Assert.Null(tables.Tracks[new("t9")].Title);

        var a1 = tables.Artists[new("a1")];
        Assert.Equal(("Name of a1", "rock", 2L, 4L, 2L, 2L, 2L), (a1.Name, a1.Genre, a1.Tracks, a1.Plays.Plays, a1.Listeners, a1.Active.Days, a1.Followers));
        Assert.Equal(["loud", "night"], a1.Tags);
        Assert.Equal(0, tables.Artists[new("a2")].Followers);
        Assert.Equal(0, tables.Listeners[new("quiet")].Sessions);
    }

    [Fact]
    public async Task Sql_columns_of_mean_and_deviation_agree_with_the_records()
    {
        using var world = Small();
        await world.AddAsync(SmallEvents());
        var snapshot = await world.SnapshotAsync(FeatureWorld.Start.AddDays(4));

        var rows = FeatureSnapshot.Rows(
            $"SELECT name, mean_heard_ms, deviation_heard_ms, likes, followers FROM {snapshot.Source("listener_last_tracks")} WHERE listener = 'ann' AND place = 2",
            row => (row.Text(0), row.Double(1), row.Double(2), row.Int64(3), row.Int64(4)),
            TestContext.Current.CancellationToken).ToList();

        var (name, mean, deviation, likes, followers) = Assert.Single(rows);
        Assert.Equal(("Title of t1", 350_000 / 3.0, 1L, 2L), (name, mean, likes, followers));
        Assert.Equal(62_360.956446, deviation, 6);
    }

    [Theory]
    [InlineData(49_999, "skips")]
    [InlineData(50_000, "partial")]
    [InlineData(179_999, "partial")]
    [InlineData(180_000, "full")]
    [InlineData(999_000, "full")]
    public async Task Completion_is_that_of_a_listen(int heardMs, string expected)
    {
        using var world = new FeatureWorld();
        await world.AddAsync([FeatureWorld.Listen("ann", "t", TimeSpan.Zero, heardMs / 1000.0)]);

        var plays = (await world.SnapshotAsync(FeatureWorld.Start.AddDays(1))).Tracks(TestContext.Current.CancellationToken).Single().Plays;

        var completion = new Listen(Ann, new("t"), FeatureWorld.Start, TimeSpan.FromMilliseconds(heardMs), TimeSpan.FromSeconds(200)).Completion;
        Assert.Equal(expected, completion switch { Completion.Skipped => "skips", Completion.Partial => "partial", _ => "full" });
        Assert.Equal((expected == "skips" ? 1L : 0, expected == "partial" ? 1L : 0, expected == "full" ? 1L : 0), (plays.Skips, plays.Partial, plays.Full));
        Assert.Equal(Math.Min(heardMs, 200_000), plays.HeardMs);
    }

    [Theory]
    [InlineData(1_799_999, 1)]
    [InlineData(1_800_000, 2)]
    public async Task Session_is_cut_at_thirty_minutes(int gapMs, int sessions)
    {
        using var world = new FeatureWorld();
        await world.AddAsync([
            FeatureWorld.Listen("ann", "t", TimeSpan.FromHours(1), 10),
            FeatureWorld.Vote("ann", "t", TimeSpan.FromHours(1) + TimeSpan.FromMilliseconds(gapMs), 1)]);

        Assert.Equal(sessions, (await world.SnapshotAsync(FeatureWorld.Start.AddDays(1))).Listeners(TestContext.Current.CancellationToken).Single().Sessions);
    }

    [Fact]
    public async Task Only_the_hundred_newest_tracks_are_kept()
    {
        using var world = new FeatureWorld();
        await world.AddAsync([.. Enumerable.Range(0, 130).Select(n => FeatureWorld.Listen("ann", $"t{n}", TimeSpan.FromMinutes(n), 10))]);

        var last = (await world.SnapshotAsync(FeatureWorld.Start.AddDays(1))).Listeners(TestContext.Current.CancellationToken).Single().LastTracks;

        Assert.Equal(Enumerable.Range(30, 100).Reverse().Select(n => $"t{n}"), last.Select(track => track.Id.Value));
    }

    [Fact]
    public async Task Events_before_the_horizon_are_not_looked_at()
    {
        using var world = Small();
        await world.AddAsync(SmallEvents());

        var snapshot = await world.SnapshotAsync(FeatureWorld.Start.AddDays(4), FeatureWorld.Start.AddDays(1));

        Assert.Equal(1, snapshot.Listeners(TestContext.Current.CancellationToken).Single(listener => listener.Listener == Ann).Plays.Plays);
    }

    [Fact]
    public async Task World_without_events_has_features_too()
    {
        using var world = Small();

        var tables = (await world.SnapshotAsync(FeatureWorld.Start)).Load(TestContext.Current.CancellationToken);

        Assert.Equal((3, 2, 3), (tables.Tracks.Count, tables.Artists.Count, tables.Listeners.Count));
        Assert.Equal(PlayTally.None, tables.Listeners[Bob].Plays);
    }

    internal static FeatureWorld Small() => new()
    {
        Accounts =
        [
            new(Ann, new("FR", null, "Lyon"), AgeBand.From25To34, Gender.Female, new(2018, 10, 31)),
            new(Bob, null, AgeBand.Unknown, Gender.Unknown),
            new(new("quiet"), null, AgeBand.From55, Gender.Other, new(2018, 11, 1)),
            new(new("later"), null, AgeBand.From55, Gender.Other, new(2019, 1, 1)),
        ],
        Catalogue =
        [
            FeatureWorld.Recording("t1", "a1", "rock", "loud"),
            FeatureWorld.Recording("t2", "a1", null, "loud", "night"),
            FeatureWorld.Recording("t3", "a2", "jazz"),
        ],
    };

    internal static List<ListenerEvent> SmallEvents()
    {
        var clicked = FeatureWorld.Make(EventKind.Click, "ann", TimeSpan.FromMinutes(32)) with { Track = new("t1"), Position = 0 };
        return
        [
            FeatureWorld.Listen("ann", "t9", TimeSpan.FromMinutes(1), null),
            FeatureWorld.Listen("ann", "t1", TimeSpan.FromMinutes(10), 49.999999, recommended: true) with { Heard = TimeSpan.FromSeconds(50), Length = TimeSpan.FromSeconds(201) },
            FeatureWorld.Listen("ann", "t1", TimeSpan.FromMinutes(20), 250),
            FeatureWorld.Listen("ann", "t1", TimeSpan.FromMinutes(25), 3, end: EndReason.Failed),
            FeatureWorld.Vote("ann", "t1", TimeSpan.FromMinutes(26), 1),
            FeatureWorld.Vote("ann", "t1", TimeSpan.FromMinutes(30), -1),
            clicked,
            clicked with { Key = FeatureWorld.Make(EventKind.Ban, "ann", TimeSpan.Zero).Key, Recommendation = new RecommendationId(Guid.Empty) },
            FeatureWorld.Follow("ann", "a1", TimeSpan.FromMinutes(33), true),
            FeatureWorld.Listen("ann", "t2", TimeSpan.FromHours(30), 100),
            .. Enumerable.Range(0, 4).Select(n => FeatureWorld.Make(EventKind.Impression, "ann", TimeSpan.FromDays(3) + TimeSpan.FromSeconds(n)) with
            {
                Track = new("t3"), Position = n, Shown = new("taste", "1", "none", 1), Recommendation = new RecommendationId(Guid.Empty),
            }),
            FeatureWorld.Listen("bob", "t1", TimeSpan.FromHours(3), 100),
            FeatureWorld.Vote("bob", "t1", TimeSpan.FromHours(4), 1),
            FeatureWorld.Follow("bob", "a1", TimeSpan.FromHours(4), true),
            FeatureWorld.Follow("bob", "a2", TimeSpan.FromHours(4), true),
            FeatureWorld.Follow("bob", "a2", TimeSpan.FromHours(5), false),
        ];
    }
}
