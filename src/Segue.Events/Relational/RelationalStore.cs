using System.Data.Common;
using Segue.Events.Files;
using Segue.Events.Storage;

namespace Segue.Events.Relational;

/// <summary>The database of accounts and catalogue: an SQLite file by default, PostgreSQL when a connection string is given.</summary>
/// <remarks>Thread-safe. Readers see committed data and are never held up; writers take turns, in all processes. Opening brings the schema up
/// to date.</remarks>
public sealed class RelationalStore : IDisposable
{
    private const int BatchRows = 10_000;

    private readonly IRelationalDialect _dialect;

    internal RelationalStore(IRelationalDialect dialect)
    {
        _dialect = dialect;
        try
        {
            Migration.Apply(dialect, Migration.All);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where the data are, without any password.</summary>
    public string Place => _dialect.Place;

    /// <summary>Opens the database of a store.</summary>
    /// <param name="postgres">A connection string of PostgreSQL; null for the store's own file.</param>
    /// <exception cref="StoreException">The database was written by a newer Segue.</exception>
    /// <exception cref="DbException">The database cannot be opened.</exception>
    public static RelationalStore Open(StoreLayout layout, string? postgres = null)
    {
        if (postgres is not null)
        {
            return OpenPostgres(postgres);
        }
        PrivateFolder.Create(layout.Root);
        return OpenFile(layout.AccountsFile);
    }

    /// <summary>Opens an SQLite file, and makes it where there is none.</summary>
    /// <inheritdoc cref="Open"/>
    public static RelationalStore OpenFile(string path) => new(new SqliteDialect(path));

    /// <summary>Opens a PostgreSQL database. The tables live in the schema <c>segue</c> unless the connection string names a search path.</summary>
    /// <inheritdoc cref="Open"/>
    public static RelationalStore OpenPostgres(string connectionString) => new(new PostgresDialect(connectionString));

    public void Dispose() => (_dialect as IDisposable)?.Dispose();

    internal DbConnection Connect() => _dialect.Connect();

    /// <summary>Runs a change as one transaction: all of it or nothing.</summary>
    internal T Write<T>(Func<DbTransaction, T> change)
    {
        using var connection = _dialect.Connect();
        using var transaction = _dialect.BeginWrite(connection);
        var result = change(transaction);
        transaction.Commit();
        return result;
    }

    /// <summary>Inserts or updates rows as they come, so that their number is bounded by the disk alone. A key that comes again overwrites.</summary>
    /// <returns>How many rows came.</returns>
    internal long Upsert(DbTransaction transaction, TableShape shape, IEnumerable<object?[]> rows)
    {
        var count = 0L;
        var batch = new Dictionary<string, object?[]>(BatchRows, StringComparer.Ordinal);
        foreach (var row in rows)
        {
            count++;
            batch[(string)row[0]!] = row;
            if (batch.Count == BatchRows)
            {
                _dialect.Upsert(transaction, shape, batch.Values);
                batch.Clear();
            }
        }
        if (batch.Count > 0)
        {
            _dialect.Upsert(transaction, shape, batch.Values);
        }
        return count;
    }

    /// <inheritdoc cref="IRelationalDialect.Scrub"/>
    internal void Scrub(string table, IReadOnlyCollection<string>? removed) => _dialect.Scrub(table, removed);
}
