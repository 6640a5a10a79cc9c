using Npgsql;
using Segue.Core;
using Segue.Events.Accounts;
using Segue.Events.Importing;
using Segue.Events.Pseudonyms;
using Segue.Events.Relational;
using Segue.Events.Relational.Rows;
using Segue.Events.Storage;
using Segue.Events.Tests.Importing;
using Segue.Events.Tests.Relational;

namespace Segue.Events.Tests.Accounts;

public sealed class AccountImporterTests(PostgresServer server) : IDisposable
{
    private const string Csv = """
        id,name,email,born,sex,since,lat,lon,place,country
        1,Ada Quill,ada@example.org,1990-03-05,F,1541033612796.0,35.994,-78.8986,,
        2,Bob Reed,bob@example.org,1960-01-01,m,1540708070796,,,"New York-Newark-Jersey City, NY-NJ-PA",
        3,Cyd Stone,cyd@example.org,,,,,,Atlantis,Switzerland
        4,Dee Troy,dee@example.org,2015-12-31,x,,-48.8767,-123.3933,,

        """;

    private static readonly AccountColumns Columns = new()
    {
        Account = "id", BirthDate = "born", Gender = "sex", Registered = "since", Latitude = "lat", Longitude = "lon", Place = "place", Country = "country",
    };

