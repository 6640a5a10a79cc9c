using System.CommandLine;
using System.Diagnostics;
using Segue.Audio.Decoding;
using Segue.Evaluation.Protocols;
using Segue.Evaluation.Search;
using Segue.Events.Importing;
using Segue.Models;
using Segue.Models.Popularity;
using Segue.Server.Music;

namespace Segue.Cli.Commands;

/// <summary><c>segue benchmark --protocol P --train F --test F --model M</c>: how good a model is on a published split, with random and
/// most popular beside it. Exit code 2: a file or an option is bad.</summary>
internal sealed class BenchmarkCommand
{
    private readonly Option<string> _protocol = new("--protocol")
    {
        Description = "full: all items ranked, those trained on left out. sampled: one held-out item among given negatives. "
            + "next-item: what follows a sequence. time-split: the training file is cut in time, its later part asked for.",
        Required = true,
    };

    private readonly Option<FileInfo> _train = new("--train") { Description = "What the models learn from.", Required = true };
    private readonly Option<FileInfo?> _test = new("--test")
    {
        Description = "What is asked for. With next-item it may be left out, or be the training file again: the last item of each sequence is held out.",
    };

    private readonly Option<FileInfo?> _negatives = new("--negatives") { Description = "The sampled negatives; needed for sampled." };
    private readonly Option<string[]> _models = new("--model") { Description = "The model, or several. See segue models.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<FileLayout> _layout = new("--layout")
    {
        Description = "auto, rows (user item [count [time]]), adjacency or sequences (user item item …).",
        DefaultValueFactory = _ => FileLayout.Auto,
    };

    private readonly Option<TimeFormat> _timeFormat = new("--time-format") { Description = "How rows tell time.", DefaultValueFactory = _ => TimeFormat.UnixSeconds };
    private readonly Option<double> _testShare = new("--test-share") { Description = "Share of the rows that a time split asks for.", DefaultValueFactory = _ => 0.2 };
    private readonly Option<int> _tune = new("--tune") { Description = "Try so many settings on a validation part cut from the training file, and use the best." };
    private readonly Option<string> _maxBad = new("--max-bad") { Description = "Bad lines that are tolerated: a count or a share such as 1%.", DefaultValueFactory = _ => "0" };
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object." };
    private readonly TrainingOptions _training = new();

    private BenchmarkCommand() => _protocol.AcceptOnlyFromAmong("full", "sampled", "next-item", "time-split");

    /// <param name="analyzers">Makes the analyzers of a plan, for the benchmark of sound.</param>
    public static Command Create(Func<WindowPlan, TrackAnalyzers> analyzers)
    {
        var options = new BenchmarkCommand();
        var command = new Command("benchmark", "Measure models on a published split, with random and most popular beside them.")
        {
            options._protocol, options._train, options._test, options._negatives, options._models, options._layout, options._timeFormat,
            options._testShare, options._tune, options._maxBad, options._json,
        };
        options._training.AddTo(command);
        command.Add(BenchmarkSoundCommand.Create(analyzers));
        command.Add(BenchmarkFunnelCommand.Create());
        command.RunsAs(options.Run);
        return command;
    }

    private int Run(ParseResult line, CancellationToken cancel)
    {
        var (settings, run) = _training.Read(line, cancel);
        var kinds = (line.GetValue(_models) ?? []).Select(ModelKinds.Get).ToList();
        var measured = kinds.Where(kind => kind.Name is not (RandomModel.KindName or MostPopularModel.KindName)).ToList();
        if (settings.Count > 0 && measured.Count != 1)
        {
            throw new ArgumentException("--set needs exactly one --model with settings.");
        }
        var tune = TrainingOptions.RequireTrials(line.GetValue(_tune));
        var set = Load(line, cancel);
        var results = new List<ModelResult>();
        foreach (var baseline in new[] { RandomModel.KindName, MostPopularModel.KindName })
        {
            results.Add(Measure(ModelKinds.Get(baseline), new Dictionary<string, double>(), set, run, trials: null));
        }
        foreach (var kind in measured)
        {
            _ = kind.Trainer(settings);   // settings out of range are told before the work starts
            var trials = tune > 0 ? Tune(kind, settings, set, run, tune, line.InvocationConfiguration.Error) : null;
            results.Add(Measure(kind, trials is null ? settings : TasteSettings.Over(trials[0].Settings, settings), set, run, trials));
        }
        new BenchmarkOutput(line.GetRequiredValue(_protocol), set, results).Write(line.InvocationConfiguration.Output, line.GetValue(_json));
        return 0;
    }

    private EvaluationSet Load(ParseResult line, CancellationToken cancel)
    {
        var (train, test, negatives) = (line.GetRequiredValue(_train), line.GetValue(_test), line.GetValue(_negatives));
        var budget = BadLineBudget.Parse(line.GetRequiredValue(_maxBad));
        var layout = line.GetValue(_layout);
        InteractionFile Open(FileInfo file) => new(file, layout, budget, line.GetValue(_timeFormat));
        var testIsTrain = test is not null && test.FullName == train.FullName;
        switch (line.GetRequiredValue(_protocol))
        {
            case "next-item":
                return BenchmarkData.NextItem(
                    Open(train).ReadSequences(cancel), test is null || testIsTrain ? null : Open(test).ReadSequences(cancel));
            case "sampled":
                var samples = Open(negatives ?? throw new ArgumentException("--protocol sampled needs --negatives.")).ReadNegatives(cancel);
                return layout == FileLayout.Sequences || testIsTrain
                    ? BenchmarkData.Sampled(Open(train).ReadSequences(cancel), samples)
                    : BenchmarkData.Sampled(Open(train).ReadInteractions(cancel), test is null ? [] : Open(test).ReadInteractions(cancel), samples);
            case "time-split":
                return BenchmarkData.TimeSplit(Open(train).ReadInteractions(cancel), line.GetValue(_testShare)).Set;
            default:
                return BenchmarkData.Full(
                    Open(train).ReadInteractions(cancel),
                    Open(test ?? throw new ArgumentException("--protocol full needs --test.")).ReadInteractions(cancel));
        }
    }

    private static ModelResult Measure(
        ModelKind kind, IReadOnlyDictionary<string, double> settings, EvaluationSet set, TrainingRun run, IReadOnlyList<Trial>? trials)
    {
        PeakMemory.Reset();
        var clock = Stopwatch.StartNew();
        var trainer = kind.Trainer(settings);
        var model = ConsoleProgress.Run($"Training {kind.Name}", progress => trainer.Train(set.Train, run with { Progress = progress }));
        var trained = clock.Elapsed;
        var metrics = RankingEvaluator.Evaluate(model, set, run.Threads, run.Cancellation);
        return new(kind.Name, trainer.Settings, metrics, trained.TotalSeconds, clock.Elapsed.TotalSeconds, PeakMemory.MiB(), trials);
    }

    private static IReadOnlyList<Trial> Tune(
        ModelKind kind, IReadOnlyDictionary<string, double> settings, EvaluationSet set, TrainingRun run, int trials, TextWriter error)
    {
        var done = 0;
        return ConsoleProgress.Run($"Tuning {kind.Name}", progress => new ParameterSearch(kind, set.CutValidations(run.Seed), run with { Progress = progress }).Run(
            trials, settings, told: trial => error.WriteLine($"{++done} {ParameterSearch.Metric(set.Protocol)} {trial.Value:F4}  {BenchmarkOutput.Format(trial.Settings)}")));
    }
}
