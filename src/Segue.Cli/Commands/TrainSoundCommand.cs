using System.CommandLine;
using System.Globalization;
using Segue.Audio.Onnx;
using Segue.Models.Sound;
using Segue.Numerics;
using Segue.Server.Music;
using Segue.Server.Stores;

namespace Segue.Cli.Commands;

/// <summary><c>segue train sound --store STORE</c>: learns what sounds alike from the scanned music, and gives every track its vector. Exit code 2: no store, a bad option, or too
/// little music; nothing is published then. 130: stopped, and the next run goes on.</summary>
internal sealed class TrainSoundCommand
{
    private const string PrecisionAt5 = "precision@5";

    private readonly StoreOptions _store = new(description: "The store whose music was scanned; the model and the vectors go into it.");
    private readonly Option<int?> _steps = new("--steps") { Description = "Training steps, 1 to 1000000. Default: 800, and 200 where it goes on from published weights." };
    private readonly Option<int> _batch = new("--batch") { Description = "Windows of a step, 8 to 4096.", DefaultValueFactory = _ => new SoundTrainingOptions().Batch };
    private readonly Option<int> _memory = new("--memory") { Description = "MiB of spectra that are learnt from at most, about 0.15 a track; of more a sample is drawn.", DefaultValueFactory = _ => 1024 };
    private readonly Option<bool> _anew = new("--anew") { Description = "Begin with new weights, though there are published ones." };
    private readonly Option<FileInfo?> _backbone = new("--backbone")
    {
        Description = "An ONNX model of one's own whose layer is a part of the vectors: it takes [1 x n] samples at 22050 a second or [1 x frames x 128] log-mel spectra, and gives up to 2048 numbers. "
            + "Later trainings go on with it. It needs ONNX Runtime: build/natives/onnx/fetch.",
    };

    private readonly Option<bool> _leave = new("--no-backbone") { Description = "Do without the backbone of the published model from now on." };
    private readonly Option<bool> _challengers = new("--challengers")
    {
        Description = "Train an autoencoder of spectrograms beside the encoder, with as many steps, and tell how well it, a random network, descriptors and encoder alone do; about twice the time.",
    };

    private readonly Option<int> _keep = new("--keep-models") { Description = "Keep so many published versions; older ones are deleted.", DefaultValueFactory = _ => 5 };
    private readonly Option<ulong> _seed = new("--seed") { Description = "Decides every random choice.", DefaultValueFactory = _ => 1 };
    private readonly Option<int> _threads = new("--threads") { Description = "Threads to use; they change the time, never the result.", DefaultValueFactory = _ => Workers.Default };

    public static Command Create()
    {
        var options = new TrainSoundCommand();
        var command = new Command("sound", "Learn what sounds alike from the scanned music of a store, and give every track its vector.")
        {
            options._steps, options._batch, options._memory, options._anew, options._backbone, options._leave, options._challengers, options._keep, options._seed, options._threads,
        };
        options._store.AddTo(command);
        command.RunsAs(options.Run);
        return command;
    }

    private int Run(ParseResult line, CancellationToken cancel)
    {
        var options = Read(line);
        var keep = InRange(line.GetValue(_keep), 1, 1_000_000, "--keep-models");
        var output = line.InvocationConfiguration.Output;
        using var store = _store.OpenParts(line);
        using var alone = new TrainingFolder(store.WorkFolder).Begin();
        var trainer = new SoundTrainer(store.Sound, store.SoundModels, store.WorkFolder);
        using var again = new ListeningAgain(store, plan => SoundAnalyzers.FileAnalyzer(plan, DecodeWorkerCommand.Self));
        var (version, card) = ConsoleProgress.Run("Training sound", progress => trainer.Train(options, TracksHeardTogether.Read(store), progress, again.Listen, cancel));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Published {version}: {card.Tracks:N0} tracks of {card.Albums:N0} albums, {card.Settings["steps"]:N0} steps{(card.WarmFrom is { } from ? $" on from {from}" : "")}, {card.CpuSeconds:F0} s of processor time."));
        if (store.SoundModels.LoadCurrent() is { Model.Backbone: { } backbone })
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"With the backbone of SHA-256 {backbone.Sha256[..12]}…: {backbone.Dimensions:N0} numbers a track from {(backbone.Input == OnnxInput.Samples ? "samples" : "spectra")}."));
        }
        Tell(card, output);
        store.SoundModels.Prune(keep);
        store.Sound.KeepVectorsOf(version);
        var (vectors, tracks) = (store.Sound.ReadVectors(version).LongCount(), store.Sound.Counts().Tracks);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Vectors: {vectors:N0} tracks{(vectors < tracks ? $"; {tracks - vectors:N0} could not be heard again and have none" : "")}."));
        return 0;
    }

    private static void Tell(SoundModelCard card, TextWriter output)
    {
        if (card.Evaluation.Count == 0)
        {
            output.WriteLine("Not evaluated: at least 10 albums of several tracks are needed to hold some out.");
            return;
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"On {card.Evaluation["tracks"]:N0} tracks of albums held out:"));
        output.WriteLine($"  {"",-14}{PrecisionAt5,12}{"map",12}");
        foreach (var measure in card.Evaluation.Keys.Where(name => name.EndsWith(PrecisionAt5, StringComparison.Ordinal)).Select(name => name[..^PrecisionAt5.Length].TrimEnd('.')))
        {
            var map = card.Evaluation.TryGetValue(measure + ".map", out var found) ? found.ToString("F3", CultureInfo.InvariantCulture) : "";
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {measure,-14}{card.Evaluation[$"{measure}.{PrecisionAt5}"],12:F3}{map,12}"));
        }
    }

    private SoundTrainingOptions Read(ParseResult line) => new()
    {
        Steps = line.GetValue(_steps) is { } steps ? InRange(steps, 1, 1_000_000, "--steps") : null,
        Batch = InRange(line.GetValue(_batch), 8, 4096, "--batch"),
        MemoryBytes = (long)InRange(line.GetValue(_memory), 2, 1 << 20, "--memory") << 20,
        Anew = line.GetValue(_anew),
        Challengers = line.GetValue(_challengers),
        BackboneFile = line.GetValue(_backbone)?.FullName,
        LeaveBackbone = line.GetValue(_leave) && line.GetValue(_backbone) is not null
            ? throw new ArgumentException("--backbone and --no-backbone are given: leave one away.")
            : line.GetValue(_leave),
        Seed = line.GetValue(_seed),
        Threads = InRange(line.GetValue(_threads), 1, 1024, "--threads"),
    };

    private static int InRange(int value, int least, int most, string option)
        => value >= least && value <= most ? value : throw new ArgumentException($"{option} is {value}; allowed are {least} to {most}.");
}
