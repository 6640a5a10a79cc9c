using Segue.Core;
using Segue.Events.Catalogue;
using Segue.Events.Normalizing;
using Segue.Events.Resolving;
using Segue.Features.Interactions;

namespace Segue.Server.Music;

/// <summary>Finds the track of the catalogue that a file is, and makes an entry where there is none.</summary>
/// <remarks>A new track's id is that of a described recording (<c>mbid:</c>, <c>isrc:</c>, <c>text:</c>), so that listens from before the file was there are its own. Where another
/// track has that id already (the same artist and title at another length), or names say nothing, the id is <c>sound:</c> and 128 bits of the content's SHA-256. The answer
/// depends on the catalogue and on the order in which files come. For one thread.</remarks>
internal sealed class TrackFinder
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(3);   // as RecordingResolver has it
    private readonly RecordingResolver _catalogue;
    private readonly Dictionary<string, Artist> _artists = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<(TrackId Track, TimeSpan Length)>> _added = new(StringComparer.Ordinal);
    private readonly HashSet<TrackId> _addedIds = [];

    public TrackFinder(IEnumerable<CatalogueRecording> catalogue)
    {
        _catalogue = new(catalogue.Select(NoteArtist));   // one pass: a catalogue may be large
    }

    /// <summary>Whether the catalogue, or a file before, has a track.</summary>
    public bool Knows(TrackId track) => _addedIds.Contains(track) || _catalogue.Resolve(track).By == MatchedBy.Id;

    /// <summary>The catalogue's track with one of the codes that a file carries; null when none has it.</summary>
    public TrackId? FindByCode(FileDescription file, TimeSpan length)
        => file.Mbid is null && file.Isrc is null ? null
            : _catalogue.Resolve(new(file.Mbid, file.Isrc, null, null, null), length) is { By: MatchedBy.Mbid or MatchedBy.Isrc } found ? found.Track
            : Keys(file, length).Where(key => !key.StartsWith("text:", StringComparison.Ordinal) && _added.ContainsKey(key)).Select(key => (TrackId?)_added[key][0].Track).FirstOrDefault();

    /// <summary>The track by artist, title and length; null when there is none within 3 s.</summary>
    public TrackId? FindByText(FileDescription file, TimeSpan length)
    {
        if (!file.IsNamed)
        {
            return null;
        }
        var resolved = _catalogue.Resolve(new(null, null, file.Artist, file.Title, null), length);
        return resolved.By == MatchedBy.Text ? resolved.Track
            : _added.GetValueOrDefault(resolved.Track.Value)?.Where(one => (one.Length - length).Duration() <= Tolerance)
                .OrderBy(one => (one.Length - length).Duration()).Select(one => (TrackId?)one.Track).FirstOrDefault();
    }

    /// <summary>The id of a track that is new.</summary>
    /// <param name="sha256">Of the file's content.</param>
    public TrackId NewId(FileDescription file, TimeSpan length, ReadOnlySpan<byte> sha256)
        => Keys(file, length).Select(key => new TrackId(key)).FirstOrDefault(id => !Knows(id)) is { Value: not null } free
            ? free
            : new($"sound:{Convert.ToHexStringLower(sha256[..16])}");

    /// <summary>Knows a track from now on.</summary>
    public void Add(TrackId track, FileDescription file, TimeSpan length)
    {
        _addedIds.Add(track);
        foreach (var key in Keys(file, length))
        {
            if (!_added.TryGetValue(key, out var tracks))
            {
                _added.Add(key, tracks = []);
            }
            tracks.Add((track, length));
        }
    }

    /// <summary>The catalogue's artist of that name, however it is spelled; else the one whose id is made of the name.</summary>
    public Artist ArtistOf(string name)
        => _artists.GetValueOrDefault(TextFolding.Artist(name)) ?? DescribedTracks.ArtistOf(name);

    // What a description without codes, without text, … would be called.
    private IEnumerable<string> Keys(FileDescription file, TimeSpan length)
    {
        if (file.Mbid is { } mbid)
        {
            yield return $"mbid:{mbid}";
        }
        if (file.Isrc is { } isrc)
        {
            yield return $"isrc:{isrc}";
        }
        if (file.IsNamed && TextId(file, length) is { } text)
        {
            yield return text;
        }
    }

    private string? TextId(FileDescription file, TimeSpan length)
        => _catalogue.Resolve(new(null, null, file.Artist, file.Title, null), length) is { By: MatchedBy.Described, Track.Value: var id } ? id : null;

    private CatalogueRecording NoteArtist(CatalogueRecording recording)
    {
        var artist = recording.Track.Artist;
        if (!artist.Id.Value.StartsWith("name:", StringComparison.Ordinal))
        {
            _artists.TryAdd(TextFolding.Artist(artist.Name), artist);
        }
        return recording;
    }
}