    private static readonly AccountImportOptions Options = new()
    {
        Columns = Columns, RegisteredFormat = TimeFormat.UnixMilliseconds, AsOf = new DateOnly(2026, 3, 4),
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Kinds => RelationalWorld.Kinds;

    private StoreLayout Layout => new(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Accounts_become_pseudonyms_bands_cities_and_days()
    {
        var report = Run(new(Layout, Rows(Csv), Options));

        Assert.Equal((4, 4, 0), (report.LinesRead, report.Accepted, report.BadLines));
        Assert.Equal((1, 1), (report.Counters[AccountImporter.WithoutRegion], report.Counters[AccountImporter.UnknownPlaces]));
        Assert.Equal(
            [
                new(Of("1"), new("US", "US.NC", "Durham"), AgeBand.From35To44, Gender.Female, new DateOnly(2018, 11, 1)),   // 36 tomorrow
                new(Of("2"), new("US", "US.NY", "New York City"), AgeBand.From55, Gender.Male, new DateOnly(2018, 10, 28)),
                new(Of("3"), new("CH"), AgeBand.Unknown, Gender.Unknown),
                new ListenerProfile(Of("4"), null, AgeBand.Under18, Gender.Other),   // in the middle of the Pacific
            ],
            All().OrderBy(profile => Array.FindIndex(["1", "2", "3", "4"], id => Of(id) == profile.Id)));
    }

    [Fact]
    public void Nothing_that_names_a_person_is_in_any_file()
    {
        Run(new(Layout, Rows(Csv), Options));

        byte[][] personal = ["Ada"u8.ToArray(), "Quill"u8.ToArray(), "example.org"u8.ToArray(), "1990-03"u8.ToArray(), "35.99"u8.ToArray(), "Atlantis"u8.ToArray()];
        Assert.Contains("accounts.db", _folder.Listing());
        Assert.All(_folder.Listing(), file => Assert.False(ByteScan.HoldsAny(_folder[file], personal), file));
    }

    [Fact]
    public void Second_import_changes_nothing()
    {
        Run(new(Layout, Rows(Csv), Options));
        var before = All();

        var report = Run(new(Layout, Rows(Csv), Options));

        Assert.Equal(4, report.Accepted);
        Assert.Equal(before, All());
    }

    [Fact]
    public void Ages_are_judged_on_the_day_of_the_import()
    {
        Run(new(Layout, Rows(Csv), Options with { AsOf = null }) { Time = new FixedTime(new(2048, 3, 4, 23, 0, 0, TimeSpan.Zero)) });

        Assert.Equal(AgeBand.From25To34, All().Single(profile => profile.Id == Of("4")).AgeBand);
    }

    [Theory]
    [InlineData(",Ada,x,,,,,,,", "the account id is missing")]
    [InlineData("9,Ada,x,05.03.1990,,,,,,", "the birth date is not of ISO 8601, yyyy-MM-dd")]
    [InlineData("9,Ada,x,1899-12-31,,,,,,", "the birth date lies outside 1900-01-01 to 2026-03-04")]
    [InlineData("9,Ada,x,2026-03-05,,,,,,", "the birth date lies outside 1900-01-01 to 2026-03-04")]
    [InlineData("9,Ada,x,,ada@example.org,,,,,", "the gender is none of ")]
    [InlineData("9,Ada,x,,,yesterday,,,,", "the registration time is no number of Unix milliseconds from 1970-01-01 to 2099-12-31")]
    [InlineData("9,Ada,x,,,,35.9,,,", "one of latitude and longitude is missing")]
    [InlineData("9,Ada,x,,,,91,0,,", "the latitude is no number from -90 to 90")]
    [InlineData("9,Ada,x,,,,NaN,0,,", "the latitude is no number from -90 to 90")]
    [InlineData("9,Ada,x,,,,0,181,,", "the longitude is no number from -180 to 180")]
    [InlineData("9,Ada,x", "has 3 fields, and the header names 10 columns")]
    [InlineData("1,Ada Quill,x,1950-03-05,F,,,,,", "the account came before, with other facts")]
    public void Bad_row_is_told_with_its_place_and_without_its_values(string row, string reason)
    {
        var report = Run(new(Layout, Rows(Csv + row), Options with { BadLines = BadLineBudget.Parse("1") }));

        var fault = Assert.Single(report.Faults);
        Assert.StartsWith($"accounts.csv:6: {reason}", fault.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Ada", fault.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("@", fault.Reason, StringComparison.Ordinal);
        Assert.Equal((5, 4, 1), (report.LinesRead, report.Accepted, report.BadLines));
    }

    [Fact]
    public void Row_too_many_that_is_bad_leaves_the_store_as_it_was()
    {
        Assert.Throws<ImportException>(() => Run(new(Layout, Rows(Csv + "5,,,,,,99,0,,\n"), Options)));

        Assert.Empty(All());
    }

    [Fact]
    public void Row_that_comes_again_is_counted_and_no_fault()
    {
        var report = Run(new(Layout, Rows(Csv + Csv.Split('\n')[1]), Options));

        Assert.Equal((5, 1), (report.Accepted, report.Counters[AccountImporter.RepeatedRows]));
    }

    [Fact]
    public void Column_that_is_not_there_is_told()
    {
        var refused = Assert.Throws<ImportException>(() => Run(new(Layout, Rows("id,born\n1,1990-01-01\n"), Options)));

        Assert.Equal("accounts.csv has no column sex; it has id, born.", refused.Message);
        Assert.Contains(
            "No row has a field born",
            Assert.Throws<ImportException>(() => Run(new(Layout, Json("""{"id": 1}"""), new() { Columns = new() { Account = "id", BirthDate = "born" } }))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Json_lines_are_imported_too()
    {
        var rows = Json("""
            {"id": 7, "sex": "female", "at": "2018-11-01T23:30:00-02:00", "place": "Z\u00fcrich", "land": "CH", "email": "x"}
            {"id": "8", "sex": null}
            """);

        Run(new(Layout, rows, new()
        {
            Columns = new() { Account = "id", Gender = "sex", Registered = "at", Place = "place", Country = "land" },
        }));

        Assert.Equal(
            new ListenerProfile[]
            {
                new(Of("7"), new("CH", "CH.ZH", "Zürich"), AgeBand.Unknown, Gender.Female, new DateOnly(2018, 11, 2)),
                new(Of("8"), null, AgeBand.Unknown, Gender.Unknown),
            }.OrderBy(profile => profile.Id.Value, StringComparer.Ordinal),
            All());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Table_of_a_service_is_read_from_PostgreSQL_and_a_query_too(string kind)
    {
        var service = await server.NewDatabaseAsync();
        using var world = await RelationalWorld.CreateAsync(kind, server);
        await using (var source = NpgsqlDataSource.Create(service))
        await using (var command = source.CreateCommand("""
            CREATE TABLE "Users" (id bigint, email text, born date, sex char(1), joined timestamptz, latitude double precision, longitude numeric);
            INSERT INTO "Users" VALUES
                (1, 'ada@example.org', '1990-03-05', 'F', '2018-11-01 00:30:00+02', 35.994, -78.8986),
                (2, NULL, NULL, NULL, NULL, NULL, NULL);
            """))
        {
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
        var options = new AccountImportOptions
        {
            AsOf = new DateOnly(2026, 3, 5),
            Columns = new() { Account = "id", BirthDate = "born", Gender = "sex", Registered = "joined", Latitude = "latitude", Longitude = "longitude" },
        };
        using var store = world.Open();
        var (accounts, pseudonyms) = (new AccountStore(store), new Pseudonymizer([new byte[32]]));

        var report = Import(accounts, PostgresRows.OfTable(service, "Users"), options, pseudonyms);

        Assert.Equal(2, report.Accepted);
        Assert.Equal(
            new(pseudonyms.Of("1"), new("US", "US.NC", "Durham"), AgeBand.From35To44, Gender.Female, new DateOnly(2018, 10, 31)), accounts.Find(pseudonyms.Of("1")));
        var again = Import(accounts, PostgresRows.OfQuery(service, "SELECT * FROM \"Users\" WHERE id = 1"), options, pseudonyms);
        Assert.Equal((1, 2), (again.Accepted, accounts.Count()));
        Assert.ThrowsAny<PostgresException>(() => Import(accounts, PostgresRows.OfQuery(service, "DELETE FROM \"Users\" RETURNING *"), options, pseudonyms));
        NpgsqlConnection.ClearAllPools();
    }

    [Theory]
    [InlineData("2000-06-15", "2018-06-14", AgeBand.Under18)]
    [InlineData("2000-06-15", "2018-06-15", AgeBand.From18To24)]
    [InlineData("2000-06-15", "2025-06-14", AgeBand.From18To24)]
    [InlineData("2000-06-15", "2025-06-15", AgeBand.From25To34)]
    [InlineData("2000-06-15", "2035-06-15", AgeBand.From35To44)]
    [InlineData("2000-06-15", "2045-06-15", AgeBand.From45To54)]
    [InlineData("2000-06-15", "2055-06-14", AgeBand.From45To54)]
    [InlineData("2000-06-15", "2055-06-15", AgeBand.From55)]
    [InlineData("2000-02-29", "2018-02-28", AgeBand.Under18)]
    [InlineData("2000-02-29", "2018-03-01", AgeBand.From18To24)]
    [InlineData("2018-03-01", "2018-03-01", AgeBand.Under18)]
    public void Band_changes_on_the_birthday(string born, string asOf, AgeBand band)
        => Assert.Equal(band, AgeBands.Of(DateOnly.Parse(born), DateOnly.Parse(asOf)));

    private static ImportReport Run(AccountImport import) => AccountImporter.Run(import, null, TestContext.Current.CancellationToken);

    private static ImportReport Import(AccountStore accounts, PostgresRows rows, AccountImportOptions options, Pseudonymizer pseudonyms)
        => AccountImporter.Import(accounts, rows, options, pseudonyms, 1, TimeProvider.System, null, TestContext.Current.CancellationToken);

    private static DelimitedRows Rows(string csv) => new(Texts.Of(csv, "accounts.csv"));

    private static JsonRows Json(string lines) => new([Texts.Of(lines, "accounts.jsonl")]);

    private ListenerId Of(string account) => PseudonymKeys.Load(Layout.KeysFile).CreatePseudonymizer().Of(account);

    private List<ListenerProfile> All()
    {
        using var store = RelationalStore.Open(Layout);
        return [.. new AccountStore(store).ReadAll()];
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
