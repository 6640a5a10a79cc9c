using Segue.Events.Geography;
using Segue.Events.Importing;
using Segue.Events.Pseudonyms;
using Segue.Events.Relational;
using Segue.Events.Relational.Rows;
using Segue.Events.Storage;

namespace Segue.Events.Accounts;

/// <summary>Where accounts go, and with which keys.</summary>
/// <param name="Postgres">A connection string, where PostgreSQL keeps the accounts; null: the store's own file.</param>
public sealed record AccountImport(StoreLayout Store, IRowSource Source, AccountImportOptions Options, string? Postgres = null)
{
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>Imports a service's accounts, all or nothing. What names a person is dropped on the way: ids become pseudonyms, birth dates age
/// bands, coordinates and place names cities. Doing it again changes nothing.</summary>
public static class AccountImporter
{
    /// <summary>The counter of accounts of which neither city nor country is known.</summary>
    public const string WithoutRegion = "accountsWithoutRegion";

    /// <summary>The counter of place names that mean nothing.</summary>
    public const string UnknownPlaces = "unknownPlaces";

    /// <summary>The counter of countries that are none.</summary>
    public const string UnknownCountries = "unknownCountries";

    /// <summary>The counter of accounts that came again and were the same.</summary>
    public const string RepeatedRows = "repeatedRows";

    /// <summary>Opens store and keys, makes them where there are none, and imports.</summary>
    /// <param name="progress">In the unit of <see cref="IRowSource.Size"/>.</param>
    /// <exception cref="ImportException">A column is missing, or there are more bad rows than allowed; nothing was changed.</exception>
    /// <exception cref="StoreException">Keys or database cannot be used; nothing was changed.</exception>
    public static ImportReport Run(AccountImport import, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        var keys = PseudonymKeys.LoadOrCreate(import.Store.KeysFile);
        using var database = RelationalStore.Open(import.Store, import.Postgres);
        return Import(new(database), import.Source, import.Options, keys.CreatePseudonymizer(), keys.Generation, import.Time, progress, cancellation);
    }

    /// <param name="generation">Of the keys of <paramref name="pseudonymizer"/>.</param>
    /// <inheritdoc cref="Run"/>
    public static ImportReport Import(
        AccountStore accounts,
        IRowSource source,
        AccountImportOptions options,
        Pseudonymizer pseudonymizer,
        int generation,
        TimeProvider time,
        IProgress<long>? progress = null,
        CancellationToken cancellation = default)
    {
        var tally = new ImportTally(options.BadLines);
        tally.Count(RepeatedRows, 0);
        var asOf = options.AsOf ?? DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var parser = new AccountParser(options, pseudonymizer, PlaceIndex.Shared, asOf, tally);
        accounts.Upsert(Read(parser, source, tally, progress, cancellation), generation);
        return tally.Complete();
    }

    private static IEnumerable<Account> Read(
        AccountParser parser, IRowSource source, ImportTally tally, IProgress<long>? progress, CancellationToken cancellation)
    {
        var seen = new RowsSeen();
        foreach (var row in source.Read(parser.Columns, tally, progress, cancellation))
        {
            var fault = parser.Parse(row.Fields, out var account);
            var verdict = fault is null ? seen.Add(account!.Profile.Id.Value, account.ToString()) : RowsSeen.Verdict.New;
            if (fault is not null || verdict == RowsSeen.Verdict.Different)
            {
                tally.Bad(row.Source, row.Line, fault ?? "the account came before, with other facts");
                continue;
            }
            tally.Accept();
            if (verdict == RowsSeen.Verdict.New)
            {
                yield return account!;
            }
            else
            {
                tally.Count(RepeatedRows);
            }
        }
        tally.RequireBudget();   // still inside the transaction, which a fault rolls back
    }
}
