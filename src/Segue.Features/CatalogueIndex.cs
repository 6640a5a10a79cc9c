using Segue.Core;

namespace Segue.Features;

/// <summary>The catalogue by rows: row n of every model is track n of this index.</summary>
public sealed class CatalogueIndex
{
    private readonly IdMap _tracks;
    private readonly IdMap _artists = new();
    private readonly IdMap _genres = new();
    private readonly int[] _artistOf;
    private readonly int[] _genreOf;
    private readonly List<int>[] _tracksOfGenre;
    private readonly List<int>[] _tracksOfArtist;

    /// <exception cref="ArgumentException">Two tracks share an id.</exception>
    public CatalogueIndex(IReadOnlyList<Track> tracks)
    {
        Tracks = tracks;
        _tracks = new(tracks.Select(track => track.Id.Value));
        if (_tracks.Count != tracks.Count)
        {
            throw new ArgumentException($"The catalogue has {tracks.Count} tracks but only {_tracks.Count} different ids.", nameof(tracks));
        }
        _artistOf = [.. tracks.Select(track => _artists.Add(track.Artist.Id.Value))];
        _genreOf = [.. tracks.Select(track => string.IsNullOrWhiteSpace(track.Genre) ? -1 : _genres.Add(Fold(track.Genre)))];
        _tracksOfArtist = Group(_artistOf, _artists.Count);
        _tracksOfGenre = Group(_genreOf, _genres.Count);
    }

    public IReadOnlyList<Track> Tracks { get; }
    public int Count => Tracks.Count;

    /// <summary>Genres in the order of their first track, lower case.</summary>
    public IReadOnlyList<string> Genres => _genres.Ids;
    public int Artists => _artists.Count;

    public int? Find(TrackId id) => _tracks.Find(id.Value);
    public int? FindArtist(ArtistId id) => _artists.Find(id.Value);

    /// <summary>The genre's number, whatever its case; null when no track has it.</summary>
    public int? FindGenre(string name) => _genres.Find(Fold(name));

    /// <summary>The number of a track's artist.</summary>
    public int ArtistOf(int track) => _artistOf[track];

    /// <summary>The number of a track's genre, or -1 when it has none.</summary>
    public int GenreOf(int track) => _genreOf[track];

    /// <summary>Tracks of one genre, ascending.</summary>
    public IReadOnlyList<int> TracksOfGenre(int genre) => _tracksOfGenre[genre];

    /// <summary>Tracks of one artist, ascending.</summary>
    public IReadOnlyList<int> TracksOfArtist(int artist) => _tracksOfArtist[artist];

    private static string Fold(string genre) => genre.Trim().ToLowerInvariant();

    private static List<int>[] Group(int[] groupOf, int groups)
    {
        var members = new List<int>[groups];
        for (var group = 0; group < groups; group++)
        {
            members[group] = [];
        }
        for (var track = 0; track < groupOf.Length; track++)
        {
            if (groupOf[track] >= 0)
            {
                members[groupOf[track]].Add(track);
            }
        }
        return members;
    }
}
