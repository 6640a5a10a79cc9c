using Segue.Core;
using Segue.Events.Accounts;
using Segue.Events.Catalogue;
using Segue.Events.Objects;
using Segue.Events.Relational;
using Segue.Events.Storage;
using Segue.Features.Sound;
using Segue.Models.Registry;
using Segue.Models.Sound;

namespace Segue.Server.Stores;

/// <summary>Where the parts of a store lie when not in its own directory.</summary>
/// <param name="Postgres">Connection string of the database of accounts and catalogue; null: the store's SQLite file.</param>
/// <param name="Objects">A directory or <c>s3://bucket/prefix?endpoint=…</c> for the Parquet files; null: the store's own.</param>
public sealed record StorePlaces(string? Postgres = null, string? Objects = null);

/// <summary>The parts of a store that any number of processes may read at once: the imported data set, accounts, catalogue, objects, models.</summary>
public sealed class StoreParts : IDisposable
{
    private readonly RelationalStore _database;
    private readonly Lazy<SoundLibrary> _sound;

    /// <exception cref="StoreException">There is no store, or a part of it cannot be used.</exception>
    public StoreParts(string directory, StorePlaces places)
    {
        Store = Store.Open(directory);
        Layout = new(Store.Path);
        _database = RelationalStore.Open(Layout, places.Postgres);
        (Accounts, Catalogue) = (new(_database), new(_database));
        _sound = new(() => new(Layout.SoundLibrary));
        Objects = ObjectStores.Open(places.Objects ?? Layout.Objects, Path.Combine(Layout.Root, "cache"));
    }

    /// <summary>The imported data set as it is since the last erasure.</summary>
    public Store Store { get; private set; }
    public StoreLayout Layout { get; }
    public AccountStore Accounts { get; }
    public CatalogueStore Catalogue { get; }
    public IObjectStore Objects { get; }

    /// <summary>The music and how it sounds; made when it is asked for first.</summary>
    public SoundLibrary Sound => _sound.Value;

    /// <summary>What makes vectors of sounds.</summary>
    public SoundModels SoundModels => new(Path.Combine(Path.GetDirectoryName(Layout.SoundLibrary)!, "models"));
    public ModelRegistry Models => new(Layout.Models);

    /// <summary>Learnt rankers.</summary>
    public PublishedFiles Rankers => new(Path.Combine(Layout.Models, "rankers"), "ranker.json");

    /// <summary>For work in progress; what lies in it may be removed when nothing is under way.</summary>
    public string WorkFolder => Path.Combine(Layout.Root, "work");

    /// <summary>Takes a listener out of the imported data set. For one caller at a time.</summary>
    /// <returns>Lines removed.</returns>
    public long EraseFromDataSet(ListenerId listener)
    {
        var removed = Store.Erase(listener);
        Store = Store.Open(Store.Path);   // its files have other lengths now
        return removed;
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

    public void Dispose()
    {
        _database.Dispose();
        if (_sound.IsValueCreated)
        {
            _sound.Value.Dispose();
        }
        (Objects as IDisposable)?.Dispose();
    }
}
