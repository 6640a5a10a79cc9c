using System.Runtime.InteropServices;
using Dapper;
using Microsoft.Data.Sqlite;
using Segue.Core;
using Segue.Events.Files;

namespace Segue.Features.Sound;

/// <summary>What others read: tracks that can be played, and their sound.</summary>
public sealed partial class SoundLibrary
{
    /// <summary>Where a track can be heard: its first file that is there now.</summary>
    /// <returns>A full path; null when no file has the track. The file may vanish before it is opened.</returns>
    public string? FindFile(TrackId track)
    {
        lock (_lock)
        {
            return _connection.Query<string>(
                """
                SELECT file.path FROM sound JOIN file ON file.sound = sound.id
                WHERE sound.track = @Value AND sound.outcome = @ok AND file.gone = 0 ORDER BY file.path
                """,
                new { track.Value, ok = (int)FileOutcome.Ok }).FirstOrDefault(File.Exists);
        }
    }

    /// <summary>A track that can be played; null when it cannot.</summary>
    public LibraryTrack? FindTrack(TrackId track)
    {
        using var connection = OpenToRead();
        return connection.QuerySingleOrDefault<TrackRow>($"{SelectTracks} AND sound.track = @Value", new { track.Value })?.ToTrack();
    }

    /// <summary>All tracks that can be played, by id in ordinal order, as they are read.</summary>
    public IEnumerable<LibraryTrack> ReadTracks() => Read<TrackRow, LibraryTrack>($"{SelectTracks} ORDER BY sound.track", null, row => row.ToTrack());

    /// <summary>Descriptors of all tracks that can be played, by id in ordinal order, as they are read: memory does not depend on their number.</summary>
    public IEnumerable<TrackDescriptors> ReadDescriptors()
        => Read<BlobRow, TrackDescriptors>(SelectBlobs("descriptors"), null, row => new(new(row.track), row.id, Cast<float>(row.value)));

    /// <summary>Spectra of the tracks that have them, as <see cref="ReadDescriptors"/>.</summary>
    public IEnumerable<TrackSpectra> ReadSpectra()
        => Read<BlobRow, TrackSpectra>(SelectBlobs("spectra"), null, row => new(new(row.track), row.id, row.value));

    /// <summary>The tracks that have spectra.</summary>
    public IReadOnlySet<TrackId> TracksWithSpectra()
    {
        using var connection = OpenToRead();
        return connection.Query<string>("SELECT sound.track FROM sound WHERE sound.leads = 1 AND EXISTS (SELECT 1 FROM spectra WHERE spectra.sound = sound.id)")
            .Select(track => new TrackId(track)).ToHashSet();
    }

    /// <summary>Spectra of one track; null where it has none.</summary>
    public TrackSpectra? FindSpectra(TrackId track)
    {
        using var connection = OpenToRead();
        var row = connection.QuerySingleOrDefault<BlobRow>(
            "SELECT sound.track, sound.id, spectra.value FROM sound JOIN spectra ON spectra.sound = sound.id WHERE sound.leads = 1 AND sound.track = @Value", new { track.Value });
        return row is null ? null : new(new(row.track), row.id, row.value);
    }

    /// <summary>Vectors of one version of the sound model, of the tracks that have one, as <see cref="ReadDescriptors"/>.</summary>
    public IEnumerable<TrackVector> ReadVectors(string version)
        => Read<BlobRow, TrackVector>(
            "SELECT sound.track, sound.id, vector.value FROM sound JOIN vector ON vector.version = @version AND vector.sound = sound.id WHERE sound.leads = 1 ORDER BY sound.track",
            new { version }, row => new(new(row.track), row.id, Cast<Half>(row.value)));

    /// <summary>Keeps vectors; those of contents that were analyzed anew or forgotten meanwhile are left out. One transaction, so give many at once.</summary>
    /// <param name="version">Of the sound model.</param>
    public void UpsertVectors(string version, IReadOnlyCollection<SoundVector> vectors) => Write(() =>
    {
        using var command = _connection.CreateCommand();
        command.CommandText = """
            INSERT INTO vector (version, sound, value) SELECT $version, $sound, $value WHERE EXISTS (SELECT 1 FROM descriptors WHERE sound = $sound)
            ON CONFLICT (version, sound) DO UPDATE SET value = excluded.value
            """;
        command.Parameters.AddWithValue("$version", version);
        var (sound, value) = (command.Parameters.Add("$sound", SqliteType.Integer), command.Parameters.Add("$value", SqliteType.Blob));
        foreach (var vector in vectors)
        {
            (sound.Value, value.Value) = (vector.Sound, MemoryMarshal.AsBytes(vector.Values.AsSpan()).ToArray());
            command.ExecuteNonQuery();
        }
        return true;
    });

