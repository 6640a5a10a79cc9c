using Segue.Core;
using Segue.Events.Tests.Compaction;
using Segue.Features.Online;
using Segue.Features.Snapshots;
using Segue.Features.Tests.Snapshots;

namespace Segue.Features.Tests.Online;

public sealed class LiveFeaturesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, Environment.GetEnvironmentVariable("SEGUE_LONG_TESTS") == "1" ? 50 : 3)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Counting_on_from_a_snapshot_equals_building_a_later_one(int seed)
    {
        var days = 3 + (seed * 37 % 90);   // some worlds outlast the 63 days that are known one by one
        var events = SomeEvents.Make(3000, seed, days, listeners: 12).OrderBy(e => e.At).ToList();
        var (early, late) = (FeatureWorld.Start.AddDays(days / 3.0), FeatureWorld.Start.AddDays(days * 0.9));
        early = early.AddTicks(-(early.Ticks % TimeSpan.TicksPerMillisecond));
        late = late.AddTicks(-(late.Ticks % TimeSpan.TicksPerMillisecond));
        using var world = FeatureBuilderTests.Random();
        await world.AddAsync(events);
        var live = LiveFeatures.Start(await world.SnapshotAsync(early), Cancel);

        foreach (var happened in events.Where(e => e.At >= early && e.At < late))
        {
            live.Apply(happened);
        }

        var later = (await world.SnapshotAsync(late)).Load(Cancel);
        Assert.All(later.Tracks.Values, track => Assert.Equal(Text(track), Text(live.Find(track.Track)!)));
        Assert.All(later.Artists.Values, artist => Assert.Equal(Text(artist), Text(live.Find(artist.Artist)!)));
        Assert.All(later.Listeners.Values, listener => Assert.Equal(Text(listener), Text(live.Find(listener.Listener)!)));
        Assert.Equal((12, true), (later.Listeners.Count, later.Tracks.Count > 80));
    }

    [Fact]
    public async Task Late_and_disordered_events_change_nothing_but_sessions()
    {
        var events = SomeEvents.Make(2000, seed: 20, days: 6).OrderBy(e => e.At).ToList();
        var (early, late) = (FeatureWorld.Start.AddDays(3), FeatureWorld.Start.AddDays(6));
        using var world = FeatureBuilderTests.Random();
        await world.AddAsync(events);
        var live = LiveFeatures.Start(await world.SnapshotAsync(early), Cancel);
        var chance = new Random(1);

        foreach (var happened in events.Where(e => e.At >= early).OrderBy(_ => chance.Next()))
        {
            live.Apply(happened);
        }

        var later = (await world.SnapshotAsync(late)).Load(Cancel);
        Assert.All(later.Tracks.Values, track => Assert.Equal(Text(track), Text(live.Find(track.Track)!)));
        Assert.All(later.Listeners.Values, listener => Assert.Equal(Text(listener with { Sessions = 0 }), Text(live.Find(listener.Listener)! with { Sessions = 0 })));
    }

    [Fact]
    public async Task Hundred_newest_tracks_are_those_of_a_build_even_where_times_are_equal()
    {
        var events = Enumerable.Range(0, 260).Select(n => FeatureWorld.Listen("ann", $"t{n * 7 % 170}", TimeSpan.FromMinutes(n / 3), 10) with { Key = SomeEvents.Key($"{n}") }).ToList();
        var early = FeatureWorld.Start.AddMinutes(40);
        using var world = new FeatureWorld();
        await world.AddAsync(events);
        var live = LiveFeatures.Start(await world.SnapshotAsync(early), Cancel);

        foreach (var happened in events.Where(e => e.At >= early).Reverse())
        {
            live.Apply(happened);
        }

        var expected = (await world.SnapshotAsync(FeatureWorld.Start.AddDays(1))).Load(Cancel).Listeners[new("ann")].LastTracks;
        Assert.Equal(100, expected.Count);
        Assert.Equal(expected, live.Find(new ListenerId("ann"))!.LastTracks);
    }

    [Fact]
    public async Task Forgotten_listener_is_unknown_and_begins_anew()
    {
        using var world = FeatureSnapshotTests.Small();
        await world.AddAsync(FeatureSnapshotTests.SmallEvents());
        var live = LiveFeatures.Start(await world.SnapshotAsync(FeatureWorld.Start.AddDays(4)), Cancel);

        Assert.True(live.Forget(new("ann")));
        Assert.False(live.Forget(new("ann")));
        Assert.Null(live.Find(new ListenerId("ann")));
        live.Apply(FeatureWorld.Listen("ann", "t3", TimeSpan.FromDays(5), 10));

        Assert.Equal(1, live.Find(new ListenerId("ann"))!.Plays.Plays);
        Assert.Equal(AgeBand.Unknown, live.Find(new ListenerId("ann"))!.AgeBand);
    }

    [Fact]
    public async Task Events_of_many_threads_are_all_counted()
    {
        using var world = FeatureSnapshotTests.Small();
        var live = LiveFeatures.Start(await world.SnapshotAsync(FeatureWorld.Start), Cancel);

        Parallel.For(0, 4000, n => live.Apply(FeatureWorld.Listen($"listener {n % 50}", "t1", TimeSpan.FromSeconds(n), 200)));

        var track = live.Find(new TrackId("t1"))!;
        Assert.Equal((4000L, 50L, 1L), (track.Plays.Plays, track.Listeners, track.Active.Days));
    }

    // What only a build changes is left out; lists are compared by what they hold.
    private static string Text(TrackFeatures track)
        => $"{track with { Trend = 0, TrendRank = null, Tags = [], Active = track.Active with { RecentDays = 0 } }} {string.Join(' ', track.Tags)}";

    private static string Text(ArtistFeatures artist)
        => $"{artist with { Trend = 0, TrendRank = null, Tags = [], Active = artist.Active with { RecentDays = 0 } }} {string.Join(' ', artist.Tags)}";

    private static string Text(ListenerFeatures listener)
        => $"{listener with { TenureDays = null, AgainstAverage = null, LastTracks = [], LastArtists = [] }} {string.Join(' ', listener.LastTracks)} {string.Join(' ', listener.LastArtists)}";
}
