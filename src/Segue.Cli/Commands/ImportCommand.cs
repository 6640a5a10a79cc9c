using System.CommandLine;
using System.Diagnostics;
using Segue.Events.Importing;
using Segue.Events.Storage;

namespace Segue.Cli.Commands;

/// <summary><c>segue import hetrec DIR --into STORE</c> and <c>segue import interactions FILE --into STORE --format F</c>: foreign data
/// become a store, or on any failure nothing is written. Exit code 2: the data or an option is bad, or the store is in the way.</summary>
internal static class ImportCommand
{
    public static Command Create() => new("import", "Import foreign data into a store, as a whole or not at all.")
    {
        HetRec(),
        ImportInteractionsCommand.Create(),
        ImportCatalogueCommand.Create(),
        ImportAccountsCommand.Create(),
    };

    private static Command HetRec()
    {
        var directory = new Argument<DirectoryInfo>("DIR") { Description = "The folder with the five .dat files of the data set." };
        var target = new TargetOptions();
        var command = new Command("hetrec", "Import the HetRec 2011 Last.fm data set: artists, tags, plays.") { directory };
        target.AddTo(command);
        command.RunsAs((line, cancel) => target.Import(
            line,
            "HetRec 2011 Last.fm",
            (writer, budget, progress) =>
            {
                var data = HetRecImporter.Read(line.GetRequiredValue(directory), budget, progress, cancel);
                data.WriteTo(writer);
                return data.Report;
            }));
        return command;
    }

    /// <summary>The options that every import has, and what it does around the reading.</summary>
    internal sealed class TargetOptions
    {
        private readonly Option<string> _into = new("--into") { Description = "The store to make; a directory.", Required = true };
        private readonly Option<string> _maxBad = new("--max-bad")
        {
            Description = "How many bad lines may be left out: a count, or a share such as 0.5%.",
            DefaultValueFactory = _ => "1%",
        };

        private readonly Option<bool> _replace = new("--replace")
        {
            Description = "Replace the store if there is one, its models included.",
        };

        private readonly Option<bool> _json = new("--json") { Description = "Print the report as one JSON object." };

        public void AddTo(Command command)
        {
            command.Add(_into);
            command.Add(_maxBad);
            command.Add(_replace);
            command.Add(_json);
        }

        /// <summary>Writes a store with what <paramref name="fill"/> reads, then prints the report.</summary>
        /// <param name="source">What is imported, in words for the manifest.</param>
        public int Import(ParseResult line, string source, Func<StoreWriter, BadLineBudget, IProgress<double>, ImportReport> fill)
        {
            var budget = BadLineBudget.Parse(line.GetRequiredValue(_maxBad));
            var path = line.GetRequiredValue(_into);
            var clock = Stopwatch.StartNew();
            using var writer = new StoreWriter(path, source, TimeProvider.System, line.GetValue(_replace));
            var report = ConsoleProgress.Run("Importing", progress => fill(writer, budget, progress));
            var manifest = writer.Commit();

            var output = new ImportOutput(Path.GetFullPath(path), manifest, report, clock.Elapsed);
            ImportOutput.WriteFaults(report, line.InvocationConfiguration.Error);
            output.Write(line.InvocationConfiguration.Output, line.GetValue(_json));
            return 0;
        }
    }
}
