using System.Data.Common;
using Dapper;
using Npgsql;

namespace Segue.Events.Relational;

/// <summary>A schema of its own, <c>segue</c>, unless the connection string names another search path.</summary>
internal sealed class PostgresDialect : IRelationalDialect, IDisposable
{
    private const string DefaultSchema = "segue";

    // Any constant that nobody else in the database uses: the letters of "segue".
    private const long WriterLock = 0x7365_6775_65;

    private readonly NpgsqlDataSource _source;
    private readonly string _schema;

    /// <exception cref="ArgumentException">The text is no connection string.</exception>
    public PostgresDialect(string connectionString)
    {
        var parts = new NpgsqlConnectionStringBuilder(connectionString);
        parts.SearchPath = string.IsNullOrWhiteSpace(parts.SearchPath) ? DefaultSchema : parts.SearchPath;
        _schema = parts.SearchPath.Split(',')[0].Trim().Trim('"');
        Place = $"postgres {parts.Host}:{parts.Port}/{parts.Database}";
        _source = NpgsqlDataSource.Create(parts);
    }

    public string Place { get; }

    public DbConnection Connect() => _source.OpenConnection();

    public DbTransaction BeginWrite(DbConnection connection)
    {
        var transaction = connection.BeginTransaction();
        connection.Execute("SELECT pg_advisory_xact_lock(@WriterLock)", new { WriterLock }, transaction);
        return transaction;
    }

    public bool TableExists(DbConnection connection, string table)
        => connection.ExecuteScalar<bool>(
            "SELECT to_regclass(quote_ident(@schema) || '.' || quote_ident(@table)) IS NOT NULL", new { schema = _schema, table });

    public void Prepare(DbTransaction transaction)
    {
        var connection = transaction.Connection!;
        // Asked first: "IF NOT EXISTS" wants the right to create schemas even where there is nothing to create.
        if (connection.ExecuteScalar<long>("SELECT count(*) FROM pg_namespace WHERE nspname = @schema", new { schema = _schema }, transaction) == 0)
        {
            connection.Execute($"CREATE SCHEMA {new NpgsqlCommandBuilder().QuoteIdentifier(_schema)}", transaction: transaction);
        }
    }

    public void Upsert(DbTransaction transaction, TableShape shape, IReadOnlyCollection<object?[]> rows)
    {
        var connection = (NpgsqlConnection)transaction.Connection!;
        var staged = "staged_" + shape.Table;
        connection.Execute(
            $"""
            CREATE TEMP TABLE IF NOT EXISTS {staged} ON COMMIT DROP AS SELECT {shape.ColumnList} FROM {shape.Table} WITH NO DATA;
            TRUNCATE {staged}
            """,
            transaction: transaction);
        using (var copy = connection.BeginBinaryImport($"COPY {staged} ({shape.ColumnList}) FROM STDIN (FORMAT binary)"))
        {
            foreach (var row in rows)
            {
                copy.StartRow();
                foreach (var value in row)
                {
                    Write(copy, value);
                }
            }
            copy.Complete();
        }
        connection.Execute(
            $"INSERT INTO {shape.Table} ({shape.ColumnList}) SELECT {shape.ColumnList} FROM {staged} {shape.OnConflict}", transaction: transaction);
    }

    /// <remarks>VACUUM FULL writes the table anew; the server's write-ahead log and its backups keep older bytes until they are recycled.</remarks>
    public void Scrub(string table, IReadOnlyCollection<string>? removed)
    {
        using var connection = Connect();
        connection.Execute("VACUUM FULL " + table);
    }

    public void Dispose() => _source.Dispose();

    private static void Write(NpgsqlBinaryImporter copy, object? value)
    {
        switch (value)
        {
            case null:
                copy.WriteNull();
                break;
            case long number:
                copy.Write(number);
                break;
            default:
                copy.Write((string)value);
                break;
        }
    }
}
