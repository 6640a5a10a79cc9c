using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Segue.Audio;
using Segue.Audio.Tags;
using Segue.Core;
using Segue.Events.Files;

namespace Segue.Features.Sound;

/// <summary>Which music there is, and how it sounds: files, the contents they have, the tracks that contents are, and what was heard in them. One SQLite file.</summary>
/// <remarks>
/// What is heard belongs to a content, which its SHA-256 names: a file that is renamed, moved or copied is known by its bytes and not listened to again. A track may
/// have several contents (a FLAC and an MP3); the one whose file comes first by path leads, and is what readers give. So the state depends on the set of files and not
/// on the order in which threads came. Every change is one transaction: a kill of the process loses nothing that was kept; a loss of power may lose what was kept since
/// <see cref="Sync"/>, which a next scan finds again. Thread-safe, also over processes; readers see one committed state and hold nobody up. Faults of the file come as <see cref="SqliteException"/>.
/// </remarks>
public sealed partial class SoundLibrary : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Lock _lock = new();
    private readonly string _path;

    /// <summary>Opens a library, and makes it where there is none, its folder too.</summary>
    /// <exception cref="InvalidDataException">The library was written by a newer Segue.</exception>
    public SoundLibrary(string path)
    {
        _path = path;
        PrivateFolder.Create(Path.GetDirectoryName(Path.GetFullPath(path))!);
        _connection = SqliteFile.Open(path);
        try
        {
            LibrarySchema.Apply(_connection, path);
            _connection.Execute("PRAGMA synchronous=NORMAL");   // a sync for each of 100,000 files would cost minutes
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>Spectra beyond so many bytes are not kept; their tracks can be recommended all the same, but no encoder learns from them.</summary>
    public long MaxSpectraBytes { get; set; } = 10L << 30;

    /// <summary>A number that is another one whenever somebody else has written to the library: another process, not this object. Cheap.</summary>
    public long WrittenByOthers()
    {
        lock (_lock)
        {
            return _connection.ExecuteScalar<long>("PRAGMA data_version");
        }
    }

    /// <summary>Begins a scan of one or several folders.</summary>
    /// <returns>Its number, greater than any before.</returns>
    public long BeginScan(DateTimeOffset at)
        => Write(() => _connection.ExecuteScalar<long>("INSERT INTO scan (began_at) VALUES (@at) RETURNING id", new { at = at.ToUnixTimeMilliseconds() }));

    /// <summary>What is known of a file; null when it was never seen.</summary>
    /// <param name="path">Full path.</param>
    public KnownFile? FindFile(string path)
    {
        lock (_lock)
        {
            var row = _connection.QuerySingleOrDefault<FileRow>(
                """
                SELECT file.bytes, file.modified_at, file.gone, file.sound, file.outcome, file.fault, sound.analysis,
                       sound.outcome = 0 AND NOT sound.is_described AS needs_track
                FROM file LEFT JOIN sound ON sound.id = file.sound WHERE path = @path
                """,
                new { path });
            return row is null ? null : new(
                row.bytes, new(row.modified_at, TimeSpan.Zero), row.gone, row.sound, (FileOutcome)row.outcome, row.fault, row.analysis, row.needs_track);
        }
    }

    /// <summary>The content with these bytes, if it was analyzed in this way; else null.</summary>
    /// <param name="sha256">32 bytes.</param>
    public KnownSound? FindSound(byte[] sha256, string analysis)
    {
        lock (_lock)
        {
            return SelectSound("WHERE sound.sha256 = @sha256 AND sound.analysis = @analysis", new { sha256, analysis });
        }
    }

    /// <summary>A content by its row; null when there is none.</summary>
    public KnownSound? FindSound(long sound)
    {
        lock (_lock)
        {
            return SelectSound("WHERE sound.id = @sound", new { sound });
        }
    }

    /// <summary>Keeps what was found in a file; what was known of equal bytes is replaced, but the track stays.</summary>
    /// <returns>The row of the content.</returns>
    public long Keep(MusicFile file, SoundContent content, long scan) => Write(() =>
    {
        var (result, features) = (content.Result, content.Result.Features);
        var descriptors = features is null ? null : MemoryMarshal.AsBytes(features.Descriptors.AsSpan()).ToArray();
        var sound = _connection.ExecuteScalar<long>(
            """
            INSERT INTO sound (sha256, outcome, fault, duration_ms, analysis, tags, print)
            VALUES (@Sha256, @outcome, @Fault, @duration, @Analysis, @tags, @print)
            ON CONFLICT (sha256) DO UPDATE SET outcome = excluded.outcome, fault = excluded.fault, duration_ms = excluded.duration_ms,
                analysis = excluded.analysis, tags = excluded.tags, print = excluded.print, is_described = 0
            RETURNING id
            """,
            new
            {
                content.Sha256, outcome = (int)FileOutcomes.Of(result.Outcome), result.Fault, duration = (long)result.Duration.TotalMilliseconds, content.Analysis,
                tags = JsonSerializer.Serialize(content.Tags, LibraryJson.Default.AudioTags), print = descriptors is null ? null : SHA256.HashData(descriptors)[..16],
            });
        DropBlobs(sound);
        if (descriptors is not null)
        {
            _connection.Execute("INSERT INTO descriptors VALUES (@sound, @descriptors)", new { sound, descriptors });
        }
        if (features is { Spectra.Length: > 0 } && SpectraBytes() + features.Spectra.Length <= MaxSpectraBytes)
        {
            _connection.Execute("INSERT INTO spectra VALUES (@sound, @Spectra)", new { sound, features.Spectra });
            _connection.Execute("UPDATE total SET value = value + @Length WHERE name = 'spectra'", new { features.Spectra.Length });
        }
        Put(file, sound, (int)FileOutcomes.Of(result.Outcome), fault: null, scan);
        return sound;
    });

    /// <summary>Notes that a file has a content that is known.</summary>
    public void Attach(MusicFile file, long sound, long scan) => Write(() =>
    {
        Put(file, sound, outcome: 0, fault: null, scan);
        return true;
    });

    /// <summary>Notes a file that gave no bytes.</summary>
    /// <param name="fault">Why, for the one who owns the file.</param>
    public void KeepUnreadable(MusicFile file, string fault, long scan) => Write(() =>
    {
        Put(file, sound: null, (int)FileOutcome.Unreadable, fault, scan);
        return true;
    });

    /// <summary>Notes files that are as they were. One transaction, so give many at once.</summary>
    public void Seen(IReadOnlyCollection<string> paths, long scan) => Write(() =>
    {
        foreach (var path in paths)
        {
            _connection.Execute("UPDATE file SET scan = max(scan, @scan) WHERE path = @path", new { scan, path });
        }
        return true;
    });

    /// <summary>Notes files as gone that a scan of a folder did not see. A file that comes back is known again.</summary>
    /// <param name="isExcepted">Files of which the scan could not tell: those below a folder that gave no list.</param>
    public GoneFiles MarkGone(string root, long scan, Func<string, bool> isExcepted) => Write(() =>
    {
        var below = Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar;
        var unseen = _connection.Query<(long Id, string Path, long? Sound)>(
            "SELECT id, path, sound FROM file WHERE gone = 0 AND scan < @scan AND substr(path, 1, length(@below)) = @below", new { scan, below });
        var gone = unseen.Where(file => !isExcepted(file.Path)).ToList();
        gone.ForEach(file => Remove(file.Id, file.Sound));
        return new GoneFiles(gone.Count, [.. gone.Select(file => file.Sound).OfType<long>().Distinct()]);
    });

    /// <summary>Notes one file as gone; nothing happens where it is not known.</summary>
    public GoneFiles MarkGone(string path) => Write(() =>
    {
        var known = _connection.QuerySingleOrDefault<(long Id, long? Sound)>("SELECT id, sound FROM file WHERE path = @path AND gone = 0", new { path });
        if (known.Id != 0)
        {
            Remove(known.Id, known.Sound);
        }
        return new GoneFiles(known.Id != 0 ? 1 : 0, known.Sound is { } sound ? [sound] : []);
    });

    /// <summary>Files below a folder that are there, as far as is known.</summary>
    public long CountBelow(string root)
    {
        lock (_lock)
        {
            var below = Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar;
            return _connection.ExecuteScalar<long>("SELECT count(*) FROM file WHERE gone = 0 AND substr(path, 1, length(@below)) = @below", new { below });
        }
    }

    /// <summary>Decides which track a content is, and what is said of it.</summary>
    public void Describe(long sound, SoundDescription description) => Write(() =>
    {
        var before = _connection.ExecuteScalar<string?>("SELECT track FROM sound WHERE id = @sound", new { sound });
        _connection.Execute(
            """
            UPDATE sound SET track = @track, is_own = @IsOwn, title = @Title, artist = @Artist, album = @Album, album_key = @AlbumKey, is_described = 1
            WHERE id = @sound
            """,
            new { sound, track = description.Track.Value, description.IsOwn, description.Title, description.Artist, description.Album, description.AlbumKey });
        ChooseLeader(before);
        ChooseLeader(description.Track.Value);
        return true;
    });

    /// <summary>The track of another content that sounds exactly the same: the file was tagged anew, or packed in another container.</summary>
    /// <returns>Null where none is known.</returns>
    public (TrackId Track, bool IsOwn)? TrackOfSameSound(long sound)
    {
        lock (_lock)
        {
            var row = _connection.QueryFirstOrDefault<(string? Track, bool IsOwn)>(
                """
                SELECT other.track, other.is_own FROM sound JOIN sound AS other ON other.print = sound.print AND other.id <> sound.id
                WHERE sound.id = @sound AND other.track IS NOT NULL AND abs(other.duration_ms - sound.duration_ms) <= 1000 ORDER BY other.track LIMIT 1
                """,
                new { sound });
            return row.Track is { } track ? (new(track), row.IsOwn) : null;
        }
    }

    /// <summary>Returns when all that was kept is on disk.</summary>
    public void Sync()
    {
        lock (_lock)
        {
            _connection.Execute("PRAGMA synchronous=FULL");
            Write(() => _connection.Execute("UPDATE total SET value = value"));   // a synced commit puts all before it on disk
            _connection.Execute("PRAGMA synchronous=NORMAL");
        }
    }

    /// <summary>Whether a track's catalogue entry was made from a file.</summary>
    public bool Owns(TrackId track)
    {
        lock (_lock)
        {
            return _connection.ExecuteScalar<bool>("SELECT EXISTS (SELECT 1 FROM sound WHERE track = @Value AND is_own = 1)", new { track.Value });
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _connection.Dispose();
        }
    }

    private KnownSound? SelectSound(string where, object parameters)
    {
        var row = _connection.QuerySingleOrDefault<SoundRow>(
            $"""
            SELECT sound.id, sound.sha256, sound.outcome, sound.duration_ms, sound.tags, sound.track, sound.is_own, sound.is_described,
                   file.root, file.path, coalesce(file.bytes, 0) AS bytes, coalesce(file.modified_at, 0) AS modified_at
            FROM sound LEFT JOIN file ON file.id = sound.first_file {where}
            """,
            parameters);
        return row is null ? null : new(
            row.id, row.sha256, (AudioOutcome)row.outcome, TimeSpan.FromMilliseconds(row.duration_ms), Tags(row.tags), row.track is { } track ? new(track) : null,
            row.is_own, row.is_described, row.path is { } path ? new(row.root!, path, row.bytes, new(row.modified_at, TimeSpan.Zero)) : null);
    }

    private static AudioTags Tags(string json) => JsonSerializer.Deserialize(json, LibraryJson.Default.AudioTags) ?? AudioTags.None;

    private sealed class FileRow
    {
        public long bytes { get; init; }
        public long modified_at { get; init; }
        public bool gone { get; init; }
        public long? sound { get; init; }
        public long outcome { get; init; }
        public string? fault { get; init; }
        public string? analysis { get; init; }
        public bool needs_track { get; init; }
    }

    private sealed class SoundRow
    {
        public long id { get; init; }
        public byte[] sha256 { get; init; } = [];
        public long outcome { get; init; }
        public long duration_ms { get; init; }
        public string tags { get; init; } = "";
        public string? track { get; init; }
        public bool is_own { get; init; }
        public bool is_described { get; init; }
        public string? root { get; init; }
        public string? path { get; init; }
        public long bytes { get; init; }
        public long modified_at { get; init; }
    }
}
