using System.Text;
using Segue.Core;
using Segue.Events.Tests.Compaction;
using Segue.Features.Snapshots;

namespace Segue.Features.Tests.Snapshots;

public sealed class FeatureBuilderTests
{
    private static readonly DateTimeOffset AsOf = FeatureWorld.Start.AddDays(2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Same_inputs_give_the_same_bytes_whatever_the_threads()
    {
        var events = SomeEvents.Make(5000, seed: 1);
        using var one = Random(threads: 1);
        using var two = Random(threads: 2);
        await one.AddAsync(events);
        await two.AddAsync([.. events.AsEnumerable().Reverse()]);
        two.Accounts.Reverse();
        two.Catalogue.Reverse();

        await one.SnapshotAsync(AsOf);
        await two.SnapshotAsync(AsOf);

        Assert.Equal(one.Objects.All(), two.Objects.All());
    }

    [Fact]
    public async Task Second_build_does_nothing()
    {
        using var world = Random();
        await world.AddAsync(SomeEvents.Make(500, seed: 2));
        var first = await world.Builder.BuildAsync(AsOf, null, world.Sources, null, Cancel);
        world.Objects.ChangesLeft = 0;

        var second = await world.Builder.BuildAsync(AsOf, null, world.Sources, null, Cancel);

        Assert.Equal(first.Version, second.Version);
    }

    [Fact]
    public async Task Later_events_change_no_byte()
    {
        var events = SomeEvents.Make(4000, seed: 3);
        var early = events.Where(e => e.At < AsOf).ToList();
        var at = events[0] with { Key = SomeEvents.Key("at the moment itself"), At = AsOf };
        using var before = Random();
        using var after = Random();
        await before.AddAsync(early);
        await after.AddAsync([.. events, at]);

        await before.SnapshotAsync(AsOf);
        await after.SnapshotAsync(AsOf);

        Assert.Equal(Features(before), Features(after));
    }

    [Fact]
    public async Task Later_events_of_the_same_day_change_no_table()
    {
        var (asOf, events) = (AsOf.AddHours(7), SomeEvents.Make(4000, seed: 3));
        using var before = Random();
        using var after = Random();
        await before.AddAsync([.. events.Where(e => e.At < asOf)]);
        await after.AddAsync(events);

        var (less, more) = (await before.SnapshotAsync(asOf), await after.SnapshotAsync(asOf));

        Assert.Equal(less.Manifest.Files.Select(file => file.Sha256), more.Manifest.Files.Select(file => file.Sha256));
    }

    [Fact]
    public async Task Build_that_was_cut_off_goes_on_where_it_stopped()
    {
        var events = SomeEvents.Make(500, seed: 4);
        using var whole = Random();
        await whole.AddAsync(events);
        await whole.SnapshotAsync(AsOf);
        using var world = Random();
        await world.AddAsync(events);
        world.Objects.ChangesLeft = 4;
        await Assert.ThrowsAsync<IOException>(() => world.SnapshotAsync(AsOf));
        Assert.Empty(await world.Store.VersionsAsync(Cancel));
        world.Objects.ChangesLeft = FeatureGroup.All.Count - 4 + 1;   // the tables that are missing, and the manifest

        await world.SnapshotAsync(AsOf);

        Assert.Equal(whole.Objects.All(), world.Objects.All());
    }

    [Fact]
    public async Task Flipped_bits_are_all_found()
    {
        using var world = Random();
        await world.AddAsync(SomeEvents.Make(200, seed: 5));
        var version = (await world.SnapshotAsync(AsOf)).Manifest.Version;
        var names = Features(world).Keys.Order().ToList();
        var chance = new Random(6);
        for (var n = 0; n < 200; n++)
        {
            var file = world.Objects.Existing(names[n % names.Count]);
            var bytes = await File.ReadAllBytesAsync(file, Cancel);
            var flipped = (byte[])bytes.Clone();
            var bit = chance.Next(bytes.Length * 8);
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            await File.WriteAllBytesAsync(file, flipped, Cancel);
            Assert.NotEmpty(await world.Store.VerifyAsync(version, Cancel));
            await File.WriteAllBytesAsync(file, bytes, Cancel);
        }
        Assert.Empty(await world.Store.VerifyAsync(version, Cancel));
    }

    [Fact]
    public async Task Erased_listener_is_in_no_byte_and_the_others_stay()
    {
        using var world = Random();
        var events = SomeEvents.Make(1000, seed: 7);
        await world.AddAsync(events);
        var version = (await world.SnapshotAsync(AsOf)).Manifest.Version;
        var gone = events.First(e => e.At < AsOf).Listener;
        Assert.True((await FeatureSnapshot.OpenAsync(world.Objects, version, Cancel)).Load(Cancel).Listeners.ContainsKey(gone));

        var rows = await world.Store.EraseAsync([gone], Cancel);

        Assert.True(rows > 0);
        Assert.All(Features(world).Values, bytes => Assert.False(Holds(bytes, gone.Value)));
        Assert.Empty(await world.Store.VerifyAsync(version, Cancel));
        var tables = (await FeatureSnapshot.OpenAsync(world.Objects, version, Cancel)).Load(Cancel);
        Assert.Equal(9, tables.Listeners.Count);
        Assert.False(tables.Listeners.ContainsKey(gone));
        Assert.Equal(0, await world.Store.EraseAsync([gone], Cancel));
    }

    [Fact]
    public async Task Old_snapshots_are_pruned_and_the_one_in_use_stays()
    {
        using var world = Random();
        await world.AddAsync(SomeEvents.Make(200, seed: 8));
        var versions = new List<string>();
        for (var day = 1; day <= 4; day++)
        {
            versions.Add((await world.SnapshotAsync(FeatureWorld.Start.AddDays(day))).Manifest.Version);
        }
        await world.Store.PublishAsync(new(versions[0], 200), Cancel);

        await world.Store.PruneAsync(1, Cancel);

        Assert.Equal([versions[0], versions[3]], await world.Store.VersionsAsync(Cancel));
        Assert.Equal(new CurrentFeatures(versions[0], 200), await world.Store.CurrentAsync(Cancel));
    }

    [Fact]
    public async Task Run_of_the_whole_way_twice_gives_equal_bytes()
    {
        using var world = Random();
        var events = SomeEvents.Make(600, seed: 9);
        var run = new EtlRun(world.Objects, from => SomeEvents.Logged(events).Skip((int)from), world.Folder);
        var steps = new List<string>();

        var first = await run.RunAsync(600, null, AsOf, world.Sources, new Steps(steps), Cancel);
        var bytes = world.Objects.All();
        world.Objects.ChangesLeft = 0;
        var second = await run.RunAsync(600, null, AsOf, world.Sources, null, Cancel);

        Assert.Equal(bytes, world.Objects.All());
        Assert.Equal((600L, 0L), (first.Compaction.Added, second.Compaction.Added));
        Assert.Equal(new CurrentFeatures(first.Snapshot.Version, 600), await world.Store.CurrentAsync(Cancel));
        Assert.Contains("listener_profile", steps);
    }

    internal static FeatureWorld Random(int threads = 2) => new(threads)
    {
        Accounts = [.. Enumerable.Range(0, 8).Select(n => new ListenerProfile(new($"listener-{n:x26}"), null, AgeBand.From18To24, Gender.Female, new(2018, 1, 1)))],
        Catalogue = [.. Enumerable.Range(0, 80).Select(n => FeatureWorld.Recording($"track {n}", $"artist {n % 15}", n % 2 == 0 ? "jazz" : null, $"tag {n % 7}"))],
    };

    private static Dictionary<string, byte[]> Features(FeatureWorld world)
        => world.Objects.All().Where(entry => entry.Key.StartsWith(FeatureManifest.Prefix, StringComparison.Ordinal)).ToDictionary();

    private static bool Holds(byte[] bytes, string text) => bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    private sealed class Steps(List<string> names) : IProgress<Segue.Events.Compaction.StepProgress>
    {
        public void Report(Segue.Events.Compaction.StepProgress value) => names.Add(value.Step);
    }
}
