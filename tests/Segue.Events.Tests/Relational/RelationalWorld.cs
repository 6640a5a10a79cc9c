using Segue.Events.Relational;

namespace Segue.Events.Tests.Relational;

/// <summary>An empty database of one kind, for one test.</summary>
public sealed class RelationalWorld : IDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly string? _postgres;

    private RelationalWorld(TemporaryFolder folder, string? postgres) => (_folder, _postgres) = (folder, postgres);

    /// <summary>The kinds, for theories.</summary>
    public static TheoryData<string> Kinds => ["sqlite", "postgres"];

    public string Folder => _folder.Path;

    public static async Task<RelationalWorld> CreateAsync(string kind, PostgresServer server)
        => new(new(), kind == "postgres" ? await server.NewDatabaseAsync() : null);

    /// <summary>Opens the database once more; the caller disposes it.</summary>
    public RelationalStore Open() => RelationalStore.Open(new(_folder.Path), _postgres);

    internal IRelationalDialect Dialect() => _postgres is null ? new SqliteDialect(_folder["accounts.db"]) : new PostgresDialect(_postgres);

    public void Dispose()
    {
        if (_postgres is not null)
        {
            Npgsql.NpgsqlConnection.ClearAllPools();
        }
        _folder.Dispose();
    }
}
