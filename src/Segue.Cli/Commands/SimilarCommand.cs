using System.CommandLine;
using System.Globalization;
using Segue.Core;
using Segue.Features;
using Segue.Numerics;
using Segue.Retrieval.Sounds;
using Segue.Server;
using Segue.Server.Music;
using Segue.Server.Stores;

namespace Segue.Cli.Commands;

/// <summary><c>segue similar FILE --store STORE</c>: which scanned tracks sound like a file, or like a track, with others added and subtracted, or on the way to another. Exit code 2: the
/// file cannot be heard, a track is unknown, or no music was scanned.</summary>
internal sealed class SimilarCommand
{
    private readonly Argument<string> _what = new("FILE") { Description = "An audio file, in the store or not, or the id of a track." };
    private readonly StoreOptions _store = new(description: "The store whose music was scanned.");
    private readonly Option<int> _count = new("--count") { Description = "Tracks to list, 1 to 1000.", DefaultValueFactory = _ => 10 };
    private readonly Option<string[]> _add = new("--add") { Description = "Tracks whose sound is added; ids.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string[]> _subtract = new("--subtract") { Description = "Tracks whose sound is subtracted; ids.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> _to = new("--to") { Description = "The id of a track: list a path to it instead, in even steps. FILE is a track's id then." };

    public static Command Create()
    {
        var options = new SimilarCommand();
        var command = new Command("similar", "List what sounds like a file or a track, among the scanned music of a store.")
        {
            options._what, options._count, options._add, options._subtract, options._to,
        };
        options._store.AddTo(command);
        command.RunsAs(options.Run);
        return command;
    }

    private int Run(ParseResult line, CancellationToken cancel)
    {
        var count = line.GetValue(_count) is >= 1 and <= 1000 and var given ? given : throw new ArgumentException($"--count is {line.GetValue(_count)}; allowed are 1 to 1000.");
        using var store = _store.OpenParts(line);
        var music = new StoreMusic(store);
        using var again = new ListeningAgain(store, plan => SoundAnalyzers.FileAnalyzer(plan, DecodeWorkerCommand.Self));
        if (!music.Exists || music.Prepare(again.Listen, Workers.Default, progress: null, cancel) is null)
        {
            throw new ArgumentException($"The store {store.Layout.Root} has too little music to compare: scan a folder of at least 8 tracks first (segue scan).");
        }
        var catalogue = new CatalogueIndex([.. store.Recordings().Select(recording => recording.Track)]);
        var sounds = music.Sounds(catalogue, Workers.Default, cancel)
            ?? throw new ArgumentException($"No track of the store {store.Layout.Root} has a sound yet: run segue scan.");
        var output = line.InvocationConfiguration.Output;
        foreach (var (track, likeness) in line.GetValue(_to) is { } to ? Path(line, sounds, to, count) : Alike(line, store, sounds, count, cancel))
        {
            var entry = catalogue.Tracks[track];
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{likeness,6:F3}  {entry.Id.Value}  {entry.Artist.Name} - {entry.Title}"));
        }
        return 0;
    }

    private IEnumerable<(int Track, float Likeness)> Path(ParseResult line, SoundsOnAir sounds, string to, int count)
        => SoundPath.Find(sounds.Space, Row(sounds, line.GetRequiredValue(_what)), Row(sounds, to), new() { Count = Math.Max(2, count), Threads = Workers.Default })
            .Select(step => (step.Track, step.Similarity));

    private IEnumerable<(int Track, float Likeness)> Alike(ParseResult line, StoreParts store, SoundsOnAir sounds, int count, CancellationToken cancel)
    {
        var what = line.GetRequiredValue(_what);
        var added = (line.GetValue(_add) ?? []).Select(id => new SoundSeed(Row(sounds, id)));
        var subtracted = (line.GetValue(_subtract) ?? []).Select(id => new SoundSeed(Row(sounds, id), -0.5f));
        if (!File.Exists(what))
        {
            return SoundMix.Find(sounds.Space, new() { Seeds = [new(Row(sounds, what)), .. added, .. subtracted], Count = count, Threads = Workers.Default })
                .Select(match => (match.Track, match.Similarity));
        }
        var query = Hear(store, what, cancel);
        foreach (var seed in added.Concat(subtracted))
        {
            Vectors.AddScaled(query, sounds.Space.Vector(seed.Track), seed.Weight);
        }
        var matrix = new DenseMatrix(1, query.Length, query);
        return sounds.Space.Search(matrix, count, threads: Workers.Default, cancellation: cancel)[0].Select(match => (match.Track, match.Similarity));
    }

    // By the plan by which the store's music was heard.
    private static float[] Hear(StoreParts store, string path, CancellationToken cancel)
    {
        var (version, model, _) = store.SoundModels.LoadCurrent()!.Value;
        using var backbone = model.Backbone is { } wanted ? store.SoundModels.OpenBackbone(version, wanted) : null;
        using var analyzer = SoundAnalyzers.FileAnalyzer(SoundAnalyzers.PlanOf(store.Sound.UsualAnalysis()), DecodeWorkerCommand.Self);
        var heard = analyzer.Analyze(System.IO.Path.GetFullPath(path), cancel, backbone);
        return model.VectorOf(heard.Features ?? throw new InvalidDataException($"{path} ({heard.Outcome.ToString().ToLowerInvariant()}): {heard.Fault}"));
    }

    private static int Row(SoundsOnAir sounds, string id)
        => sounds.Tracks.Find(new TrackId(id)) is { } row && sounds.Space.Has(row)
            ? row
            : throw new ArgumentException($"There is no file and no track with sound '{id}'.");
}
