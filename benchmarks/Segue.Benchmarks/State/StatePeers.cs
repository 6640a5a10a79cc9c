using Microsoft.Data.Sqlite;
using Segue.Core;
using Segue.Radio.State;

namespace Segue.Benchmarks.State;

/// <summary>The same reads and updates by a dictionary of lists and by SQLite, beside the table at the same number of listeners.</summary>
internal static class StatePeers
{
    private const int Operations = 2_000_000, Transaction = 100;

    public static void Measure(int listeners)
    {
        StateScale.Table(listeners);
        StateScale.Collect();
        Lists(listeners);
        StateScale.Collect();
        Sqlite(listeners);
    }

    // As the radio had it: a lock and a list for each listener, 98 events at most.
    private static void Lists(int listeners)
    {
        var ids = Enumerable.Range(0, listeners).Select(n => new ListenerId($"{StateScale.Key(n).High:x16}{StateScale.Key(n).Low:x16}")).ToArray();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var table = ids.ToDictionary(id => id, _ => Enumerable.Range(0, ListenerTable.MaxEvents).Select(e => new SinceEvent(e, SinceKind.Listen, 0)).ToList());
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        var (target, sum) = (new SinceEvent[ListenerTable.MaxEvents], 0L);
        var update = StateScale.Nanoseconds(Operations, n =>
        {
            var events = table[ids[StateScale.Draw(n, listeners, false)]];
            lock (events)
            {
                events.RemoveAt(0);
                events.Add(new(n, SinceKind.Listen, 0));
            }
        });
        var read = StateScale.Nanoseconds(Operations, n =>
        {
            var events = table[ids[StateScale.Draw(-n, listeners, false)]];
            lock (events)
            {
                events.CopyTo(target);
                sum += events.Count;
            }
        });
        StateScale.Tell($"Dictionary of lists, {listeners:N0} listeners: {bytes / (double)listeners:F0} bytes each without the ids; any listener: an update {update:F0} ns, a read {read:F0} ns ({sum & 1})");
    }

    // Without a sync: WAL, and a transaction for each 100 updates.
    private static void Sqlite(int listeners)
    {
        var folder = Directory.CreateTempSubdirectory("segue-sqlite-");
        try
        {
            using var connection = new SqliteConnection($"Data Source={Path.Combine(folder.FullName, "state.db")};Pooling=False");
            connection.Open();
            Run(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; PRAGMA mmap_size = 4000000000; CREATE TABLE state (key INTEGER PRIMARY KEY, events BLOB NOT NULL)");
            var record = new byte[ListenerTable.RecordBytes];
            InTransactions(connection, "INSERT OR REPLACE INTO state VALUES ($key, $events)", listeners, n => (long)StateScale.Key(n).Low, () => record);
            var update = InTransactions(connection, "UPDATE state SET events = $events WHERE key = $key", Operations / 10, n => (long)StateScale.Key(StateScale.Draw(n, listeners, false)).Low, () => record);
            using var read = connection.CreateCommand();
            read.CommandText = "SELECT events FROM state WHERE key = $key";
            var key = read.Parameters.Add("$key", SqliteType.Integer);
            read.Prepare();
            var reading = StateScale.Nanoseconds(Operations / 10, n =>
            {
                key.Value = (long)StateScale.Key(StateScale.Draw(-n, listeners, false)).Low;
                _ = (byte[])read.ExecuteScalar()!;
            });
            StateScale.Tell($"SQLite in memory's reach, no sync, {listeners:N0} listeners: an update {update:F0} ns, a read {reading:F0} ns");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static double InTransactions(SqliteConnection connection, string sql, int count, Func<int, long> keyOf, Func<byte[]> record)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        var (key, events) = (command.Parameters.Add("$key", SqliteType.Integer), command.Parameters.Add("$events", SqliteType.Blob));
        SqliteTransaction? open = null;
        var spent = StateScale.Nanoseconds(count, n =>
        {
            if (n % Transaction == 0)
            {
                open?.Commit();
                open?.Dispose();
                command.Transaction = open = connection.BeginTransaction();
            }
            (key.Value, events.Value) = (keyOf(n), record());
            command.ExecuteNonQuery();
        });
        open?.Commit();
        open?.Dispose();
        return spent;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
