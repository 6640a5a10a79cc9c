using Segue.Events;
using Segue.Events.Compaction;
using Segue.Events.Objects;

namespace Segue.Features.Snapshots;

/// <summary>What a run of the whole way from the log to the features did.</summary>
public sealed record EtlResult(CompactionResult Compaction, FeatureManifest Snapshot);

/// <summary>From the log to the features in use: compacts, builds a snapshot, publishes it.</summary>
/// <remarks>Run twice it gives equal bytes; cut off at any place it is simply run again and skips what is done. The host sees to it that
/// one run is under way at a time.</remarks>
/// <param name="log">The log's events from an offset on.</param>
/// <param name="workFolder">For the runs alone: what lies in it is removed.</param>
public sealed class EtlRun(
    IObjectStore objects,
    Func<long, IEnumerable<LoggedEvent>> log,
    string workFolder,
    CompactorOptions? compactorOptions = null,
    FeatureBuilderOptions? builderOptions = null)
{
    /// <param name="end">The log's offset after the last event to take.</param>
    /// <param name="from">Earliest event that features look at; null: all that is kept.</param>
    /// <param name="to">The moment of the snapshot: events at or after it are compacted but not seen by it.</param>
    /// <exception cref="InvalidDataException">A manifest is damaged.</exception>
    public async Task<EtlResult> RunAsync(
        long end,
        DateTimeOffset? from,
        DateTimeOffset to,
        FeatureSources sources,
        IProgress<StepProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        var compactor = new EventCompactor(objects, Path.Combine(workFolder, "compaction"), compactorOptions);
        var covered = (await EventManifest.ReadAsync(objects, cancellation)).Offset;
        var compaction = await compactor.CompactAsync(log(covered), end, progress, cancellation);
        var builder = new FeatureBuilder(objects, Path.Combine(workFolder, "features"), builderOptions);
        var snapshot = await builder.BuildAsync(to, from, sources, progress, cancellation);
        var store = new FeatureStore(objects, Path.Combine(workFolder, "publish"));
        await store.PublishAsync(new(snapshot.Version, compaction.Offset), cancellation);
        return new(compaction, snapshot);
    }
}
