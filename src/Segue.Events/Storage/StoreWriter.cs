using System.Text.Json;
using Segue.Core;

namespace Segue.Events.Storage;

/// <summary>Writes a store beside its place, and puts it there as a whole: a reader sees all of it or nothing. Not thread-safe.</summary>
/// <remarks>Without <see cref="Commit"/>, disposing leaves the file system as it was; a process that is killed leaves its draft, a folder
/// named <c>.STORE.partial-</c> and so on beside the store's place, which may be deleted. Memory holds the ids of tracks and
/// listeners, not the interactions.</remarks>
public sealed class StoreWriter : IDisposable
{
    private readonly StorePlace _place;
    private readonly string _source;
    private readonly TimeProvider _time;
    private readonly StoreFileWriter _catalogue, _listeners, _interactions;
    private readonly HashSet<string> _tracks = [], _profiles = [], _items = [], _users = [];
    private long _interactionCount;
    private bool _committed;

    /// <param name="directory">Where the store shall lie; missing folders above it are made.</param>
    /// <param name="source">Where the data comes from, in words, for the manifest.</param>
    /// <param name="replace">Whether a store at <paramref name="directory"/> gives way, its models included.</param>
    /// <exception cref="StoreException">The place is taken: by a store that may not be replaced, or by something else.</exception>
    public StoreWriter(string directory, string source, TimeProvider time, bool replace = false)
    {
        _place = new(directory, replace);
        (_source, _time) = (source, time);
        _place.Prepare();
        try
        {
            _catalogue = new(_place.Draft, Store.CatalogueFile);
            _listeners = new(_place.Draft, Store.ListenersFile);
            _interactions = new(_place.Draft, Store.InteractionsFile);
            _interactions.WriteLine(InteractionLine.Header);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <exception cref="StoreException">A track of this id was added before.</exception>
    public void Add(Track track)
    {
        ArgumentNullException.ThrowIfNull(track);
        if (!_tracks.Add(track.Id.Value))
        {
            throw new StoreException($"The track {track.Id} is given twice.");
        }
        _catalogue.WriteLine(JsonSerializer.SerializeToUtf8Bytes(TrackLine.From(track), StoreFormat.Lines.TrackLine));
    }

    /// <exception cref="StoreException">A listener of this id was added before.</exception>
    public void Add(ListenerProfile listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        if (!_profiles.Add(listener.Id.Value))
        {
            throw new StoreException($"The listener {listener.Id} is given twice.");
        }
        _listeners.WriteLine(JsonSerializer.SerializeToUtf8Bytes(ListenerLine.From(listener), StoreFormat.Lines.ListenerLine));
    }

    /// <summary>Adds an interaction; the store keeps the order. Its item and its user may be added later, or never: see
    /// <see cref="Commit"/>.</summary>
    /// <remarks>A value is the number of plays of a listen, the share not heard of a skip, and 1 of any other action. Times are kept to
    /// the millisecond.</remarks>
    public void Add(in Interaction interaction)
    {
        _items.Add(interaction.Item);
        _users.Add(interaction.User);
        _interactionCount++;
        _interactions.WriteLine(InteractionLine.Format(interaction));
    }

    /// <summary>Publishes the store by one renaming, after everything has reached the disk. Items of interactions that the catalogue
    /// lacks get an entry that knows nothing but the id, each its own artist; users without a profile an unknown one; the manifest counts both.</summary>
    /// <exception cref="StoreException">The place was taken in the meantime.</exception>
    public StoreManifest Commit()
    {
        var items = _items.Where(item => !_tracks.Contains(item)).Order(StringComparer.Ordinal).ToList();
        var users = _users.Where(user => !_profiles.Contains(user)).Order(StringComparer.Ordinal).ToList();
        items.ForEach(item => Add(new Track(new(item), item, new(new(item), item), Genre: null, [], Length: null)));
        users.ForEach(user => Add(new ListenerProfile(new(user), Region: null, AgeBand.Unknown, Gender.Unknown)));

        var files = new[] { _catalogue.Finish(), _listeners.Finish(), _interactions.Finish() };
        var manifest = new StoreManifest(
            StoreManifest.CurrentFormatVersion, _source, _time.GetUtcNow(), _tracks.Count, _profiles.Count, _interactionCount,
            items.Count, users.Count, files);
        Directory.CreateDirectory(Path.Combine(_place.Draft, Store.ModelsFolder));
        WriteManifest(manifest.ToJson());
        _place.Publish();
        _committed = true;
        return manifest;
    }

    /// <summary>Without <see cref="Commit"/>: removes everything that was written.</summary>
    public void Dispose()
    {
        _catalogue?.Dispose();   // null when the constructor failed half-way
        _listeners?.Dispose();
        _interactions?.Dispose();
        if (!_committed)
        {
            _place.Abandon();
        }
    }

    private void WriteManifest(byte[] json)
    {
        using var file = new FileStream(Path.Combine(_place.Draft, StoreManifest.FileName), FileMode.CreateNew, FileAccess.Write);
        file.Write(json);
        file.Flush(flushToDisk: true);
    }
}
