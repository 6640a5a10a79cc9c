using System.CommandLine;
using System.Globalization;
using Segue.Audio.Decoding;
using Segue.Audio.Embedding;
using Segue.Evaluation.Sound;
using Segue.Features;
using Segue.Features.Sound;
using Segue.Numerics;
using Segue.Server.Music;
using Segue.Server.Stores;

namespace Segue.Cli.Commands;

/// <summary><c>segue benchmark sound DIR</c>: how well measures of likeness find the tracks of one album, trained on other albums. Exit code 2: a folder cannot be used, an option is
/// bad, or there is too little music.</summary>
internal sealed class BenchmarkSoundCommand
{
    private readonly Argument<string> _folder = new("DIR") { Description = "Music that is judged: each folder directly below is an album." };
    private readonly Option<string?> _train = new("--train") { Description = "Music that models learn from, laid out alike. Default: DIR itself, each fold of its albums judged by models of the others." };
    private readonly Option<string?> _store = new("--store") { Description = "A store for what was heard, for other runs to use again; made when there is none. Default: a temporary one." };
    private readonly Option<double> _least = new("--least-seconds") { Description = "Shorter files are left out, in judging and in training: effects, jingles; 0 to 3600.", DefaultValueFactory = _ => 40 };
    private readonly Option<int> _folds = new("--folds") { Description = "Folds of albums where there is no --train; at least 2.", DefaultValueFactory = _ => 2 };
    private readonly Option<int> _steps = new("--steps") { Description = "Training steps of each network, 1 to 1000000.", DefaultValueFactory = _ => 800 };
    private readonly Option<ulong> _seed = new("--seed") { Description = "Decides every random choice.", DefaultValueFactory = _ => 1 };
    private readonly Option<int> _threads = new("--threads") { Description = "Threads to use; they change the time, never the result.", DefaultValueFactory = _ => Workers.Default };
    private readonly Func<WindowPlan, TrackAnalyzers> _analyzers;

    private BenchmarkSoundCommand(Func<WindowPlan, TrackAnalyzers> analyzers) => _analyzers = analyzers;

