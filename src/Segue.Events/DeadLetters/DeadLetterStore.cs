using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Segue.Core;
using Segue.Events.Files;

namespace Segue.Events.DeadLetters;

/// <summary>Rejected events with their reasons: listed, replayed, forgotten by age and by person. One SQLite file that its owner alone reads.</summary>
/// <remarks>
/// An equal letter (source, position, bytes) is kept once, so an ingest may be repeated. When the raw bytes pass the bound, the oldest
/// letters go: a hostile sender fills no disk. Thread-safe; calls take turns. Faults of the file come as <see cref="SqliteException"/>.
/// </remarks>
public sealed partial class DeadLetterStore : IDisposable
{
    /// <summary>Most raw bytes kept of one letter.</summary>
    public const int MaxRawBytes = 64 << 10;

    private const string Schema = """
        CREATE TABLE IF NOT EXISTS dead_letters (
            id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, position INTEGER NOT NULL, byte_offset INTEGER,
            received_at INTEGER NOT NULL, reason TEXT NOT NULL, detail TEXT, raw BLOB NOT NULL, raw_length INTEGER NOT NULL,
            raw_hash BLOB NOT NULL, mapping TEXT, replayed_at INTEGER, listener TEXT, UNIQUE (source, position, raw_hash));
        CREATE INDEX IF NOT EXISTS dead_letters_by_reason ON dead_letters (reason, id);
        CREATE TABLE IF NOT EXISTS erased (raw_hash BLOB PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
        """;

    private const string Columns = "id, source, position, byte_offset, received_at, reason, detail, raw, mapping, raw_length, replayed_at, listener";

    private readonly SqliteConnection _connection;
    private readonly long _maxTotalBytes;
    private readonly Lock _lock = new();
    private long _totalBytes;

