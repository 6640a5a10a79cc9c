using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Segue.Events.Files;
using SQLitePCL;

namespace Segue.Events.Log;

/// <summary>A sorted set of keys in the index.</summary>
/// <param name="Bits">How many leading bits of a key tell its page.</param>
/// <param name="Tier">How many mergings its keys went through.</param>
internal sealed record KeyRun(long Id, int Bits, long Keys, int Tier)
{
    private const int MostPerPage = 192;   // on average: a page of keys then lies in one page of SQLite

    public static int BitsFor(long keys) => keys <= MostPerPage ? 0 : BitOperations.Log2((ulong)(keys - 1) / MostPerPage) + 1;

    public static long PageOf(UInt128 key, int bits) => bits == 0 ? 0 : (long)(key >> (128 - bits));

    /// <summary>The row that holds a page.</summary>
    public static long RowOf(long run, long page) => (run << 32) | page;
}

/// <summary><c>index.db</c>: the keys of old events in sorted runs, and the offset below which all keys are in it.</summary>
/// <remarks>It can be made anew from the log at any time. Not thread-safe; several instances may read beside one that writes.</remarks>
internal sealed class KeyIndex : IDisposable
{
    public const string FileName = "index.db";
    private const int PagesAtOnce = 2048;
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS runs(id INTEGER PRIMARY KEY, bits INTEGER NOT NULL, keys INTEGER NOT NULL, tier INTEGER NOT NULL, complete INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS pages(id INTEGER PRIMARY KEY, checksum INTEGER NOT NULL, keys BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS state(through INTEGER NOT NULL);
        INSERT INTO state SELECT 0 WHERE NOT EXISTS (SELECT * FROM state);
        PRAGMA journal_size_limit=4194304; PRAGMA secure_delete=OFF; PRAGMA cache_size=-8192;
        """;

    private readonly SqliteConnection _connection;
    private readonly sqlite3_stmt _page;

    public KeyIndex(string folder)
    {
        _connection = SqliteFile.Open(Path.Combine(folder, FileName));
        try
        {
            SegmentFile.Execute(_connection, Schema);
            // Not by a command: its care for types and parameters costs more than the look-up.
            Require(raw.sqlite3_prepare_v2(_connection.Handle, "SELECT keys FROM pages WHERE id = ?", out _page));
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>All events below this offset have their keys in the runs.</summary>
    public long Through()
    {
        using var select = Command("SELECT through FROM state");
        return (long)select.ExecuteScalar()!;
    }

    /// <summary>The complete runs, the newest first.</summary>
    public List<KeyRun> Runs()
    {
        using var select = Command("SELECT id, bits, keys, tier FROM runs WHERE complete = 1 ORDER BY id DESC");
        using var rows = select.ExecuteReader();
        var runs = new List<KeyRun>();
        while (rows.Read())
        {
            runs.Add(new(rows.GetInt64(0), rows.GetInt32(1), rows.GetInt64(2), rows.GetInt32(3)));
        }
        return runs;
    }

    /// <summary>Begins to see the index as it is now, and goes on to see it so, which makes <see cref="Contains"/> cheaper.</summary>
    public void BeginReading() => SegmentFile.Execute(_connection, "BEGIN");

    /// <summary>Ends what <see cref="BeginReading"/> began: until then, the file's write-ahead log cannot be emptied.</summary>
    public void EndReading() => SegmentFile.Execute(_connection, "COMMIT");

    /// <summary>Costs one page, about 2 µs when the system has it in memory.</summary>
    public bool Contains(KeyRun run, UInt128 key)
    {
        Require(raw.sqlite3_bind_int64(_page, 1, KeyRun.RowOf(run.Id, KeyRun.PageOf(key, run.Bits))));
        var result = raw.sqlite3_step(_page);
        var contains = result == raw.SQLITE_ROW && KeyBytes.Contains(raw.sqlite3_column_blob(_page, 0), key);
        Require(raw.sqlite3_reset(_page));
        return contains;
    }

    /// <summary>The keys of a run in order, checked against their checksums.</summary>
    /// <exception cref="InvalidDataException">A page is damaged or missing.</exception>
    public IEnumerable<UInt128> Keys(KeyRun run)
    {
        using var select = Command("SELECT id, checksum, keys FROM pages WHERE id >= $a AND id < $b ORDER BY id", KeyRun.RowOf(run.Id, 0), KeyRun.RowOf(run.Id + 1, 0));
        using var rows = select.ExecuteReader();
        long count = 0;
        while (rows.Read())
        {
            var keys = rows.GetFieldValue<byte[]>(2);
            if (keys.Length % KeyBytes.Size != 0 || rows.GetInt64(1) != Checksum(rows.GetInt64(0), keys))
            {
                throw new InvalidDataException("A page of the index is damaged.");
            }
            count += keys.Length / KeyBytes.Size;
            for (var at = 0; at < keys.Length; at += KeyBytes.Size)
            {
                yield return KeyBytes.ToKey(keys.AsSpan(at));
            }
        }
        if (count != run.Keys)
        {
            throw new InvalidDataException("A page of the index is missing.");
        }
    }

    /// <summary>Removes what an interrupted <see cref="Write"/> or <see cref="Remove"/> left.</summary>
    public void RemoveIncomplete()
    {
        using var select = Command("SELECT id FROM runs WHERE complete = 0");
        var ids = new List<long>();
        using (var rows = select.ExecuteReader())
        {
            while (rows.Read())
            {
                ids.Add(rows.GetInt64(0));
            }
        }
        ids.ForEach(Remove);
    }

    /// <summary>Writes a run in several transactions, the last of which makes it valid, its sources invalid, and moves the offset.</summary>
    /// <param name="count">How many keys there are, or a few less.</param>
    /// <param name="through">The new offset of <see cref="Through"/>; null: stays.</param>
    /// <param name="between">Called between the transactions.</param>
    public KeyRun Write(IEnumerable<UInt128> sorted, long count, int tier, IReadOnlyList<KeyRun> sources, long? through, Action between)
    {
        var bits = KeyRun.BitsFor(count);
        var id = NextId(bits, tier);
        long written = 0;
        foreach (var pages in Pages(sorted, bits).Chunk(PagesAtOnce))
        {
            SegmentFile.InTransaction(_connection, () => Array.ForEach(pages, page => Insert(KeyRun.RowOf(id, page.Page), page.Keys)));
            written += pages.Sum(page => (long)page.Keys.Length / KeyBytes.Size);
            between();
        }
        SegmentFile.InTransaction(_connection, () =>
        {
            Run("UPDATE runs SET complete = 1, keys = $b WHERE id = $a", id, written);
            foreach (var source in sources)
            {
                Run("UPDATE runs SET complete = 0 WHERE id = $a", source.Id);
            }
            if (through is { } offset)
            {
                Run("UPDATE state SET through = $a", offset);
            }
        });
        return new(id, bits, written, tier);
    }

    public void Remove(long run)
    {
        Run("DELETE FROM pages WHERE id >= $a AND id < $b", KeyRun.RowOf(run, 0), KeyRun.RowOf(run + 1, 0));
        Run("DELETE FROM runs WHERE id = $a", run);
    }

    public void Dispose()
    {
        _page.Dispose();
        _connection.Dispose();
    }

    private static IEnumerable<(long Page, byte[] Keys)> Pages(IEnumerable<UInt128> sorted, int bits)
    {
        var keys = new RecordBuffer();
        long page = 0;
        foreach (var key in sorted)
        {
            var at = KeyRun.PageOf(key, bits);
            if (at != page && keys.Length > 0)
            {
                yield return (page, keys.Written.ToArray());
                keys.Clear();
            }
            page = at;
            keys.UInt128(key);
        }
        if (keys.Length > 0)
        {
            yield return (page, keys.Written.ToArray());
        }
    }

    private static long Checksum(long row, byte[] keys)
        => BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(keys)) ^ row;

    private void Require(int result) => SegmentFile.Require(_connection, result);

    private long NextId(int bits, int tier)
    {
        Run("INSERT INTO runs(bits, keys, tier, complete) VALUES($a, 0, $b, 0)", bits, tier);
        return raw.sqlite3_last_insert_rowid(_connection.Handle);
    }

    private void Insert(long row, byte[] keys) => Run("INSERT INTO pages VALUES($a, $b, $c)", row, Checksum(row, keys), keys);

    private void Run(string sql, params ReadOnlySpan<object> values)
    {
        using var command = Command(sql, values);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"${(char)('a' + i)}", values[i]);
        }
        return command;
    }
}
