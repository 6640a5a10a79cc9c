using Microsoft.Data.Sqlite;
using Segue.Events.Files;

namespace Segue.Events.Log;

/// <summary>What is known of a segment that takes no more events.</summary>
/// <param name="End">Offset behind its last event.</param>
/// <param name="Sha256">Of the whole file.</param>
/// <param name="WrittenTo">When its last block was appended.</param>
/// <param name="Rotation">The last rotation of keys that it went through.</param>
internal sealed record SealedSegment(long First, long End, long Bytes, byte[] Sha256, DateTimeOffset WrittenTo, string? Rotation = null);

/// <summary><c>log.db</c>: the sealed segments with their checksums, keys of erased events, and a rotation of keys that is under way.</summary>
/// <remarks>Not thread-safe. Every change is on disk when its call returns.</remarks>
internal sealed class LogManifest : IDisposable
{
    public const string FileName = "log.db";
    private const string RotationUnderWay = "rotation";
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS segments(
            first INTEGER PRIMARY KEY, end INTEGER NOT NULL, bytes INTEGER NOT NULL, sha256 BLOB NOT NULL, written_to INTEGER NOT NULL,
            rotation TEXT, next_bytes INTEGER, next_sha256 BLOB, next_rotation TEXT);
        CREATE TABLE IF NOT EXISTS erased(key BLOB PRIMARY KEY, below INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS state(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        PRAGMA user_version=1;
        """;

    private readonly string _path;
    private readonly SqliteConnection _connection;

    /// <exception cref="LogDamagedException">The file is damaged or of a newer version.</exception>
    public LogManifest(string folder)
    {
        _path = Path.Combine(folder, FileName);
        try
        {
            _connection = SqliteFile.Open(_path);
            if (Scalar("PRAGMA user_version") is long and > 1)
            {
                throw new LogDamagedException(_path, null, "it is of a newer version.");
            }
            SegmentFile.Execute(_connection, Schema);
        }
        catch (SqliteException damage) when (SegmentFile.IsDamage(damage))
        {
            _connection?.Dispose();
            throw new LogDamagedException(_path, null, damage.Message, damage);
        }
    }

    /// <summary>The rotation of keys that was begun and not finished; null when there is none.</summary>
    public string? Rotation
    {
        get => (string?)Scalar("SELECT value FROM state WHERE name=$a", RotationUnderWay);
        set
        {
            if (value is null)
            {
                Run("DELETE FROM state WHERE name=$a", RotationUnderWay);
            }
            else
            {
                Run("INSERT OR REPLACE INTO state VALUES($a, $b)", RotationUnderWay, value);
            }
        }
    }

    public List<SealedSegment> Segments()
        => Rows(
            "SELECT first, end, bytes, sha256, written_to, rotation FROM segments ORDER BY first",
            row => new SealedSegment(
                row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetFieldValue<byte[]>(3),
                DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)), row.IsDBNull(5) ? null : row.GetString(5)));

    public void Add(SealedSegment segment)
        => Run(
            "INSERT INTO segments(first, end, bytes, sha256, written_to, rotation) VALUES($a, $b, $c, $d, $e, $f)",
            segment.First, segment.End, segment.Bytes, segment.Sha256, segment.WrittenTo.ToUnixTimeMilliseconds(), segment.Rotation);

    public void Remove(long first) => Run("DELETE FROM segments WHERE first=$a", first);

    /// <summary>Says, before a rewritten segment takes its place, what it will be; with the keys of the events erased in it.</summary>
    public void Announce(SealedSegment next, IEnumerable<EventKey> erased)
        => SegmentFile.InTransaction(_connection, () =>
        {
            foreach (var key in erased)
            {
                Run("INSERT OR IGNORE INTO erased VALUES($a, $b)", KeyBytes.Of(key.Value), next.End);
            }
            Run(
                "UPDATE segments SET next_bytes=$b, next_sha256=$c, next_rotation=$d WHERE first=$a",
                next.First, next.Bytes, next.Sha256, next.Rotation);
        });

    /// <summary>Says that the rewritten segment has taken its place.</summary>
    public void Promote(long first)
        => Run(
            """
            UPDATE segments SET bytes=next_bytes, sha256=next_sha256, rotation=next_rotation, next_bytes=NULL, next_sha256=NULL, next_rotation=NULL
            WHERE first=$a
            """,
            first);

    public void Withdraw(long first) => Run("UPDATE segments SET next_bytes=NULL, next_sha256=NULL, next_rotation=NULL WHERE first=$a", first);

    /// <summary>Segments that were announced: whether they took their place is not known.</summary>
    public List<(long First, byte[] Next)> Announced()
        => Rows("SELECT first, next_sha256 FROM segments WHERE next_sha256 IS NOT NULL", row => (row.GetInt64(0), row.GetFieldValue<byte[]>(1)));

    /// <summary>Keys of erased events that a reader of the log from <paramref name="from"/> on does not meet.</summary>
    public List<EventKey> ErasedFrom(long from)
        => Rows($"SELECT key FROM erased WHERE below > {from}", row => new EventKey(KeyBytes.ToKey(row.GetFieldValue<byte[]>(0))));

    /// <summary>What SQLite's own check finds; empty when all is well.</summary>
    public List<string> Check() => Rows("PRAGMA integrity_check", row => row.GetString(0)).Where(line => line != "ok").ToList();

    public void Dispose() => _connection.Dispose();

    private void Run(string sql, params ReadOnlySpan<object?> values)
    {
        using var command = Command(sql, values);
        command.ExecuteNonQuery();
    }

    private object? Scalar(string sql, params ReadOnlySpan<object?> values)
    {
        using var command = Command(sql, values);
        return command.ExecuteScalar();
    }

    private List<T> Rows<T>(string sql, Func<SqliteDataReader, T> read)
    {
        using var command = Command(sql, []);
        using var rows = command.ExecuteReader();
        var all = new List<T>();
        while (rows.Read())
        {
            all.Add(read(rows));
        }
        return all;
    }

    private SqliteCommand Command(string sql, ReadOnlySpan<object?> values)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"${(char)('a' + i)}", values[i] ?? DBNull.Value);
        }
        return command;
    }
}
