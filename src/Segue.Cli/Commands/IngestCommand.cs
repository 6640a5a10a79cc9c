using System.CommandLine;
using System.Globalization;
using Segue.Events.Doors;
using Segue.Events.Mapping;
using Segue.Events.Pseudonyms;
using Segue.Events.Sources;
using Segue.Server.Stores;

namespace Segue.Cli.Commands;

/// <summary><c>segue ingest PATH --into STORE</c>: events of files, folders or an object store go through the pipeline into the log. Exit code 2: the
/// source, the mapping or the store cannot be used, an object could not be read to its end, or every line that was read was rejected.</summary>
internal sealed class IngestCommand
{
    private readonly Argument<string> _source = new("PATH") { Description = "A file of JSON lines, a folder, or s3://bucket/prefix?endpoint=…" };
    private readonly StoreOptions _store = new("--into", "The store to add to; made when there is none.");
    private readonly Option<FileInfo?> _mapping = new("--mapping") { Description = "A mapping file for lines in a foreign dialect (docs/mapping.md)." };
    private readonly Option<string?> _listenBrainz = new("--listenbrainz")
    {
        Description = "The lines are an export of ListenBrainz, and the listens of this listener.",
    };

    private readonly Option<bool> _resume = new("--resume") { Description = "Leave out what earlier runs with --resume or --watch have read." };
    private readonly Option<double?> _watch = new("--watch")
    {
        Description = "Go on, looking for new lines and objects every so many seconds (at least 0.1), until Ctrl+C; implies --resume.",
    };

    private readonly Option<bool> _json = new("--json") { Description = "End with one JSON object of counts." };

    public static Command Create()
    {
        var options = new IngestCommand();
        var command = new Command("ingest", "Bring events of files into a store's log: validated, resolved, pseudonymous, each once.")
        {
            options._source, options._mapping, options._listenBrainz, options._resume, options._watch, options._json,
        };
        options._store.AddTo(command);
        command.RunsAs(options.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult line, CancellationToken cancel)
    {
        var watch = line.GetValue(_watch);
        if (watch is < 0.1 or > 86_400)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"--watch is {watch}; allowed are 0.1 to 86400 seconds."));
        }
        var mapping = line.GetValue(_mapping) is { } file ? EventMapping.Load(file.FullName) : null;
        if (mapping is not null && line.GetValue(_listenBrainz) is not null)
        {
            throw new ArgumentException("--mapping and --listenbrainz exclude each other.");
        }
        var location = line.GetRequiredValue(_source);
        var source = EventSources.Open(location, Path.GetTempPath(), credentials: null, out var remote);
        using (remote)
        {
            var total = 0L;
            await foreach (var item in source.ListAsync(cancel))   // before a store is made: a wrong path leaves nothing
            {
                total += item.Bytes;
            }
            await using var store = _store.OpenOrCreate(line);
            var listener = line.GetValue(_listenBrainz) is { } name ? store.Pseudonyms.Know(name) : (KnownListener?)null;
            using var progress = line.GetValue(_resume) || watch is not null ? new SourceProgress(store.Parts.Layout.SourcesFile, mapping?.Id ?? "") : null;
            var reader = new SourceReader(source, progress);
            var batches = watch is { } seconds ? reader.WatchAsync(TimeSpan.FromSeconds(seconds), cancel) : reader.ReadAsync(cancel);
            var ingest = new FileIngest(store.Events, new(mapping, listener), TimeProvider.System);
            var counts = await ConsoleProgress.RunAsync("Ingesting", bar => ingest.RunAsync(batches, progress, new BytesOf(total, bar), cancel));
            Tell(line, counts, store, reader);
            return reader.Faults.Count > 0 || AllRejected(counts) ? CommandRunner.BadInput : cancel.IsCancellationRequested && watch is null ? CommandRunner.Cancelled : 0;
        }
    }

    // A wrong mapping, or none: a script that goes on with the next step would compact and train nothing.
    private static bool AllRejected(IngestCounts counts) => counts.Read > 0 && counts.Rejected == counts.Read;

    private void Tell(ParseResult line, IngestCounts counts, OpenStore store, SourceReader reader)
    {
        var console = line.InvocationConfiguration;
        foreach (var (name, fault) in reader.Faults)
        {
            console.Error.WriteLine($"segue: {name}: {fault}");
        }
        if (AllRejected(counts))
        {
            console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"segue: all of the {counts.Read:N0} lines read were rejected; \"segue dead-letters list\" shows them. Lines in a foreign dialect need --mapping."));
        }
        if (line.GetValue(_json))
        {
            console.Output.WriteLine(counts.ToJson());
            return;
        }
        console.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Read {counts.Read:N0} lines: {counts.Accepted:N0} accepted, {counts.Duplicate:N0} duplicate, {counts.Rejected:N0} rejected, {counts.Filtered:N0} filtered."));
        foreach (var (reason, count) in counts.RejectedBy.Concat(counts.FilteredBy))
        {
            console.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {count,12:N0}  {reason}"));
        }
        if (store.Events.Resolver.Counts is { MatchRate: { } rate } matches)
        {
            console.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"Found in the catalogue: {rate:P1} of {matches.Total:N0} (by id {matches.Id:N0}, MBID {matches.Mbid:N0}, ISRC {matches.Isrc:N0}, text {matches.Text:N0}; described only {matches.Described:N0}, unknown id {matches.UnknownId:N0})."));
        }
    }

    private sealed class BytesOf(long total, IProgress<double> bar) : IProgress<SourceCheckpoint>
    {
        private readonly Dictionary<string, long> _positions = new(StringComparer.Ordinal);

        public void Report(SourceCheckpoint value)
        {
            _positions[value.Name] = value.Position;
            bar.Report(total == 0 ? 1 : Math.Min(1, (double)_positions.Values.Sum() / total));
        }
    }
}
