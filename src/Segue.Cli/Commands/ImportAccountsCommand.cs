using System.CommandLine;
using Segue.Events.Accounts;
using Segue.Events.Importing;
using Segue.Events.Relational.Rows;
using Segue.Events.Storage;
using Segue.Server.Stores;

namespace Segue.Cli.Commands;

/// <summary><c>segue import accounts FILE --into STORE</c>: a service's accounts; what names a person is dropped on the way. Exit code 2: the rows or
/// the store are bad, and nothing was changed.</summary>
internal sealed class ImportAccountsCommand
{
    private readonly RowOptions _rows = new();
    private readonly Option<string> _account = new("--account") { Description = "The column of account ids.", DefaultValueFactory = _ => "id" };
    private readonly Option<string?> _birthDate = new("--birth-date") { Description = "The column of birth dates; only an age band is kept." };
    private readonly Option<string?> _gender = new("--gender") { Description = "The column of genders: f, female, m, male, other…" };
    private readonly Option<string?> _registered = new("--registered") { Description = "The column of registration times." };
    private readonly Option<string> _format = new("--registered-format") { Description = "iso, unix or unix-ms.", DefaultValueFactory = _ => "iso" };
    private readonly Option<string?> _latitude = new("--latitude") { Description = "The column of latitudes; only the nearest city is kept." };
    private readonly Option<string?> _longitude = new("--longitude") { Description = "The column of longitudes." };
    private readonly Option<string?> _place = new("--place") { Description = "The column of places such as 'Boise, ID' or 'Lyon, France'." };
    private readonly Option<string?> _country = new("--country") { Description = "The column of countries, for rows without a place." };

    public static Command Create()
    {
        var options = new ImportAccountsCommand();
        var command = new Command("accounts", "Import accounts: pseudonym, age band, gender, city and registration day are kept, nothing else.")
        {
            options._account, options._birthDate, options._gender, options._registered, options._format,
            options._latitude, options._longitude, options._place, options._country,
        };
        options._rows.AddTo(command);
        command.RunsAs(options.Run);
        return command;
    }

    private int Run(ParseResult line, CancellationToken cancel)
    {
        var columns = new AccountColumns
        {
            Account = line.GetRequiredValue(_account),
            BirthDate = line.GetValue(_birthDate),
            Gender = line.GetValue(_gender),
            Registered = line.GetValue(_registered),
            Latitude = line.GetValue(_latitude),
            Longitude = line.GetValue(_longitude),
            Place = line.GetValue(_place),
            Country = line.GetValue(_country),
        };
        var format = line.GetRequiredValue(_format) switch
        {
            "iso" => TimeFormat.Iso8601,
            "unix" => TimeFormat.UnixSeconds,
            "unix-ms" => TimeFormat.UnixMilliseconds,
            var other => throw new ArgumentException($"--registered-format is '{other}'; allowed are iso, unix and unix-ms."),
        };
        var options = new AccountImportOptions { Columns = columns, RegisteredFormat = format, BadLines = _rows.Budget(line) };
        return _rows.Import(line, (layout, source, postgres, progress)
            => AccountImporter.Run(new(layout, source, options, postgres), progress, cancel));
    }
}

/// <summary>Where rows come from, and the store that they go into: what imports of accounts and of a catalogue share.</summary>
internal sealed class RowOptions
{
    private readonly Argument<FileInfo?> _file = new("FILE") { Description = "A CSV file, or JSON lines.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _table = new("--table") { Description = "Instead of a file: a table of the database of --from-postgres." };
    private readonly Option<string?> _query = new("--query") { Description = "Instead of a file: a query in the database of --from-postgres." };
    private readonly Option<string?> _from = new("--from-postgres") { Description = "Connection string of the database to read." };
    private readonly Option<string> _format = new("--format") { Description = "csv, tsv or jsonl. Default: by the file's name.", DefaultValueFactory = _ => "auto" };
    private readonly Option<string> _maxBad = new("--max-bad")
    {
        Description = "How many bad rows may be left out: a count, or a share such as 0.5%.",
        DefaultValueFactory = _ => "1%",
    };

    private readonly StoreOptions _store = new("--into", "The store to add to; made when there is none.");

    public void AddTo(Command command)
    {
        command.Add(_file);
        foreach (var option in new Option[] { _table, _query, _from, _format, _maxBad })
        {
            command.Add(option);
        }
        _store.AddTo(command);
    }

    public BadLineBudget Budget(ParseResult line) => BadLineBudget.Parse(line.GetRequiredValue(_maxBad));

    public int Import(ParseResult line, Func<StoreLayout, IRowSource, string?, IProgress<long>, ImportReport> import)
    {
        var source = Source(line);
        var path = _store.Path(line);
        var isNew = !Directory.Exists(path);
        StoreParts.Create(path, TimeProvider.System);
        ImportReport report;
        try
        {
            report = ConsoleProgress.Run("Importing", bar => import(new(path), source, _store.Postgres(line), new ShareOf(source.Size ?? long.MaxValue, bar)));
        }
        catch when (isNew)
        {
            Directory.Delete(path, recursive: true);   // a failed import leaves nothing
            throw;
        }
        ImportOutput.WriteFaults(report, line.InvocationConfiguration.Error);
        ImportOutput.WriteRows(report, path, line.InvocationConfiguration.Output);
        return 0;
    }

    private IRowSource Source(ParseResult line)
    {
        var (file, table, query) = (line.GetValue(_file), line.GetValue(_table), line.GetValue(_query));
        if (new object?[] { file, table, query }.Count(given => given is not null) != 1)
        {
            throw new ArgumentException("Give one of: a file, --table, --query.");
        }
        if (file is null)
        {
            var database = line.GetValue(_from) ?? throw new ArgumentException("--table and --query need --from-postgres.");
            return table is not null ? PostgresRows.OfTable(database, table) : PostgresRows.OfQuery(database, query!);
        }
        if (Directory.Exists(file.FullName))
        {
            return JsonRows.OfFiles([.. new DirectoryInfo(file.FullName).GetFiles("*.json", SearchOption.AllDirectories).OrderBy(found => found.FullName, StringComparer.Ordinal)]);
        }
        var format = line.GetRequiredValue(_format);
        return (format == "auto" ? file.Extension.TrimStart('.').ToLowerInvariant() : format) switch
        {
            "csv" => DelimitedRows.OfFile(file),
            "tsv" => DelimitedRows.OfFile(file, FieldSeparator.Tab),
            "jsonl" or "json" or "ndjson" => JsonRows.OfFiles(file),
            var other => throw new ArgumentException($"The format '{other}' is not known; --format is csv, tsv or jsonl."),
        };
    }
}
