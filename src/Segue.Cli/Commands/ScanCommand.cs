using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Segue.Audio.Decoding;
using Segue.Events.Files;
using Segue.Features.Sound;
using Segue.Server.Music;
using Segue.Server.Stores;

namespace Segue.Cli.Commands;

/// <summary><c>segue scan DIR… --store STORE</c>: listens to the music of folders. Also beside a running server. Exit code 2: a folder or the store cannot be used, or no file
/// that might be music could be made use of; 130: stopped, and the next run goes on.</summary>
internal sealed class ScanCommand
{
    private const int FaultsAtOnce = 1_000;
    private readonly Argument<string[]> _folders = new("DIR") { Description = "Folders of music, with all below.", Arity = ArgumentArity.OneOrMore };
    private readonly StoreOptions _store = new("--store", "The store; made when there is none.");
    private readonly Option<bool> _again = new("--again") { Description = "Listen anew to files that did not change." };
    private readonly Option<bool> _list = new("--list-faults") { Description = "List every file that is not ok, and why." };
    private readonly Option<FileInfo?> _report = new("--report") { Description = "Write every file that is not ok into this file: outcome, path and reason between tabs, a line a file." };
    private readonly ScanSettings _settings;

    private ScanCommand(ScanSettings settings) => _settings = settings;

    /// <param name="analyzers">Makes the analyzers of a plan.</param>
    public static Command Create(Func<WindowPlan, TrackAnalyzers> analyzers)
    {
        var options = new ScanCommand(new(analyzers));
        var command = new Command("scan", "Listen to the music of folders: what is new or changed; each file has an outcome.")
        {
            options._folders, options._again, options._list, options._report,
        };
        options._store.AddTo(command);
        options._settings.AddTo(command);
        command.RunsAs(options.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult line, CancellationToken cancel)
    {
        var folders = line.GetRequiredValue(_folders);
        var (options, spectra, analyzers) = (_settings.Options(line, line.GetValue(_again)), _settings.MaxSpectraBytes(line), _settings.Analyzers(line));
        if (Array.Find(folders, folder => !Directory.Exists(folder)) is { } missing)   // before a store is made: a wrong path leaves nothing
        {
            throw new DirectoryNotFoundException($"There is no folder {Path.GetFullPath(missing)}.");
        }
        StoreParts.Create(_store.Path(line), TimeProvider.System);
        using var parts = _store.OpenParts(line);
        parts.Sound.MaxSpectraBytes = spectra;
        var clock = Stopwatch.StartNew();
        var scanner = new MusicScanner(parts.Sound, parts.Catalogue, parts.Recordings, analyzers, TimeProvider.System);
        var report = await ConsoleProgress.RunAsync("Listening", bar => scanner.ScanAsync(folders, options, new ShareOfScan(bar), cancel));
        await TellAsync(line, report, parts.Sound, clock.Elapsed);
        var counts = parts.Sound.Counts();
        return report.Files > 0 && counts.Tracks == 0 ? CommandRunner.BadInput : 0;
    }

    private async Task TellAsync(ParseResult line, ScanReport report, SoundLibrary library, TimeSpan elapsed)
    {
        var (output, errors) = (line.InvocationConfiguration.Output, line.InvocationConfiguration.Error);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"Met {report.Files:N0} files in {elapsed.TotalSeconds:F1} s: {report.Analyzed:N0} listened to ({report.Analyzed / Math.Max(elapsed.TotalSeconds, 1e-3):F1}/s), {report.Unchanged:N0} as before, {report.Known:N0} known by their bytes, {report.Gone:N0} gone; {report.NotMusic:N0} not music."));
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"New tracks: {report.NewTracks:N0}; tracks of the catalogue: {report.Matched:N0}. The library:"));
        var counts = library.Counts();
        foreach (var outcome in Enum.GetValues<FileOutcome>().Where(counts.Files.ContainsKey))
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {counts.Files[outcome],12:N0}  {Name(outcome)}"));
        }
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {counts.Tracks,12:N0}  tracks; spectra {counts.SpectraBytes / 1048576.0:F1} MiB"));
        if (report.Doubt is { } doubt)
        {
            await errors.WriteLineAsync($"segue: {doubt}");
        }
        foreach (var (path, fault) in report.UnreadableFolders)
        {
            await errors.WriteLineAsync($"segue: {path}: {fault} What was known below it stays.");
        }
        foreach (var path in report.EmptyFolders)
        {
            await errors.WriteLineAsync($"segue: {path} is empty, and files were known there: is its disk mounted? What was known stays.");
        }
        if (line.GetValue(_list))
        {
            foreach (var fault in Faults(library))
            {
                await output.WriteLineAsync(OneLine(fault));
            }
        }
        if (line.GetValue(_report) is { } file)
        {
            DurableFile.Replace(file.FullName, stream =>
            {
                using var text = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
                foreach (var fault in Faults(library))
                {
                    text.WriteLine(OneLine(fault));
                }
            });
        }
    }

    private static IEnumerable<FaultyFile> Faults(SoundLibrary library)
    {
        for (var after = 0L; library.ListFaults(null, after, FaultsAtOnce) is [.., var last] page; after = last.Id)
        {
            foreach (var fault in page)
            {
                yield return fault;
            }
        }
    }

    // Names of files may hold line ends and what steers a terminal.
    private static string OneLine(FaultyFile file) => $"{Name(file.Outcome)}\t{Shown(file.Path)}\t{Shown(file.Fault)}";

    private static string Shown(string text) => string.Concat(text.Select(character => char.IsControl(character) ? $"\\u{(int)character:x4}" : character.ToString()));

    private static string Name(FileOutcome outcome) => outcome switch
    {
        FileOutcome.TooShort => "too short",
        _ => outcome.ToString().ToLowerInvariant(),
    };
}
