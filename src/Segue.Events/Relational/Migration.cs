using System.Data.Common;
using System.Globalization;
using Dapper;
using Segue.Events.Storage;

namespace Segue.Events.Relational;

/// <summary>One numbered step of the schema: a file <c>Migrations/NNNN_name.sql</c>, the same for both databases.</summary>
internal sealed record Migration(int Version, string Name, string Sql)
{
    /// <summary>The migrations of this program, oldest first, numbered from 1 without a gap.</summary>
    public static IReadOnlyList<Migration> All { get; } = ReadAll();

    /// <summary>Brings a database up to <paramref name="migrations"/>, all missing steps in one transaction. Costs one query when none is
    /// missing. Safe for several processes that start at once.</summary>
    /// <exception cref="StoreException">The database has steps that this program does not know.</exception>
    public static void Apply(IRelationalDialect dialect, IReadOnlyList<Migration> migrations)
    {
        using var connection = dialect.Connect();
        if (Missing(dialect, connection, null, migrations).Count == 0)
        {
            return;
        }
        using var transaction = dialect.BeginWrite(connection);
        dialect.Prepare(transaction);
        connection.Execute(
            "CREATE TABLE IF NOT EXISTS migration (version bigint NOT NULL PRIMARY KEY, name text NOT NULL, applied_at text NOT NULL)",
            transaction: transaction);
        foreach (var migration in Missing(dialect, connection, transaction, migrations))   // again: another process may have been faster
        {
            connection.Execute(migration.Sql, transaction: transaction);
            connection.Execute(
                "INSERT INTO migration (version, name, applied_at) VALUES (@version, @Name, CAST(CURRENT_TIMESTAMP AS text))",
                new { version = (long)migration.Version, migration.Name },
                transaction);
        }
        transaction.Commit();
    }

    private static List<Migration> Missing(
        IRelationalDialect dialect, DbConnection connection, DbTransaction? transaction, IReadOnlyList<Migration> migrations)
    {
        if (transaction is null && !dialect.TableExists(connection, "migration"))
        {
            return [.. migrations];
        }
        var applied = connection.ExecuteScalar<long>("SELECT coalesce(max(version), 0) FROM migration", transaction: transaction);
        return applied <= migrations.Count
            ? migrations.Where(migration => migration.Version > applied).ToList()
            : throw new StoreException(
                $"{dialect.Place} was written by a newer Segue: its schema has version {applied}, "
                + $"and this program knows versions up to {migrations.Count}.");
    }

    private static List<Migration> ReadAll()
    {
        const string Folder = ".Migrations.";
        var assembly = typeof(Migration).Assembly;
        var found = new List<Migration>();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)))
        {
            var at = resource.IndexOf(Folder, StringComparison.Ordinal);
            if (at < 0)
            {
                continue;
            }
            var file = resource[(at + Folder.Length)..^".sql".Length];
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            found.Add(new(int.Parse(file.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture), file[5..], reader.ReadToEnd()));
        }
        return [.. found.OrderBy(migration => migration.Version)];
    }
}
