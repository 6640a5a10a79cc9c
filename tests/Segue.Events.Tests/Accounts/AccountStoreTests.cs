using System.Text;
using Dapper;
using Segue.Core;
using Segue.Events.Accounts;
using Segue.Events.Relational;
using Segue.Events.Storage;
using Segue.Events.Tests.Relational;

namespace Segue.Events.Tests.Accounts;

public sealed class AccountStoreTests(PostgresServer server)
{
    private static readonly Account Ada = new(
        new(new("ada0"), new("US", "US.NC", "Durham"), AgeBand.From25To34, Gender.Female, new DateOnly(2018, 11, 1)), 4464368);

    private static readonly Account Bob = new(new(new("bob0"), new("CH"), AgeBand.From55, Gender.Male));
    private static readonly Account Cyd = new(new(new("cyd0"), null, AgeBand.Unknown, Gender.Unknown));

    public static TheoryData<string> Kinds => RelationalWorld.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_was_put_in_comes_out_again(string kind)
    {
        using var world = await RelationalWorld.CreateAsync(kind, server);
        using var store = world.Open();
        var accounts = new AccountStore(store);

        Assert.Equal(3, accounts.Upsert([Cyd, Ada, Bob]));

        Assert.Equal([Ada.Profile, Bob.Profile, Cyd.Profile], accounts.ReadAll());
        Assert.Equal(Ada.Profile, accounts.Find(Ada.Profile.Id));
        Assert.Null(accounts.Find(new("nobody")));
        Assert.Equal(3, accounts.Count());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Later_facts_overwrite_earlier_ones(string kind)
    {
        using var world = await RelationalWorld.CreateAsync(kind, server);
        using var store = world.Open();
        var accounts = new AccountStore(store);
        accounts.Upsert([Ada, Bob]);

        accounts.Upsert([new(Ada.Profile with { Region = null, AgeBand = AgeBand.From35To44, RegisteredOn = null })]);

        Assert.Equal([new(Ada.Profile.Id, null, AgeBand.From35To44, Gender.Female), Bob.Profile], accounts.ReadAll());
        Assert.Null(accounts.Export(Ada.Profile.Id)!["geonameId"]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Accounts_that_break_off_leave_nothing(string kind)
    {
        using var world = await RelationalWorld.CreateAsync(kind, server);
        using var store = world.Open();
        var accounts = new AccountStore(store);

        Assert.Throws<InvalidOperationException>(() => accounts.Upsert(Broken(), generation: 1));

        Assert.Equal(0, accounts.Count());
        accounts.Upsert([Ada], generation: 7);   // the generation was not noted either

        static IEnumerable<Account> Broken()
        {
            for (var i = 0; i < 25_000; i++)
            {
                yield return new(new(new($"l{i}"), null, AgeBand.Unknown, Gender.Unknown));
            }
            throw new InvalidOperationException("broken");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Export_tells_all_that_is_kept(string kind)
    {
        using var world = await RelationalWorld.CreateAsync(kind, server);
        using var store = world.Open();
        var accounts = new AccountStore(store);
        accounts.Upsert([Ada]);
        using var connection = store.Connect();
        var columns = ((IDictionary<string, object>)connection.QuerySingle("SELECT * FROM account")).Count;

        var export = accounts.Export(Ada.Profile.Id)!;

        Assert.Equal(columns, export.Count);
        Assert.Equal(
            """{"listener":"ada0","ageBand":"From25To34","gender":"Female","country":"US","area":"US.NC","city":"Durham","geonameId":4464368,"registeredOn":"2018-11-01"}""",
            export.ToJsonString());
        Assert.Null(accounts.Export(new("nobody")));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Deleted_account_is_gone_and_the_others_stay(string kind)
    {
        using var world = await RelationalWorld.CreateAsync(kind, server);
        using var store = world.Open();
        var accounts = new AccountStore(store);
        accounts.Upsert([Ada, Bob]);

        Assert.Equal(1, accounts.Delete(Ada.Profile.Id));
        Assert.Equal(0, accounts.Delete(Ada.Profile.Id));

        Assert.Equal([Bob.Profile], accounts.ReadAll());
    }

    /// <summary>Thousands of random ids split and rebalance pages, where SQLite leaves copies that secure_delete does not see.</summary>
    [Fact]
    public void No_file_holds_a_deleted_pseudonym()
    {
        using var folder = new TemporaryFolder();
        using var store = RelationalStore.OpenFile(folder["accounts.db"]);
        var accounts = new AccountStore(store);
        var ids = Enumerable.Range(0, 5_000).Select(i => Pseudonym(i, 1)).ToList();
        accounts.Upsert(ids.Select(Of));
        accounts.Upsert(ids.Where((_, i) => i % 3 == 0).Select(id => Of(id) with { GeonameId = 7 }));

        var few = ids.Where((_, i) => i % 700 == 0).ToList();
        accounts.Delete([.. few.Select(id => new ListenerId(id))]);
        AssertNowhere(folder, few);

        var many = ids.Where((_, i) => i % 2 == 0).ToList();
        accounts.Delete([.. many.Select(id => new ListenerId(id))]);
        AssertNowhere(folder, many);
        Assert.Equal(2_500 - ids.Where((_, i) => i % 700 == 0 && i % 2 == 1).Count(), accounts.Count());
    }

    [Fact]
    public void Reader_that_holds_on_is_told_and_the_deletion_can_be_repeated()
    {
        using var folder = new TemporaryFolder();
        using var store = new RelationalStore(new SqliteDialect(folder["accounts.db"]) { Patience = TimeSpan.FromMilliseconds(50) });
        var accounts = new AccountStore(store);
        accounts.Upsert([Ada, Bob]);
        using (var reading = accounts.ReadAll().GetEnumerator())
        {
            Assert.True(reading.MoveNext());
            Assert.Contains("repeat it", Assert.Throws<StoreException>(() => accounts.Delete(Ada.Profile.Id)).Message, StringComparison.Ordinal);
        }

        accounts.Delete(Ada.Profile.Id);

        AssertNowhere(folder, [Ada.Profile.Id.Value]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Rekeying_maps_every_pseudonym_once_however_often_it_is_run(string kind)
    {
        using var world = await RelationalWorld.CreateAsync(kind, server);
        using var store = world.Open();
        var accounts = new AccountStore(store);
        var ids = Enumerable.Range(0, 300).Select(i => Pseudonym(i, 1)).ToList();
        accounts.Upsert(ids.Select(Of), generation: 1);

        Assert.Equal(300, accounts.Rekey(2, id => "new" + id));
        Assert.Equal(0, accounts.Rekey(2, id => "new" + id));

        Assert.Equal(ids.Select(id => "new" + id).Order(StringComparer.Ordinal), accounts.ReadAll().Select(profile => profile.Id.Value).Order(StringComparer.Ordinal));
        if (kind == "sqlite")
        {
            foreach (var file in Directory.EnumerateFiles(world.Folder))
            {
                var content = Encoding.Latin1.GetString(File.ReadAllBytes(file));
                Assert.All(ids, id => Assert.Equal(Occurrences(content, id), Occurrences(content, "new" + id)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Failed_rekeying_changes_nothing(string kind)
    {
        using var world = await RelationalWorld.CreateAsync(kind, server);
        using var store = world.Open();
        var accounts = new AccountStore(store);
        accounts.Upsert([Ada, Bob], generation: 1);

        Assert.Throws<InvalidOperationException>(() => accounts.Rekey(2, id => id == "bob0" ? throw new InvalidOperationException("stop") : "x" + id));

        Assert.Equal([Ada.Profile, Bob.Profile], accounts.ReadAll());
        Assert.Equal(2, accounts.Rekey(2, id => "x" + id));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Pseudonyms_of_different_generations_are_not_mixed(string kind)
    {
        using var world = await RelationalWorld.CreateAsync(kind, server);
        using var store = world.Open();
        var accounts = new AccountStore(store);
        accounts.Upsert([Ada], generation: 1);

        Assert.Throws<StoreException>(() => accounts.Upsert([Bob], generation: 2));
        Assert.Throws<StoreException>(() => accounts.Rekey(3, id => id + "x"));
        Assert.Equal([Ada.Profile], accounts.ReadAll());
    }

    internal static string Pseudonym(int number, int seed)
        => Segue.Events.Pseudonyms.Pseudonymizer.Apply($"{number}", Enumerable.Repeat((byte)seed, 32).ToArray());

    private static Account Of(string id) => new(new(new(id), new("US", "US.NC", "Durham"), AgeBand.From25To34, Gender.Other));

    private static int Occurrences(string content, string text) => content.Split(text).Length - 1;

    private static void AssertNowhere(TemporaryFolder folder, IReadOnlyList<string> ids)
    {
        var patterns = ids.Select(Encoding.UTF8.GetBytes).ToList();
        Assert.NotEmpty(folder.Listing());
        Assert.All(folder.Listing(), file => Assert.False(ByteScan.HoldsAny(folder[file], patterns), file));
    }
}