    /// <param name="file">Made where there is none, its folder too.</param>
    /// <param name="maxTotalBytes">Bound of all raw bytes, positive.</param>
    public DeadLetterStore(string file, long maxTotalBytes = 1L << 30)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxTotalBytes);
        _maxTotalBytes = maxTotalBytes;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        MakePrivate(file);
        _connection = SqliteFile.Open(file);
        Execute(Schema);
        if ((long)Scalar("SELECT COUNT(*) FROM pragma_table_info('dead_letters') WHERE name = 'listener'")! == 0)
        {
            Execute("ALTER TABLE dead_letters ADD COLUMN listener TEXT");   // a file of before letters knew whose they are
        }
        Execute("CREATE INDEX IF NOT EXISTS dead_letters_by_listener ON dead_letters (listener)");
        _totalBytes = (long)Scalar("SELECT COALESCE(SUM(LENGTH(raw)), 0) FROM dead_letters")!;
    }

    /// <summary>Keeps letters, but for those that were erased before; they are on disk when the call returns. One transaction, so give many at once.</summary>
    /// <returns>How many were new.</returns>
    public int Add(IReadOnlyCollection<DeadLetter> letters)
    {
        if (letters.Count == 0)
        {
            return 0;
        }
        lock (_lock)
        {
            using var transaction = _connection.BeginTransaction();
            using var insert = InsertCommand(transaction);
            var (added, bytes) = (0, 0L);
            foreach (var letter in letters)
            {
                if (Insert(insert, letter))
                {
                    added++;
                    bytes += Math.Min(letter.Raw.Length, MaxRawBytes);
                }
            }
            bytes -= DropOldest(transaction, _totalBytes + bytes - _maxTotalBytes);
            transaction.Commit();
            _totalBytes += bytes;
            return added;
        }
    }

    /// <summary>Letters that were not replayed, oldest first.</summary>
    /// <param name="reason">Null: of all reasons.</param>
    /// <param name="after">Id after which the page begins; 0 for the first page.</param>
    /// <param name="count">Most letters of the page, positive; each may be 64 KiB.</param>
    public IReadOnlyList<StoredDeadLetter> List(string? reason, long after, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        lock (_lock)
        {
            using var command = Command(
                $"SELECT {Columns} FROM dead_letters WHERE id > $after AND replayed_at IS NULL {(reason is null ? "" : "AND reason = $reason")} ORDER BY id LIMIT $count",
                ("$after", after), ("$count", count), ("$reason", reason));
            using var rows = command.ExecuteReader();
            var letters = new List<StoredDeadLetter>();
            while (rows.Read())
            {
                letters.Add(Read(rows));
            }
            return letters;
        }
    }

    /// <summary>How many letters wait, by reason.</summary>
    public IReadOnlyDictionary<string, long> CountByReason()
    {
        lock (_lock)
        {
            using var command = Command("SELECT reason, COUNT(*) FROM dead_letters WHERE replayed_at IS NULL GROUP BY reason ORDER BY reason");
            using var rows = command.ExecuteReader();
            var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
            while (rows.Read())
            {
                counts[rows.GetString(0)] = rows.GetInt64(1);
            }
            return counts;
        }
    }

    /// <summary>Notes that letters were taken at last: they are no longer listed, and stay until they are too old.</summary>
    public void MarkReplayed(IReadOnlyCollection<long> ids, DateTimeOffset at)
        => ForEach(ids, "UPDATE dead_letters SET replayed_at = $at WHERE id = $id", ("$at", at.ToUnixTimeMilliseconds()));

    public void Delete(IReadOnlyCollection<long> ids) => ForEach(ids, "DELETE FROM dead_letters WHERE id = $id");

    /// <summary>Retention: removes what was received before a time.</summary>
    /// <returns>How many letters went.</returns>
    public int DeleteReceivedBefore(DateTimeOffset time)
    {
        lock (_lock)
        {
            using var command = Command("DELETE FROM dead_letters WHERE received_at < $time", ("$time", time.ToUnixTimeMilliseconds()));
            using var notes = Command("DELETE FROM erased WHERE at < $time", ("$time", time.ToUnixTimeMilliseconds()));
            var gone = command.ExecuteNonQuery();
            notes.ExecuteNonQuery();
            Recount();
            return gone;
        }
    }

    public void Dispose() => _connection.Dispose();

    // SQLite gives its side files the mode of the file itself.
    private static void MakePrivate(string file)
    {
        if (!OperatingSystem.IsWindows())
        {
            using var _ = new FileStream(file, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
    }

    private static StoredDeadLetter Read(SqliteDataReader row)
    {
        var letter = new DeadLetter(
            row.GetString(1), row.GetInt64(2), row.IsDBNull(3) ? null : row.GetInt64(3), Time(row.GetInt64(4)), row.GetString(5),
            row.IsDBNull(6) ? null : row.GetString(6), (byte[])row.GetValue(7), row.IsDBNull(8) ? null : row.GetString(8),
            row.IsDBNull(11) ? null : new ListenerId(row.GetString(11)));
        return new(row.GetInt64(0), letter, row.GetInt64(9), row.IsDBNull(10) ? null : Time(row.GetInt64(10)));
    }

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private SqliteCommand InsertCommand(SqliteTransaction transaction)
    {
        var insert = Command(
            """
            INSERT OR IGNORE INTO dead_letters (source, position, byte_offset, received_at, reason, detail, raw, raw_length, raw_hash, mapping, listener)
            SELECT $source, $position, $offset, $at, $reason, $detail, $raw, $length, $hash, $mapping, $listener
            WHERE NOT EXISTS (SELECT 1 FROM erased WHERE raw_hash = $hash)
            """);
        insert.Transaction = transaction;
        foreach (var name in (string[])["$source", "$position", "$offset", "$at", "$reason", "$detail", "$raw", "$length", "$hash", "$mapping", "$listener"])
        {
            insert.Parameters.Add(new() { ParameterName = name });
        }
        return insert;
    }

    private static bool Insert(SqliteCommand insert, DeadLetter letter)
    {
        var raw = letter.Raw.Span;
        object?[] values =
        [
            letter.Source, letter.Position, letter.ByteOffset, letter.ReceivedAt.ToUnixTimeMilliseconds(), letter.Reason, letter.Detail,
            raw[..Math.Min(raw.Length, MaxRawBytes)].ToArray(), raw.Length, SHA256.HashData(raw)[..16], letter.Mapping,
            letter.Listener?.Value,
        ];
        for (var n = 0; n < values.Length; n++)
        {
            insert.Parameters[n].Value = values[n] ?? DBNull.Value;
        }
        return insert.ExecuteNonQuery() == 1;
    }

    /// <returns>Raw bytes that went.</returns>
    private long DropOldest(SqliteTransaction transaction, long surplus)
    {
        if (surplus <= 0)
        {
            return 0;
        }
        var (last, gone) = (0L, 0L);
        using (var oldest = Command("SELECT id, LENGTH(raw) FROM dead_letters ORDER BY id"))
        {
            oldest.Transaction = transaction;
            using var rows = oldest.ExecuteReader();
            while (gone < surplus && rows.Read())
            {
                (last, gone) = (rows.GetInt64(0), gone + rows.GetInt64(1));
            }
        }
        using var delete = Command("DELETE FROM dead_letters WHERE id <= $last", ("$last", last));
        delete.Transaction = transaction;
        delete.ExecuteNonQuery();
        return gone;
    }

    private void ForEach(IReadOnlyCollection<long> ids, string sql, params (string, object?)[] parameters)
    {
        lock (_lock)
        {
            using var transaction = _connection.BeginTransaction();
            using var command = Command(sql, parameters);
            command.Transaction = transaction;
            var id = command.Parameters.AddWithValue("$id", 0L);
            foreach (var one in ids)
            {
                id.Value = one;
                command.ExecuteNonQuery();
            }
            transaction.Commit();
            Recount();
        }
    }

    private void Recount() => _totalBytes = (long)Scalar("SELECT COALESCE(SUM(LENGTH(raw)), 0) FROM dead_letters")!;

    private object? Scalar(string sql)
    {
        using var command = Command(sql);
        return command.ExecuteScalar();
    }

    private void Execute(string sql)
    {
        using var command = Command(sql);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql, params (string Name, object? Value)[] parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }
        return command;
    }
}
