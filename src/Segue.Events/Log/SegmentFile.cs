using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Segue.Events.Files;

namespace Segue.Events.Log;

/// <summary>One file of the log: a SQLite database whose rows are blocks of events.</summary>
internal static class SegmentFile
{
    /// <summary>Bytes: of the sizes tried, the one with the most events a second in large groups; see docs/adr/0007-event-log.md.</summary>
    private const int PageSize = 32 * 1024;
    private const string Prefix = "events-";
    private const string Draft = ".draft";
    private const string Schema = """
        CREATE TABLE blocks(
            first INTEGER PRIMARY KEY, count INTEGER NOT NULL, written_at INTEGER NOT NULL, sha256 BLOB NOT NULL, payload BLOB NOT NULL)
        """;

    public const string Insert = "INSERT INTO blocks(first, count, written_at, sha256, payload) VALUES(?, ?, ?, ?, ?)";

    /// <summary>The name tells the first offset, so that even an empty segment does.</summary>
    public static string NameOf(long first) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{first:D18}.db");

    /// <summary>The first offsets of the segments in a folder, in order.</summary>
    public static List<long> List(string folder)
        => Directory.EnumerateFiles(folder, Prefix + "*.db")
            .Select(path => Path.GetFileNameWithoutExtension(path)[Prefix.Length..])
            .Where(digits => digits.Length == 18 && digits.All(char.IsAsciiDigit))
            .Select(digits => long.Parse(digits, CultureInfo.InvariantCulture))
            .Order()
            .ToList();

    /// <summary>Removes what a stop in the midst of <see cref="Create"/> or <see cref="WriteDraft"/> left behind.</summary>
    public static void DeleteDrafts(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder, Prefix + "*" + Draft + "*").ToList())
        {
            File.Delete(path);
        }
    }

    public static string DraftOf(string path) => path + Draft;

    /// <summary>Makes an empty segment: whole and on disk, or not there.</summary>
    public static void Create(string path)
    {
        WriteDraft(path, []);
        using (var connection = Connect(DraftOf(path), SqliteOpenMode.ReadWrite))
        {
            Execute(connection, "PRAGMA journal_mode=WAL");   // it stays so: opening need not change the file
        }
        DurableFile.SyncAndPublish(DraftOf(path), path);
    }

    /// <summary>Writes blocks into a new file beside the place; not synced.</summary>
    public static void WriteDraft(string path, IEnumerable<LogBlock> blocks)
    {
        File.Delete(DraftOf(path));
        // No journal: a draft that was not finished is thrown away. The page size must be set before anything is written.
        using var connection = Connect(DraftOf(path), SqliteOpenMode.ReadWriteCreate);
        Execute(connection, $"PRAGMA page_size={PageSize}; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN; {Schema}");
        using var insert = new BlockInsert(connection);
        foreach (var block in blocks)
        {
            insert.Run(block.First, block.Count, block.WrittenAt.ToUnixTimeMilliseconds(), block.Payload.Span);
        }
        Execute(connection, "COMMIT");
    }

    /// <summary>Blocks from the one that holds <paramref name="from"/> on, up to about <paramref name="mostBytes"/> of them, and at least one
    /// where there is one; checked one by one against their checksums, and against each other for gaps.</summary>
    /// <exception cref="LogDamagedException">A block is damaged, or there is a gap.</exception>
    public static List<LogBlock> Read(string path, long from, long end, long mostBytes)
    {
        try
        {
            using var connection = ConnectToRead(path);
            return Read(connection, path, from, end, mostBytes);
        }
        catch (Exception malformed) when (IsDamage(malformed))
        {
            throw new LogDamagedException(path, from, malformed.Message, malformed);
        }
    }

    /// <inheritdoc cref="Read(string, long, long, long)"/>
    public static List<LogBlock> Read(SqliteConnection connection, string path, long from, long end, long mostBytes)
    {
        using var select = connection.CreateCommand();
        select.CommandText = """
            SELECT first, count, written_at, sha256, payload FROM blocks
            WHERE first >= COALESCE((SELECT MAX(first) FROM blocks WHERE first <= $from), $from) AND first < $end ORDER BY first
            """;
        select.Parameters.AddWithValue("$from", from);
        select.Parameters.AddWithValue("$end", end);
        using var rows = select.ExecuteReader();
        var blocks = new List<LogBlock>();
        long bytes = 0, next = from;
        while (bytes < mostBytes && rows.Read())
        {
            var block = Checked(rows, path);
            if (block.End <= from)
            {
                continue;   // the one before: nothing holds the offset, unless the next row does
            }
            if (blocks.Count == 0 ? block.First > from : block.First != next)
            {
                throw new LogDamagedException(path, next, $"after it comes event {block.First}, which does not follow.");
            }
            next = block.End;
            bytes += block.Payload.Length;
            blocks.Add(block);
        }
        return blocks;
    }

    public static byte[] HashOf(string path)
    {
        using var stream = File.OpenRead(path);
        return SHA256.HashData(stream);
    }

    /// <summary>Opens a segment to read, also on a disk that refuses every write.</summary>
    public static SqliteConnection ConnectToRead(string path)
    {
        var connection = Connect(path, SqliteOpenMode.ReadOnly);
        try
        {
            Execute(connection, "PRAGMA busy_timeout=5000");
            Execute(connection, "SELECT count(*) FROM sqlite_master");   // apart: of several statements only the first one's fault is thrown
            return connection;
        }
        catch (SqliteException refused) when (!IsDamage(refused) && new FileInfo(path + "-wal") is not { Exists: true, Length: > 0 })
        {
            // The first to open a file in WAL mode writes beside it. With nothing in the write-ahead log it can be read without that.
            connection.Dispose();
            return Connect(new Uri(path).AbsoluteUri + "?immutable=1", SqliteOpenMode.ReadOnly);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <exception cref="SqliteException">The result of a native call is not that of success.</exception>
    public static void Require(SqliteConnection connection, int result)
    {
        if (result != SQLitePCL.raw.SQLITE_OK)
        {
            throw new SqliteException(SQLitePCL.raw.sqlite3_errmsg(connection.Handle).utf8_to_string(), result & 0xff, result);
        }
    }

    /// <summary>Does something whole or not at all.</summary>
    /// <remarks>Not by the library's transaction objects: after a failed write SQLite may have rolled back by itself, and closing them fails.</remarks>
    public static void InTransaction(SqliteConnection connection, Action work)
    {
        Execute(connection, "BEGIN IMMEDIATE");
        try
        {
            work();
            Execute(connection, "COMMIT");
        }
        catch
        {
            if (SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) == 0)
            {
                Execute(connection, "ROLLBACK");
            }
            throw;
        }
    }

    /// <summary>Whether SQLite, or the shape of a row, says that the file is not what was written.</summary>
    public static bool IsDamage(Exception fault)
        => fault is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB or SQLitePCL.raw.SQLITE_ERROR }
            or InvalidCastException or FormatException or OverflowException or ArgumentOutOfRangeException;

    private static LogBlock Checked(SqliteDataReader row, string path)
    {
        var (first, count, writtenAt) = (row.GetInt64(0), row.GetInt32(1), row.GetInt64(2));
        var payload = row.GetFieldValue<byte[]>(4);
        return count > 0 && LogBlock.Checksum(first, count, writtenAt, payload).AsSpan().SequenceEqual(row.GetFieldValue<byte[]>(3))
            ? new LogBlock(first, count, DateTimeOffset.FromUnixTimeMilliseconds(writtenAt), path) { Payload = payload }
            : throw new LogDamagedException(path, first, "the checksum of its block does not agree.");
    }
}
