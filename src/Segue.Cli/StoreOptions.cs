using System.CommandLine;
using Segue.Events.Log;
using Segue.Events.Storage;
using Segue.Server.Stores;

namespace Segue.Cli;

/// <summary>The options of commands that work on a whole store: where it is, and where its parts are that may lie elsewhere.</summary>
internal sealed class StoreOptions(string name = "--store", string description = "The store; a directory.")
{
    private readonly Option<string> _path = new(name) { Description = description, Required = true };
    private readonly Option<string?> _postgres = new("--postgres")
    {
        Description = "Connection string of the PostgreSQL that keeps accounts and catalogue. Default: $SEGUE_POSTGRES, else the store's SQLite file.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("SEGUE_POSTGRES"),
    };

    private readonly Option<string?> _objects = new("--objects")
    {
        Description = "Directory or s3://bucket/prefix?endpoint=… of the Parquet files. Default: $SEGUE_OBJECTS, else the store's own.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("SEGUE_OBJECTS"),
    };

    public void AddTo(Command command)
    {
        command.Add(_path);
        command.Add(_postgres);
        command.Add(_objects);
    }

    public string Path(ParseResult line) => System.IO.Path.GetFullPath(line.GetRequiredValue(_path));

    public string? Postgres(ParseResult line) => Given(line.GetValue(_postgres));

    public StoreParts OpenParts(ParseResult line) => new(Path(line), Places(line));

    public OpenStore Open(ParseResult line) => OpenStore.Open(Path(line), Places(line), TimeProvider.System);

    /// <summary>Null where there is no event log, or another process has it open.</summary>
    public OpenStore? OpenUnlessInUse(ParseResult line)
    {
        try
        {
            return Directory.Exists(new StoreLayout(Path(line)).Log) ? Open(line) : null;
        }
        catch (LogInUseException)
        {
            return null;
        }
    }

    public OpenStore OpenOrCreate(ParseResult line) => OpenStore.OpenOrCreate(Path(line), Places(line), TimeProvider.System);

    public StorePlaces Places(ParseResult line) => new(Postgres(line), Given(line.GetValue(_objects)));

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
