using Segue.Evaluation.Protocols;
using Segue.Models;
using Segue.Numerics;

namespace Segue.Evaluation.Search;

/// <summary>One set of settings and what it reached on the validation part.</summary>
public sealed record Trial(IReadOnlyDictionary<string, double> Settings, double Value);

/// <summary>Seeded random search (Bergstra and Bengio, JMLR 2012) over a model's settings, on a validation part cut from the training
/// data alone.</summary>
public static class ParameterSearch
{
    /// <summary>The metric that decides: the graded one of the protocol's usual list length.</summary>
    public static string Metric(Protocol protocol) => protocol == Protocol.Full ? "ndcg@20" : "ndcg@10";

    /// <param name="trials">Settings to try, at least 1; the first is <paramref name="start"/> over the defaults.</param>
    /// <param name="start">Values given by the caller: they hold in every trial.</param>
    /// <param name="told">Called after each trial.</param>
    /// <returns>All trials, best first; equal values in the order they were tried.</returns>
    public static IReadOnlyList<Trial> Run(
        ModelKind kind,
        EvaluationSet set,
        int trials,
        IReadOnlyDictionary<string, double> start,
        TrainingRun run,
        Action<Trial>? told = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(trials);
        var validation = set.CutValidation(run.Seed);
        var done = new List<Trial>();
        for (var n = 0; n < trials; n++)
        {
            var settings = new Dictionary<string, double>(start);
            if (n > 0)
            {
                var random = new SeededRandom(run.Seed, (ulong)n);
                foreach (var setting in kind.Settings)
                {
                    var drawn = setting.Draw(ref random);   // drawn even when given, so that the others' draws stay the same
                    settings.TryAdd(setting.Name, drawn);
                }
            }
            var trainer = kind.Trainer(settings);
            var model = trainer.Train(validation.Train, run with { Progress = null });
            var metrics = RankingEvaluator.Evaluate(model, validation, run.Threads, run.Cancellation);
            var trial = new Trial(trainer.Settings, metrics[Metric(set.Protocol)]);
            done.Add(trial);
            told?.Invoke(trial);
            run.Progress?.Report((n + 1.0) / trials);
        }
        return [.. done.OrderByDescending(trial => trial.Value)];
    }
}
