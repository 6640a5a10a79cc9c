using System.Globalization;
using System.Text.Json;
using Dapper;
using Segue.Core;
using Segue.Events.Relational;

namespace Segue.Events.Catalogue;

/// <summary>Tracks and their artists. Thread-safe; every change is one transaction.</summary>
/// <remarks>Lengths are kept in whole milliseconds.</remarks>
public sealed class CatalogueStore(RelationalStore store)
{
    private const string Columns
        = "track.id, track.artist_id, track.title, track.length_ms, track.genre, track.tags, track.mbid, track.isrc, track.released_on, artist.name";

    private const string Tables = "track JOIN artist ON artist.id = track.artist_id";
    private const int BatchRows = 10_000;

    private static readonly TableShape Tracks
        = new("track", ["id", "artist_id", "title", "length_ms", "genre", "tags", "mbid", "isrc", "released_on"]);

    private static readonly TableShape ArtistNames = new("artist", ["id", "name"]);

    /// <summary>Number of tracks.</summary>
    public long Count()
    {
        using var connection = store.Connect();
        return connection.ExecuteScalar<long>("SELECT count(*) FROM track");
    }

    /// <summary>Inserts or overwrites tracks and the names of their artists, all or none: when <paramref name="recordings"/> throws, nothing
    /// was done.</summary>
    /// <returns>How many were given.</returns>
    public long Upsert(IEnumerable<CatalogueRecording> recordings) => store.Write(transaction =>
    {
        var count = 0L;
        foreach (var batch in recordings.Chunk(BatchRows))
        {
            var artists = batch.Select(recording => recording.Track.Artist);
            store.Upsert(transaction, ArtistNames, artists.Select(artist => new object?[] { artist.Id.Value, artist.Name }));
            count += store.Upsert(transaction, Tracks, batch.Select(ToRow));
        }
        return count;
    });

    /// <summary>All tracks, by id, as they are read.</summary>
    public IEnumerable<CatalogueRecording> ReadAll()
    {
        using var connection = store.Connect();
        foreach (var row in connection.Query<TrackRow>($"SELECT {Columns} FROM {Tables} ORDER BY track.id", buffered: false))
        {
            yield return row.ToRecording();
        }
    }

    /// <summary>One track; null when there is none. Costs one query, which opens the file: not for a request's way.</summary>
    public CatalogueRecording? Find(TrackId track)
    {
        using var connection = store.Connect();
        var row = connection.QuerySingleOrDefault<TrackRow>($"SELECT {Columns} FROM {Tables} WHERE track.id = @Value", new { track.Value });
        return row?.ToRecording();
    }

    /// <summary>Removes tracks; their artists stay.</summary>
    /// <returns>How many there were.</returns>
    public int Delete(params IReadOnlyCollection<TrackId> tracks) => store.Write(transaction => tracks.Sum(track
        => transaction.Connection!.Execute("DELETE FROM track WHERE id = @Value", new { track.Value }, transaction)));

    private static object?[] ToRow(CatalogueRecording recording)
    {
        var track = recording.Track;
        return
        [
            track.Id.Value, track.Artist.Id.Value, track.Title,
            track.Length is { } length ? Math.Max(1, (long)Math.Round(length.TotalMilliseconds)) : null,
            track.Genre, JsonSerializer.Serialize(track.Tags, CatalogueJson.Default.IReadOnlyListString), recording.Mbid, recording.Isrc,
            recording.ReleasedOn?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ];
    }

    /// <summary>A row as Dapper fills it: the names are those of the columns.</summary>
    private sealed class TrackRow
    {
        public string id { get; init; } = "";
        public string artist_id { get; init; } = "";
        public string title { get; init; } = "";
        public long? length_ms { get; init; }
        public string? genre { get; init; }
        public string tags { get; init; } = "";
        public string? mbid { get; init; }
        public string? isrc { get; init; }
        public string? released_on { get; init; }
        public string name { get; init; } = "";

        public CatalogueRecording ToRecording() => new(
            new(
                new(id), title, new(new(artist_id), name), genre, JsonSerializer.Deserialize(tags, CatalogueJson.Default.IReadOnlyListString)!,
                length_ms is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null),
            mbid, isrc, released_on is null ? null : DateOnly.ParseExact(released_on, "yyyy-MM-dd", CultureInfo.InvariantCulture));
    }
}
