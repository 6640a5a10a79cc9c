using Segue.Core;
using Segue.Events;
using Segue.Events.Accounts;
using Segue.Events.Catalogue;
using Segue.Events.Compaction;
using Segue.Events.DeadLetters;
using Segue.Events.Doors;
using Segue.Events.Log;
using Segue.Events.Objects;
using Segue.Events.Pseudonyms;
using Segue.Events.Relational;
using Segue.Events.Resolving;
using Segue.Events.Storage;
using Segue.Events.Tokens;
using Segue.Features.Snapshots;
using Segue.Models.Registry;

namespace Segue.Server.Stores;

/// <summary>Where the parts of a store lie when not in its own directory.</summary>
/// <param name="Postgres">Connection string of the database of accounts and catalogue; null: the store's SQLite file.</param>
/// <param name="Objects">A directory or <c>s3://bucket/prefix?endpoint=…</c> for the Parquet files; null: the store's own.</param>
public sealed record StorePlaces(string? Postgres = null, string? Objects = null);

/// <summary>All parts of one store, open for one process: the imported data set, log, accounts, catalogue, objects. Composed here and nowhere
/// else.</summary>
public sealed class OpenStore : IAsyncDisposable
{
    private readonly RelationalStore _database;
    private readonly TimeProvider _time;

    private OpenStore(string directory, StorePlaces places, TimeProvider time)
    {
        Store = Store.Open(directory);
        Layout = new(Store.Path);
        _time = time;
        var known = Store.ReadListeners().Select(listener => listener.Id.Value).ToHashSet(StringComparer.Ordinal);
        IsPublishersPseudonym = known.Contains;
        var keys = PseudonymKeys.LoadOrCreate(Layout.KeysFile);
        Pseudonyms = keys.CreatePseudonymizer(IsPublishersPseudonym);
        _database = RelationalStore.Open(Layout, places.Postgres);
        EventLog? log = null;
        try
        {
            (Accounts, Catalogue, Tokens) = (new(_database), new(_database), new(Layout.TokensFile));
            Objects = ObjectStores.Open(places.Objects ?? Layout.Objects, Path.Combine(Layout.Root, "cache"));
            log = EventLog.Open(Layout.Log, time: time);
            Events = new(log, new(Layout.DeadLettersFile), Pseudonyms, new(Recordings()), time);
        }
        catch
        {
            log?.Dispose();
            _database.Dispose();
            throw;
        }
    }

    public Store Store { get; }
    public StoreLayout Layout { get; }
    public Pseudonymizer Pseudonyms { get; }
    public AccountStore Accounts { get; }
    public CatalogueStore Catalogue { get; }
    public AccessTokens Tokens { get; }
    public IObjectStore Objects { get; }
    public EventPipeline Events { get; }
    public ModelRegistry Models => new(Layout.Models);

    /// <summary>For the ETL's runs alone.</summary>
    public string WorkFolder => Path.Combine(Layout.Root, "work");

    /// <summary>Ids of the imported data set: its publisher's pseudonyms, kept as they are.</summary>
    public Func<string, bool> IsPublishersPseudonym { get; }

    /// <exception cref="StoreException">There is no store, or a part of it cannot be used.</exception>
    /// <exception cref="LogInUseException">Another process has it open.</exception>
    public static OpenStore Open(string directory, StorePlaces places, TimeProvider time) => new(directory, places, time);

    /// <summary>As <see cref="Open"/>, but makes a store without a data set where there is none.</summary>
    public static OpenStore OpenOrCreate(string directory, StorePlaces places, TimeProvider time)
    {
        Create(directory, time);
        return new(directory, places, time);
    }

    /// <summary>Makes a store without a data set where there is none.</summary>
    public static void Create(string directory, TimeProvider time)
    {
        if (!File.Exists(Path.Combine(directory, "store.json")))
        {
            using var writer = new StoreWriter(directory, "events", time);
            writer.Commit();
        }
    }

    /// <summary>Every recording that an event may mean: the data set's and the catalogue's.</summary>
    public IEnumerable<CatalogueRecording> Recordings()
    {
        var seen = new HashSet<TrackId>();
        foreach (var recording in Catalogue.ReadAll())
        {
            seen.Add(recording.Track.Id);
            yield return recording;
        }
        foreach (var track in Store.ReadCatalogue())
        {
            if (seen.Add(track.Id))
            {
                yield return new(track, Mbid: null, Isrc: null);
            }
        }
    }

    /// <summary>All profiles: the accounts', and the data set's where there is no account.</summary>
    public IEnumerable<ListenerProfile> Profiles()
    {
        var seen = new HashSet<ListenerId>();
        foreach (var profile in Accounts.ReadAll())
        {
            seen.Add(profile.Id);
            yield return profile;
        }
        foreach (var profile in Store.ReadListeners())
        {
            if (seen.Add(profile.Id))
            {
                yield return profile;
            }
        }
    }

    /// <summary>Brings the log into Parquet and builds, publishes a snapshot of the features.</summary>
    /// <param name="from">Earliest event that features look at; null: all.</param>
    /// <param name="to">The snapshot's moment; null: now, in whole seconds.</param>
    public async Task<EtlResult> RunEtlAsync(
        DateTimeOffset? from, DateTimeOffset? to, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        var run = new EtlRun(Objects, Events.Log.Read, WorkFolder);
        var moment = to ?? DateTimeOffset.FromUnixTimeSeconds(_time.GetUtcNow().ToUnixTimeSeconds());
        return await run.RunAsync(
            Events.Log.End, from, moment, new(Profiles().ToAsyncEnumerable(), Recordings().ToAsyncEnumerable()), progress, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await Events.DisposeAsync();
        Tokens.Dispose();
        _database.Dispose();
        (Objects as IDisposable)?.Dispose();
    }
}