    /// <param name="analyzers">Makes the analyzers of a plan.</param>
    public static Command Create(Func<WindowPlan, TrackAnalyzers> analyzers)
    {
        var options = new BenchmarkSoundCommand(analyzers);
        var command = new Command("sound", "Measure how well tracks of one album are found by their sound, with chance and simple measures beside the models.")
        {
            options._folder, options._train, options._store, options._least, options._folds, options._steps, options._seed, options._threads,
        };
        command.RunsAs(options.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult line, CancellationToken cancel)
    {
        var least = line.GetValue(_least) is >= 0 and <= 3600 and var seconds
            ? TimeSpan.FromSeconds(seconds)
            : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"--least-seconds is {line.GetValue(_least)}; allowed are 0 to 3600."));
        var training = Training(line);
        string[] folders = [.. new[] { line.GetRequiredValue(_folder), line.GetValue(_train) }.OfType<string>().Select(Full)];
        if (folders is [var judgedFolder, var learntFolder] && (IsBelow(judgedFolder, learntFolder) || IsBelow(learntFolder, judgedFolder)))
        {
            throw new ArgumentException($"{folders[0]} and {folders[1]} hold the same files: models must not learn from what they are judged on.");
        }
        var (judged, learnt) = await ReadAsync(line, folders, least, cancel);
        var output = line.InvocationConfiguration.Output;
        output.WriteLine(folders.Length == 2
            ? $"Judged: {Count(judged)}; models learnt from {Count(learnt)}."
            : $"Judged: {Count(judged)}; models learnt from the other folds of {line.GetValue(_folds)}.");
        var scores = ConsoleProgress.Run("Training", progress => folders.Length == 2
            ? AlbumBenchmark.Run(judged, learnt, new() { Training = training }, progress, cancel)
            : AlbumBenchmark.RunFolds(judged, line.GetValue(_folds), new() { Training = training }, progress, cancel));
        Write(output, scores);
        return 0;
    }

    private EncoderTrainingOptions Training(ParseResult line) => new()
    {
        Phases = SoundTrainingOptions.Phases(InRange(line.GetValue(_steps), 1, 1_000_000, "--steps"), knowsListening: false),
        Batch = new SoundTrainingOptions().Batch,
        Seed = line.GetValue(_seed),
        Threads = InRange(line.GetValue(_threads), 1, 1024, "--threads"),
    };

    private async Task<(List<AlbumTrack> Judged, List<AlbumTrack> Learnt)> ReadAsync(ParseResult line, string[] folders, TimeSpan least, CancellationToken cancel)
    {
        if (Array.Find(folders, folder => !Directory.Exists(folder)) is { } missing)   // before a store is made: a wrong path leaves nothing
        {
            throw new DirectoryNotFoundException($"There is no folder {missing}.");
        }
        var temporary = line.GetValue(_store) is null ? Directory.CreateTempSubdirectory("segue-benchmark-") : null;
        try
        {
            var root = temporary is null ? Path.GetFullPath(line.GetValue(_store)!) : Path.Combine(temporary.FullName, "store");
            StoreParts.Create(root, TimeProvider.System);
            using var parts = new StoreParts(root, new());
            var scanner = new MusicScanner(parts.Sound, parts.Catalogue, parts.Recordings, _analyzers(WindowPlan.Spread), TimeProvider.System);
            var workers = InRange(line.GetValue(_threads), 1, 1024, "--threads");
            await ConsoleProgress.RunAsync("Listening", bar => scanner.ScanAsync(folders, new() { Workers = workers }, new ShareOfScan(bar), cancel));
            var albums = new IdMap();
            return (Below(folders[0], parts.Sound, least, albums), folders.Length == 2 ? Below(folders[1], parts.Sound, least, albums) : []);
        }
        finally
        {
            temporary?.Delete(recursive: true);
        }
    }

    private static List<AlbumTrack> Below(string folder, SoundLibrary library, TimeSpan least, IdMap albums)
    {
        var tracks = library.ReadTracks().Where(track => track.Duration >= least && IsBelow(track.Path, folder)).ToDictionary(track => track.Track);
        var found = new List<AlbumTrack>();
        foreach (var (id, _, descriptors) in library.ReadDescriptors())
        {
            if (tracks.TryGetValue(id, out var track) && library.FindSpectra(id) is { } spectra)
            {
                var album = Path.Combine(folder, Path.GetRelativePath(folder, track.Path).Split(Path.DirectorySeparatorChar)[0]);
                found.Add(new(new(descriptors, spectra.Values), track.Duration, albums.Add(album)));
            }
        }
        return found;
    }

    private static void Write(TextWriter output, IReadOnlyList<AlbumScore> scores)
    {
        output.WriteLine();
        output.WriteLine($"{"",-24}{"p@1",8}{"p@5",8}{"mAP",8}{"training",12}");
        foreach (var (measure, found, seconds) in scores)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{measure,-24}{found.PrecisionAt1,8:F3}{found.PrecisionAt5,8:F3}{found.MeanAveragePrecision,8:F3}{(seconds is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{seconds:F1} CPU s")),12}"));
        }
        double Map(string measure) => scores.Single(score => score.Measure == measure).Found.MeanAveragePrecision;
        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"mAP of the {AlbumBenchmark.Production} over {AlbumBenchmark.Timbre}: {100 * (Map(AlbumBenchmark.Production) / Map(AlbumBenchmark.Timbre) - 1):+0.0;-0.0} %."));
        output.WriteLine("The network that predicts factors needs listening: segue lab judges it.");
    }

    private static string Count(List<AlbumTrack> tracks) => $"{tracks.Count} tracks of {tracks.DistinctBy(track => track.Album).Count()} albums";

    private static string Full(string folder) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));

    private static bool IsBelow(string path, string folder) => path == folder || path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static int InRange(int value, int least, int most, string option)
        => value >= least && value <= most ? value : throw new ArgumentException($"{option} is {value}; allowed are {least} to {most}.");
}
