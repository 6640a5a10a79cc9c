using System.Globalization;
using Npgsql;
using Segue.Events.Importing;

namespace Segue.Events.Relational.Rows;

/// <summary>A table of a PostgreSQL database, or what a query gives; read in one read-only transaction, row by row.</summary>
public sealed class PostgresRows : IRowSource
{
    private const int ReportEvery = 10_000;

    private readonly string _connectionString;
    private readonly string _query;
    private readonly string _name;

    private PostgresRows(string connectionString, string query, string name)
        => (_connectionString, _query, _name) = (connectionString, query, name);

    public long? Size => null;

    /// <param name="query">One SELECT; it runs with the rights of the connection's user, who needs no more than to read.</param>
    public static PostgresRows OfQuery(string connectionString, string query) => new(connectionString, query, "query");

    /// <param name="table">Its name, perhaps with its schema: "users" or "shop.users". Case counts.</param>
    public static PostgresRows OfTable(string connectionString, string table)
    {
        using var quoting = new NpgsqlCommandBuilder();
        return new(connectionString, "SELECT * FROM " + string.Join('.', table.Split('.').Select(part => quoting.QuoteIdentifier(part))), table);
    }

    /// <inheritdoc/>
    /// <exception cref="NpgsqlException">The database cannot be read.</exception>
    public IEnumerable<ForeignRow> Read(
        IReadOnlyList<string?> columns, ImportTally tally, IProgress<long>? progress, CancellationToken cancellation)
    {
        using var source = NpgsqlDataSource.Create(_connectionString);
        using var connection = source.OpenConnection();
        using var transaction = connection.BeginTransaction();
        using (var settings = new NpgsqlCommand("SET TRANSACTION READ ONLY", connection, transaction))
        {
            settings.ExecuteNonQuery();
        }
        using var command = new NpgsqlCommand(_query, connection, transaction) { CommandTimeout = 0 };
        using var reader = command.ExecuteReader();
        var header = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToList();
        var places = columns.Select(name => name is null ? -1 : PlaceOf(name, header)).ToArray();
        var row = 0L;
        while (reader.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            yield return new(_name, ++row, places.Select(place => place < 0 ? null : TextOf(reader, place)).ToArray());
            if (row % ReportEvery == 0)
            {
                progress?.Report(row);
            }
        }
        tally.RequireBudget();
    }

    private int PlaceOf(string name, List<string> header) => header.IndexOf(name) is >= 0 and var place
        ? place
        : throw new ImportException($"The {_name} has no column {name}; it has {string.Join(", ", header)}.");

    private static string? TextOf(NpgsqlDataReader reader, int place)
    {
        if (reader.IsDBNull(place))
        {
            return null;
        }
        var text = reader.GetValue(place) switch
        {
            string value => value,
            DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            DateTime { TimeOfDay.Ticks: 0 } day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            DateTime time => time.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture),   // K is empty for a local one
            string[] texts => System.Text.Json.JsonSerializer.Serialize(texts, Catalogue.CatalogueJson.Default.StringArray),
            IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
            var value => value.ToString(),
        };
        return string.IsNullOrWhiteSpace(text) ? null : text.Trim();
    }
}
