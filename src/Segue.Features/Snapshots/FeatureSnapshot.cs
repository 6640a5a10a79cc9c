using Segue.Core;
using Segue.Events.Analytics;
using Segue.Events.Objects;

namespace Segue.Features.Snapshots;

/// <summary>Reads one snapshot: in bulk for models, or whole into <see cref="Load"/> for look-ups.</summary>
public sealed class FeatureSnapshot
{
    private const string Tally = "coalesce(plays, 0), coalesce(skips, 0), coalesce(partial, 0), coalesce(\"full\", 0), coalesce(\"unknown\", 0), "
        + "coalesce(heard_known, 0), coalesce(heard_ms, 0), coalesce(heard_squares, 0)::HUGEINT";

    private readonly IReadOnlyDictionary<string, string> _files;

    private FeatureSnapshot(FeatureManifest manifest, IReadOnlyDictionary<string, string> files) => (Manifest, _files) = (manifest, files);

    public FeatureManifest Manifest { get; }

    /// <exception cref="FileNotFoundException">There is no such snapshot, or a table of it is missing.</exception>
    /// <exception cref="InvalidDataException">The manifest is damaged.</exception>
    public static async Task<FeatureSnapshot> OpenAsync(IObjectStore objects, string version, CancellationToken cancellation = default)
    {
        var manifest = await FeatureManifest.ReadAsync(objects, version, cancellation);
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in manifest.Files)
        {
            files.Add(file.Group, await objects.LocalFileAsync(file.ObjectName, cancellation));
        }
        return new(manifest, files);
    }

    /// <summary>A table as a source of a SELECT, for queries of one's own: the groups' names are those of the files in <c>Sql/</c>.</summary>
    public string Source(string group) => $"read_parquet({DuckDbConnection.Literal(_files[group])})";

    /// <summary>All tracks, by id.</summary>
    public IEnumerable<TrackFeatures> Tracks(CancellationToken cancellation = default)
        => Rows(
            $"""
            SELECT {Tally}, first_at, last_at, active_days, recent_days, listeners, likes, dislikes, trend, trend_rank, followers,
                   track, title, artist, artist_name, genre, {FeatureSources.JoinSql("tags")}, length_ms
            FROM {Source("track")} ORDER BY track
            """,
            row => new TrackFeatures(
                new(row.Text(18)), Text(row, 19), Artist(row, 20), Text(row, 21), Text(row, 22), FeatureSources.Split(row.Text(23)),
                row.IsNull(24) ? null : TimeSpan.FromTicks(row.Int64(24) * TimeSpan.TicksPerMillisecond),
                TallyOf(row), row.Int64(12), row.Int64(13), row.Int64(14), ActiveOf(row, 8), row.Double(15),
                row.IsNull(16) ? null : row.Int64(16), row.Int64(17)),
            cancellation);

    /// <summary>All artists, by id.</summary>
    public IEnumerable<ArtistFeatures> Artists(CancellationToken cancellation = default)
        => Rows(
            $"""
            SELECT {Tally}, first_at, last_at, active_days, recent_days, listeners, likes, dislikes, trend, trend_rank, followers,
                   artist, name, genre, {FeatureSources.JoinSql("tags")}, tracks
            FROM {Source("artist")} ORDER BY artist
            """,
            row => new ArtistFeatures(
                new(row.Text(18)), Text(row, 19), Text(row, 20), FeatureSources.Split(row.Text(21)), row.Int64(22),
                TallyOf(row), row.Int64(12), row.Int64(13), row.Int64(14), ActiveOf(row, 8), row.Double(15),
                row.IsNull(16) ? null : row.Int64(16), row.Int64(17)),
            cancellation);

    /// <summary>All listeners, by id.</summary>
    public IEnumerable<ListenerFeatures> Listeners(CancellationToken cancellation = default)
        => Rows(
            $"""
            SELECT {Tally}, first_at, last_at, coalesce(active_days, 0), coalesce(recent_days, 0),
                   listener, coalesce(age_band, 'Unknown'), coalesce(gender, 'Unknown'), country, area, city, tenure_days, coalesce(sessions, 0),
                   coalesce(failed, 0), against_average, coalesce(likes, 0), coalesce(dislikes, 0), coalesce(impressions, 0),
                   coalesce(clicks, 0), coalesce(clicks_recommended, 0), coalesce(plays_recommended, 0), tracks, track_times, artists, artist_times
            FROM {Source("listener_profile")} AS profile
            FULL JOIN {Source("listener_listening")} AS listening USING (listener)
            LEFT JOIN ({LastSql("track")}) AS last_tracks USING (listener)
            LEFT JOIN ({LastSql("artist")}) AS last_artists USING (listener)
            ORDER BY listener
            """,
            ListenerOf,
            cancellation);

    /// <summary>Every table in memory, by id: some 300 bytes a track or artist, some 10 KB a listener with full lists.</summary>
    public FeatureTables Load(CancellationToken cancellation = default)
        => new(
            Manifest,
            Tracks(cancellation).ToDictionary(track => track.Track),
            Artists(cancellation).ToDictionary(artist => artist.Artist),
            Listeners(cancellation).ToDictionary(listener => listener.Listener));

    internal static IEnumerable<T> Rows<T>(string sql, Func<DuckDbReader, T> row, CancellationToken cancellation)
    {
        using var database = DuckDbDatabase.Open(new() { MemoryMiB = 1024, SpillFolder = Path.GetTempPath() });
        using var connection = database.Connect();
        using var reader = connection.Query(sql, cancellation);
        while (reader.Read())
        {
            yield return row(reader);
        }
    }

    private static ListenerFeatures ListenerOf(DuckDbReader row) => new(
        new(row.Text(12)),
        Enum.Parse<AgeBand>(row.Text(13)),
        Enum.Parse<Gender>(row.Text(14)),
        row.IsNull(15) ? null : new(row.Text(15), Text(row, 16), Text(row, 17)),
        row.IsNull(18) ? null : row.Int32(18),
        ActiveOf(row, 8),
        row.Int64(19),
        TallyOf(row),
        row.Int64(20),
        row.IsNull(21) ? null : row.Double(21),
        row.Int64(22),
        row.Int64(23),
        row.Int64(24),
        row.Int64(25),
        row.Int64(26),
        row.Int64(27),
        LastOf(row, 28, id => new TrackId(id)),
        LastOf(row, 30, id => new ArtistId(id)));

    private string LastSql(string what)
        => $"SELECT listener, string_agg({what}, chr(31) ORDER BY place) AS {what}s, string_agg(epoch_ms(last_at), ' ' ORDER BY place) AS {what}_times "
            + $"FROM {Source($"listener_last_{what}s")} GROUP BY listener";

    private static LastPlayed<T>[] LastOf<T>(DuckDbReader row, int column, Func<string, T> id)
        => row.IsNull(column)
            ? []
            : [.. FeatureSources.Split(row.Text(column)).Zip(
                row.Text(column + 1).Split(' '),
                (text, time) => new LastPlayed<T>(id(text), DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(time))))];

    private static PlayTally TallyOf(DuckDbReader row)
        => new(row.Int64(0), row.Int64(1), row.Int64(2), row.Int64(3), row.Int64(4), row.Int64(5), row.Int64(6), row.Int128(7));

    private static ActiveTime ActiveOf(DuckDbReader row, int column)
        => new(row.IsNull(column) ? null : row.Timestamp(column), row.IsNull(column + 1) ? null : row.Timestamp(column + 1), row.Int64(column + 2))
        {
            RecentDays = row.Int64(column + 3),
        };

    private static string? Text(DuckDbReader row, int column) => row.IsNull(column) ? null : row.Text(column);

    private static ArtistId? Artist(DuckDbReader row, int column) => row.IsNull(column) ? null : new(row.Text(column));
}

/// <summary>A snapshot in memory.</summary>
/// <remarks>Read only, so safe for any number of threads.</remarks>
public sealed record FeatureTables(
    FeatureManifest Manifest,
    IReadOnlyDictionary<TrackId, TrackFeatures> Tracks,
    IReadOnlyDictionary<ArtistId, ArtistFeatures> Artists,
    IReadOnlyDictionary<ListenerId, ListenerFeatures> Listeners);
