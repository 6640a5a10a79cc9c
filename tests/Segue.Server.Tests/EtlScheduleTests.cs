using Microsoft.Extensions.Logging.Abstractions;
using Segue.Events.Analytics;
using Segue.Features.Snapshots;
using Segue.Server.Stores;

namespace Segue.Server.Tests;

public sealed class EtlScheduleTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private readonly SetTime _time = new();

    private static FeatureStore Features(StoreServer server) => new(server.Store.Parts.Objects, server.Store.Parts.WorkFolder);

    private Task<TimeSpan> StepAsync(StoreServer server, int keep = 7)
        => new EtlService(server.OnAir, new() { EtlEvery = Day, KeepSnapshots = keep, Time = _time }, NullLogger<EtlService>.Instance)
            .StepAsync(server.OnAir.Host!, Day, TestContext.Current.CancellationToken);

    [Fact]
    public async Task The_interval_counts_from_the_last_features_whenever_the_server_was_started()
    {
        Assert.SkipUnless(DuckDbLibrary.IsPresent, "DuckDB's library is absent: run build/natives/fetch (it needs npm).");
        await using var server = await StoreServer.StartAsync(_time);
        Assert.Equal(Day, await StepAsync(server));   // the first at once
        var first = await Features(server).CurrentAsync(TestContext.Current.CancellationToken);

        for (var restart = 0; restart < 3; restart++)
        {
            _time.Now += TimeSpan.FromHours(7);
            await server.RestartAsync();
            Assert.Equal(Day - (restart + 1) * TimeSpan.FromHours(7), await StepAsync(server));
        }
        Assert.Equal(first, await Features(server).CurrentAsync(TestContext.Current.CancellationToken));
        _time.Now += TimeSpan.FromHours(3);
        await server.RestartAsync();

        Assert.Equal(Day, await StepAsync(server));
        Assert.NotEqual(first, await Features(server).CurrentAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_newest_snapshots_stay_and_older_ones_go()
    {
        Assert.SkipUnless(DuckDbLibrary.IsPresent, "DuckDB's library is absent: run build/natives/fetch (it needs npm).");
        await using var server = await StoreServer.StartAsync(_time);
        var versions = new List<string>();
        for (var day = 0; day < 4; day++)
        {
            await StepAsync(server, keep: 2);
            versions.Add((await Features(server).CurrentAsync(TestContext.Current.CancellationToken))!.Version);
            _time.Now += Day;
        }

        Assert.Equal(versions[2..], await Features(server).VersionsAsync(TestContext.Current.CancellationToken));

        // One of an older moment is in use then, and stays though two are newer.
        var old = await server.Store.RunEtlAsync(null, _time.Now.AddDays(-30), keep: 2, null, TestContext.Current.CancellationToken);
        Assert.Equal([old.Snapshot.Version, .. versions[2..]], await Features(server).VersionsAsync(TestContext.Current.CancellationToken));
    }

    private sealed class SetTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
