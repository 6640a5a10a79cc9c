using Segue.Events.Compaction;
using Segue.Events.Doors;
using Segue.Events.Log;
using Segue.Events.Pseudonyms;
using Segue.Events.Storage;
using Segue.Events.Tokens;
using Segue.Features.Snapshots;

namespace Segue.Server.Stores;

/// <summary>A store with its event log, open for the one process that takes events. Composed here and nowhere else.</summary>
public sealed class OpenStore : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private volatile HashSet<string> _pseudonyms;

    private OpenStore(string directory, StorePlaces places, TimeProvider time)
    {
        Parts = new(directory, places);
        _time = time;
        EventLog? log = null;
        try
        {
            _pseudonyms = Parts.Store.ReadListeners().Select(listener => listener.Id.Value).ToHashSet(StringComparer.Ordinal);
            // The radio lists its listeners by the pseudonyms that its models know: whoever sends one back means that listener.
            Recognize(Parts.Models.CurrentRows()?.Users ?? []);
            Pseudonyms = PseudonymKeys.LoadOrCreate(Parts.Layout.KeysFile).CreatePseudonymizer(id => _pseudonyms.Contains(id));
            log = EventLog.Open(Parts.Layout.Log, time: time);
            Events = new(log, new(Parts.Layout.DeadLettersFile), Pseudonyms, new(Parts.Recordings()), time);
            Tokens = new(Parts.Layout.TokensFile);
        }
        catch
        {
            log?.Dispose();
            Parts.Dispose();
            throw;
        }
    }

    public StoreParts Parts { get; }
    public Pseudonymizer Pseudonyms { get; }
    public AccessTokens Tokens { get; }
    public EventPipeline Events { get; }

    /// <exception cref="StoreException">There is no store, or a part of it cannot be used.</exception>
    /// <exception cref="LogInUseException">Another process has it open.</exception>
    public static OpenStore Open(string directory, StorePlaces places, TimeProvider time) => new(directory, places, time);

    /// <summary>As <see cref="Open"/>, but makes a store without a data set where there is none.</summary>
    public static OpenStore OpenOrCreate(string directory, StorePlaces places, TimeProvider time)
    {
        StoreParts.Create(directory, time);
        return new(directory, places, time);
    }

    /// <summary>From now on these ids are listeners' pseudonyms, also where a caller gives them.</summary>
    internal void Recognize(IReadOnlyList<string> pseudonyms)
    {
        if (!pseudonyms.All(_pseudonyms.Contains))
        {
            _pseudonyms = _pseudonyms.Concat(pseudonyms).ToHashSet(StringComparer.Ordinal);
        }
    }

    /// <summary>Brings the log into Parquet, builds and publishes a snapshot of the features, and lets go of old snapshots.</summary>
    /// <param name="from">Earliest event that features look at; null: all.</param>
    /// <param name="to">The snapshot's moment; null: now, in whole seconds.</param>
    /// <param name="keep">So many of the newest snapshots stay, beside the one in use.</param>
    public async Task<EtlResult> RunEtlAsync(
        DateTimeOffset? from, DateTimeOffset? to, int keep, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        var run = new EtlRun(Parts.Objects, Events.Log.Read, Parts.WorkFolder);
        var moment = to ?? DateTimeOffset.FromUnixTimeSeconds(_time.GetUtcNow().ToUnixTimeSeconds());
        var result = await run.RunAsync(
            Events.Log.End, from, moment, new(Parts.Profiles().ToAsyncEnumerable(), Parts.Recordings().ToAsyncEnumerable()), progress, cancellation);
        await new FeatureStore(Parts.Objects, Parts.WorkFolder).PruneAsync(keep, cancellation);
        return result;
    }

    /// <summary>The moment of the features in use; null before the first run.</summary>
    public async Task<DateTimeOffset?> LastEtlAsync(CancellationToken cancellation)
        => await new FeatureStore(Parts.Objects, Parts.WorkFolder).CurrentAsync(cancellation) is { } current
            ? (await FeatureManifest.ReadAsync(Parts.Objects, current.Version, cancellation)).AsOf
            : null;

    public async ValueTask DisposeAsync()
    {
        await Events.DisposeAsync();
        Tokens.Dispose();
        Parts.Dispose();
    }
}
