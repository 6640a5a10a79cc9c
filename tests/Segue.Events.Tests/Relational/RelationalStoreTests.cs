using Dapper;
using Segue.Events.Relational;
using Segue.Events.Storage;

namespace Segue.Events.Tests.Relational;

public sealed class RelationalStoreTests(PostgresServer server)
{
    public static TheoryData<string> Kinds => RelationalWorld.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Migrations_are_applied_once_and_noted(string kind)
    {
        using var world = await RelationalWorld.CreateAsync(kind, server);
        world.Open().Dispose();

        using var store = world.Open();
        using var connection = store.Connect();

        Assert.Equal(["1 accounts", "2 catalogue"], connection.Query<string>("SELECT version || ' ' || name FROM migration ORDER BY version"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Starts_at_the_same_time_do_not_disturb_each_other(string kind)
    {
        using var world = await RelationalWorld.CreateAsync(kind, server);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => world.Open().Dispose())));

        using var store = world.Open();
        using var connection = store.Connect();
        Assert.Equal(2, connection.ExecuteScalar<long>("SELECT count(*) FROM migration"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Database_of_a_newer_program_is_refused_and_left_alone(string kind)
    {
        using var world = await RelationalWorld.CreateAsync(kind, server);
        var dialect = world.Dialect();
        Migration.Apply(dialect, [.. Migration.All, new(3, "later", "CREATE TABLE later (id text)")]);

        var refused = Assert.Throws<StoreException>(() => world.Open());

        Assert.Contains("written by a newer Segue: its schema has version 3, and this program knows versions up to 2", refused.Message, StringComparison.Ordinal);
        (dialect as IDisposable)?.Dispose();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Failed_migration_leaves_nothing_behind(string kind)
    {
        using var world = await RelationalWorld.CreateAsync(kind, server);
        var dialect = world.Dialect();

        Assert.ThrowsAny<Exception>(() => Migration.Apply(
            dialect, [new(1, "good", "CREATE TABLE good (id text)"), new(2, "bad", "CREATE TABLE good (id text)")]));

        using var connection = dialect.Connect();
        Assert.False(dialect.TableExists(connection, "good"));
        Assert.False(dialect.TableExists(connection, "migration"));
        (dialect as IDisposable)?.Dispose();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Batches_of_any_size_are_written_and_the_last_row_of_a_key_holds(string kind)
    {
        using var world = await RelationalWorld.CreateAsync(kind, server);
        using var store = world.Open();
        var shape = new TableShape("artist", ["id", "name", "followers"]);
        var rows = Enumerable.Range(0, 20_003).Select(i => new object?[] { $"a{i % 12_000}", $"name {i}", i % 3 == 0 ? null : (long)i });

        var count = store.Write(transaction => store.Upsert(transaction, shape, rows));

        using var connection = store.Connect();
        Assert.Equal(20_003, count);
        Assert.Equal(12_000, connection.ExecuteScalar<long>("SELECT count(*) FROM artist"));
        Assert.Equal("name 12001", connection.ExecuteScalar<string>("SELECT name FROM artist WHERE id = 'a1'"));
        Assert.Equal(1, connection.ExecuteScalar<long>("SELECT count(*) FROM artist WHERE id = 'a0' AND followers IS NULL"));
    }

    [Fact]
    public void Migrations_are_numbered_from_1_without_a_gap()
        => Assert.Equal(Enumerable.Range(1, Migration.All.Count), Migration.All.Select(migration => migration.Version));

    [Fact]
    public void Place_tells_no_password()
    {
        using var dialect = new PostgresDialect("Host=db;Username=u;Password=secret;Database=d");

        Assert.Equal("postgres db:5432/d", dialect.Place);
    }

    [Theory]
    [InlineData("needle", true)]
    [InlineData("needles", false)]
    public void Bytes_are_found_wherever_they_stand(string wanted, bool found)
    {
        using var folder = new TemporaryFolder();
        foreach (var at in (int[])[0, 1, (1 << 20) - 3, 1 << 20, (2 << 20) + 7])
        {
            var content = new byte[(2 << 20) + 13];
            "needle"u8.CopyTo(content.AsSpan(at));
            File.WriteAllBytes(folder["hay"], content);

            Assert.Equal(found, ByteScan.HoldsAny(folder["hay"], ["absent"u8.ToArray(), System.Text.Encoding.UTF8.GetBytes(wanted)]));
        }
    }
}