    /// <summary>Lets go of the vectors of all versions but some.</summary>
    public void KeepVectorsOf(params IReadOnlyCollection<string> versions) => Write(() =>
    {
        foreach (var old in _connection.Query<string>("SELECT DISTINCT version FROM vector").Except(versions).ToList())
        {
            _connection.Execute("DELETE FROM vector WHERE version = @old", new { old });
        }
        return true;
    });

    /// <summary>Folders whose files are there, as they were scanned.</summary>
    public IReadOnlyList<string> ReadRoots()
    {
        lock (_lock)
        {
            return [.. _connection.Query<string>("SELECT DISTINCT root FROM file WHERE gone = 0 ORDER BY root")];
        }
    }

    /// <summary>Tracks that this library brought into the catalogue and whose last file is gone: they stay in histories, and are not to be recommended.</summary>
    public IReadOnlySet<TrackId> WithdrawnTracks()
    {
        using var connection = OpenToRead();
        return connection.Query<string>("SELECT track FROM sound WHERE is_own = 1 AND track IS NOT NULL GROUP BY track HAVING max(leads) = 0")
            .Select(track => new TrackId(track)).ToHashSet();
    }

    public LibraryCounts Counts()
    {
        using var connection = OpenToRead();
        var files = connection.Query<(long Outcome, long Count)>("SELECT outcome, count(*) FROM file WHERE gone = 0 GROUP BY outcome ORDER BY outcome")
            .ToDictionary(row => (FileOutcome)row.Outcome, row => row.Count);
        return new(
            files, connection.ExecuteScalar<long>("SELECT count(*) FROM file WHERE gone = 1"),
            connection.ExecuteScalar<long>("SELECT count(*) FROM sound WHERE leads = 1"), connection.ExecuteScalar<long>("SELECT value FROM total WHERE name = 'spectra'"));
    }

    /// <summary>Files that are not <see cref="FileOutcome.Ok"/>, oldest first.</summary>
    /// <param name="outcome">Null: of all outcomes.</param>
    /// <param name="after">Id after which the page begins; 0 for the first.</param>
    /// <param name="count">Files of the page at most, positive.</param>
    public IReadOnlyList<FaultyFile> ListFaults(FileOutcome? outcome, long after, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        using var connection = OpenToRead();
        var rows = connection.Query<(long Id, string Path, long Outcome, string? Fault, string? First)>(
            $"""
            SELECT file.id, file.path, file.outcome, coalesce(file.fault, sound.fault), first.path
            FROM file LEFT JOIN sound ON sound.id = file.sound LEFT JOIN file AS first ON first.id = sound.first_file
            WHERE file.gone = 0 AND file.outcome {(outcome is null ? "<> 0" : "= @outcome")} AND file.id > @after ORDER BY file.id LIMIT @count
            """,
            new { outcome = (int?)outcome, after, count });
        return [.. rows.Select(row => new FaultyFile(row.Id, row.Path, (FileOutcome)row.Outcome, (FileOutcome)row.Outcome == FileOutcome.Duplicate ? $"has the same bytes as {row.First}" : row.Fault ?? ""))];
    }

    private const string SelectTracks = """
        SELECT sound.track, sound.id, sound.title, sound.artist, sound.album, sound.album_key, sound.tags, sound.duration_ms, sound.is_own, file.path
        FROM sound JOIN file ON file.id = sound.first_file WHERE sound.leads = 1 AND sound.is_described
        """;

    private static string SelectBlobs(string table)
        => $"SELECT sound.track, sound.id, {table}.value FROM sound JOIN {table} ON {table}.sound = sound.id WHERE sound.leads = 1 ORDER BY sound.track";

    private static T[] Cast<T>(byte[] bytes)
        where T : unmanaged
        => MemoryMarshal.Cast<byte, T>(bytes).ToArray();

    // A connection of its own: one state from the first row to the last, and nobody waits.
    private SqliteConnection OpenToRead() => SqliteFile.OpenToRead(_path);

    private IEnumerable<T> Read<TRow, T>(string sql, object? parameters, Func<TRow, T> convert)
    {
        using var connection = OpenToRead();
        foreach (var row in connection.Query<TRow>(sql, parameters, buffered: false))
        {
            yield return convert(row);
        }
    }

    private sealed class BlobRow
    {
        public string track { get; init; } = "";
        public long id { get; init; }
        public byte[] value { get; init; } = [];
    }

    private sealed class TrackRow
    {
        public string track { get; init; } = "";
        public long id { get; init; }
        public string? title { get; init; }
        public string? artist { get; init; }
        public string? album { get; init; }
        public string? album_key { get; init; }
        public string tags { get; init; } = "";
        public long duration_ms { get; init; }
        public bool is_own { get; init; }
        public string path { get; init; } = "";

        public LibraryTrack ToTrack()
            => new(new(track), id, title ?? "", artist ?? "", album, album_key, Tags(tags), TimeSpan.FromMilliseconds(duration_ms), path, is_own);
    }
}
