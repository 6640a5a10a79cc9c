using System.Data.Common;
using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;
using Segue.Events.Files;
using Segue.Events.Storage;

namespace Segue.Events.Relational;

/// <summary>One file, one writer at a time.</summary>
internal sealed class SqliteDialect(string path) : IRelationalDialect
{
    // Beyond this many, looking for each costs more than writing the file anew.
    private const int MostToLookFor = 30;

    /// <summary>How long a deletion waits for readers of the older state.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    public string Place => path;

    public DbConnection Connect()
    {
        var connection = SqliteFile.Open(path);
        connection.Execute("PRAGMA temp_store=MEMORY");   // no pseudonym in a temporary file
        return connection;
    }

    public DbTransaction BeginWrite(DbConnection connection) => ((SqliteConnection)connection).BeginTransaction(deferred: false);

    public bool TableExists(DbConnection connection, string table)
        => connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = @table", new { table }) > 0;

    public void Prepare(DbTransaction transaction)
    {
        // A file needs no room made.
    }

    public void Upsert(DbTransaction transaction, TableShape shape, IReadOnlyCollection<object?[]> rows)
    {
        using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        var names = shape.Columns.Select(column => "@" + column).ToList();
        command.CommandText = $"INSERT INTO {shape.Table} ({shape.ColumnList}) VALUES ({string.Join(", ", names)}) {shape.OnConflict}";
        var parameters = names.Select(name => new SqliteParameter(name, null)).ToArray();
        command.Parameters.AddRange(parameters);
        command.Prepare();
        foreach (var row in rows)
        {
            for (var column = 0; column < parameters.Length; column++)
            {
                parameters[column].Value = row[column] ?? DBNull.Value;
            }
            command.ExecuteNonQuery();
        }
    }

    public void Scrub(string table, IReadOnlyCollection<string>? removed)
    {
        Checkpoint();
        // secure_delete overwrites deleted cells, but a copy may be left where a page was rebalanced: then the file is written anew.
        if (removed is null || removed.Count > MostToLookFor || ByteScan.HoldsAny(path, [.. removed.Select(Encoding.UTF8.GetBytes)]))
        {
            using (var connection = SqliteFile.Open(path))
            {
                connection.Execute("VACUUM");
            }
            Checkpoint();
        }
    }

    private void Checkpoint()
    {
        using var connection = SqliteFile.Open(path);
        connection.Execute($"PRAGMA busy_timeout={(long)Patience.TotalMilliseconds}");
        if (connection.QuerySingle<CheckpointResult>("PRAGMA wal_checkpoint(TRUNCATE)").Busy != 0)
        {
            throw new StoreException(
                $"The deletion in {path} is done, but a reader holds on to the older state; repeat it when the reader is through.");
        }
    }

    private sealed record CheckpointResult
    {
        public long Busy { get; init; }
    }
}
