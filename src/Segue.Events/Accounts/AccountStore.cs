using System.Data.Common;
using System.Globalization;
using System.Text.Json.Nodes;
using Dapper;
using Segue.Core;
using Segue.Events.Relational;
using Segue.Events.Storage;

namespace Segue.Events.Accounts;

/// <summary>Accounts by pseudonym. Thread-safe; every change is one transaction.</summary>
public sealed class AccountStore(RelationalStore store)
{
    private const string Columns = "listener, age_band, gender, country, area, city, geoname_id, registered_on";

    private static readonly TableShape Shape = new("account", Columns.Split(", "));

    /// <summary>Number of accounts.</summary>
    public long Count()
    {
        using var connection = store.Connect();
        return connection.ExecuteScalar<long>("SELECT count(*) FROM account");
    }

    /// <summary>Inserts or overwrites accounts, all or none: when <paramref name="accounts"/> throws, nothing was done.</summary>
    /// <param name="generation">The key generation of their pseudonyms; null for pseudonyms of an imported data set, which no key made.</param>
    /// <returns>How many were given.</returns>
    /// <exception cref="StoreException">The store's pseudonyms are of another generation.</exception>
    public long Upsert(IEnumerable<Account> accounts, int? generation = null) => store.Write(transaction =>
    {
        if (generation is { } made)
        {
            RequireGeneration(transaction, made);
        }
        return store.Upsert(transaction, Shape, accounts.Select(ToRow));
    });

    /// <summary>One account's profile; null when there is none. Costs one query, which opens the file: not for a request's way.</summary>
    public ListenerProfile? Find(ListenerId listener) => FindAccount(listener)?.Profile;

    /// <summary>All profiles, by pseudonym, as they are read.</summary>
    public IEnumerable<ListenerProfile> ReadAll()
    {
        using var connection = store.Connect();
        foreach (var row in connection.Query<AccountRow>($"SELECT {Columns} FROM account ORDER BY listener", buffered: false))
        {
            yield return row.ToAccount().Profile;
        }
    }

    /// <summary>All that is kept of an account, for the person it is about; null when there is none.</summary>
    public JsonObject? Export(ListenerId listener)
        => FindAccount(listener) is { Profile: var profile, GeonameId: var geonameId }
            ? new JsonObject
            {
                ["listener"] = profile.Id.Value,
                ["ageBand"] = profile.AgeBand.ToString(),
                ["gender"] = profile.Gender.ToString(),
                ["country"] = profile.Region?.Country,
                ["area"] = profile.Region?.Area,
                ["city"] = profile.Region?.City,
                ["geonameId"] = geonameId,
                ["registeredOn"] = Day(profile.RegisteredOn),
            }
            : null;

    /// <summary>Removes accounts, and their bytes: afterwards no file of an SQLite database holds the pseudonyms. Costs a reading of the file,
    /// and rarely its writing anew; so many listeners at once are cheaper than one by one. Safe to repeat.</summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="StoreException">The rows are gone, but a reader holds on to the older state of the file: to be repeated.</exception>
    public int Delete(params IReadOnlyCollection<ListenerId> listeners)
    {
        var removed = store.Write(transaction => listeners.Sum(listener => transaction.Connection!.Execute(
            "DELETE FROM account WHERE listener = @Value", new { listener.Value }, transaction)));
        store.Scrub("account", [.. listeners.Select(listener => listener.Value)]);
        return removed;
    }

    /// <summary>Maps every pseudonym in one transaction, unless that was done already. Writers wait meanwhile. Keeps all
    /// pseudonyms in memory (about 100 B each), and writes the table anew.</summary>
    /// <param name="generation">The key generation that <paramref name="map"/> leads to.</param>
    /// <param name="map">One pseudonym to the next, never two to one.</param>
    /// <returns>How many rows were mapped: 0 when the store is of that generation already.</returns>
    /// <exception cref="StoreException">The store is more than one generation behind.</exception>
    public long Rekey(int generation, Func<string, string> map)
    {
        var mapped = store.Write(transaction =>
        {
            var known = Generation(transaction);
            if (known == generation)
            {
                return 0;
            }
            if (known is not null && known != generation - 1)
            {
                throw new StoreException($"The accounts in {store.Place} are of key generation {known}, and cannot be mapped to {generation}.");
            }
            NoteGeneration(transaction, generation);
            return MapAll(transaction, map);
        });
        store.Scrub("account", null);   // also when nothing was mapped: a crash may have come before this step
        return mapped;
    }

    private long MapAll(DbTransaction transaction, Func<string, string> map)
    {
        var connection = transaction.Connection!;
        connection.Execute("CREATE TEMP TABLE rekey (previous text NOT NULL PRIMARY KEY, mapped text NOT NULL)", transaction: transaction);
        var pairs = new TableShape("rekey", ["previous", "mapped"]);
        var before = connection.Query<string>("SELECT listener FROM account", transaction: transaction).AsList();
        store.Upsert(transaction, pairs, before.Select(pseudonym => new object?[] { pseudonym, map(pseudonym) }));
        var mapped = connection.Execute(
            "UPDATE account SET listener = rekey.mapped FROM rekey WHERE account.listener = rekey.previous", transaction: transaction);
        connection.Execute("DROP TABLE rekey", transaction: transaction);
        return mapped;
    }

    private Account? FindAccount(ListenerId listener)
    {
        using var connection = store.Connect();
        var row = connection.QuerySingleOrDefault<AccountRow>($"SELECT {Columns} FROM account WHERE listener = @Value", new { listener.Value });
        return row?.ToAccount();
    }

    private void RequireGeneration(DbTransaction transaction, int generation)
    {
        var known = Generation(transaction);
        if (known is null)
        {
            NoteGeneration(transaction, generation);
        }
        else if (known != generation)
        {
            throw new StoreException(
                $"The accounts in {store.Place} are of key generation {known}, and the keys of generation {generation}: "
                + "complete the rotation, or bring the right keys.");
        }
    }

    private static long? Generation(DbTransaction transaction)
        => transaction.Connection!.ExecuteScalar<long?>("SELECT generation FROM pseudonym_generation", transaction: transaction);

    private static void NoteGeneration(DbTransaction transaction, int generation) => transaction.Connection!.Execute(
        """
        INSERT INTO pseudonym_generation (only_row, generation) VALUES (1, @generation)
        ON CONFLICT (only_row) DO UPDATE SET generation = excluded.generation
        """,
        new { generation = (long)generation },
        transaction);

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static object?[] ToRow(Account account)
    {
        var (profile, region) = (account.Profile, account.Profile.Region);
        return
        [
            profile.Id.Value, profile.AgeBand.ToString(), profile.Gender.ToString(), region?.Country, region?.Area, region?.City,
            account.GeonameId is { } id ? (long)id : null, Day(profile.RegisteredOn),
        ];
    }

    /// <summary>A row as Dapper fills it: the names are those of the columns.</summary>
    private sealed class AccountRow
    {
        public string listener { get; init; } = "";
        public string age_band { get; init; } = "";
        public string gender { get; init; } = "";
        public string? country { get; init; }
        public string? area { get; init; }
        public string? city { get; init; }
        public long? geoname_id { get; init; }
        public string? registered_on { get; init; }

        public Account ToAccount() => new(
            new(
                new(listener), country is null ? null : new(country, area, city), Enum.Parse<AgeBand>(age_band), Enum.Parse<Gender>(gender),
                registered_on is null ? null : DateOnly.ParseExact(registered_on, "yyyy-MM-dd", CultureInfo.InvariantCulture)),
            (int?)geoname_id);
    }
}
