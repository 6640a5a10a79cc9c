using Segue.Core;
using Segue.Evaluation.Protocols;
using Segue.Models;
using Segue.Numerics;

namespace Segue.Evaluation.Search;

/// <summary>One set of settings and what it reached on the validation part.</summary>
public sealed record Trial(IReadOnlyDictionary<string, double> Settings, double Value);

/// <summary>Seeded search for a model's settings on a validation part cut from the training data alone.</summary>
/// <remarks>
/// Half of the settings are drawn over the whole scale (random search: Bergstra and Bengio, JMLR 2012), the others near the best three so far. All
/// are tried with a quarter of the kind's effort, the best third of them with half of it, and a third of those with all of it (successive halving: Jamieson and
/// Talwalkar, AISTATS 2016); a kind without an effort is tried once. Settings of actions that the data lack, or of time where none is known, keep their
/// defaults. The winner is the best of all trials, so one that was better with fewer passes is taken with those.
/// </remarks>
/// <param name="validation">One or several parts of the same shape: a trial's value is the mean over them, which tells settings of small data apart.</param>
public sealed class ParameterSearch(ModelKind kind, IReadOnlyList<EvaluationSet> validation, TrainingRun run)
{
    private const int Kept = 3, Elite = 3;
    private readonly List<Trial> _done = [];
    private IReadOnlyDictionary<string, double> _most = new Dictionary<string, double>();

    /// <summary>The metric that decides: the graded one of the protocol's usual list length.</summary>
    public static string Metric(Protocol protocol) => protocol == Protocol.Full ? "ndcg@20" : "ndcg@10";

    /// <param name="trials">Settings to try, at least 1; the first is <paramref name="start"/> over the defaults.</param>
    /// <param name="start">Values given by the caller: they hold in every trial.</param>
    /// <param name="most">Values that no draw may exceed, such as of dimensions, by name; null: none.</param>
    /// <param name="told">Called after each trial.</param>
    /// <returns>All trials, best first; equal values in the order they were tried.</returns>
    public IReadOnlyList<Trial> Run(
        int trials, IReadOnlyDictionary<string, double> start, IReadOnlyDictionary<string, double>? most = null, Action<Trial>? told = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(trials);
        _done.Clear();
        _most = most ?? new Dictionary<string, double>();
        var efforts = Efforts(start);
        var total = efforts.Select((effort, rung) => effort * Count(trials, rung)).Sum();
        double spent = 0;
        IReadOnlyList<Trial> rung = [];
        for (var n = 0; n < efforts.Length; n++)
        {
            var chosen = rung.OrderByDescending(trial => trial.Value).Select(trial => trial.Settings).ToList();
            var tried = new List<Trial>();
            for (var place = 0; place < Count(trials, n); place++)
            {
                var settings = new Dictionary<string, double>(n == 0 ? Draw(place, trials, start, tried) : chosen[place]);
                if (kind.Effort is { } effort)
                {
                    settings[effort] = efforts[n];
                }
                tried.Add(Try(settings));
                told?.Invoke(tried[^1]);
                spent += efforts[n];
                run.Progress?.Report(spent / total);
            }
            rung = tried;
        }
        return [.. _done.OrderByDescending(trial => trial.Value)];
    }

    // Settings tried in a rung: all, a third of them, a ninth.
    private static int Count(int trials, int rung) => (int)Math.Ceiling(trials / Math.Pow(Kept, rung));

    private double[] Efforts(IReadOnlyDictionary<string, double> start)
    {
        if (kind.Effort is not { } name)
        {
            return [1];
        }
        var whole = start.TryGetValue(name, out var given) ? given : kind.Settings.First(setting => setting.Name == name).Default;
        return [.. new[] { Math.Max(1, Math.Ceiling(whole / 4)), Math.Max(1, Math.Ceiling(whole / 2)), whole }.Distinct()];
    }

    private Trial Try(Dictionary<string, double> settings)
    {
        var trainer = kind.Trainer(settings);
        var trial = new Trial(trainer.Settings, validation.Average(part =>
            RankingEvaluator.Accuracy(trainer.Train(part.Train, run with { Progress = null }), part, run.Threads, run.Cancellation)[Metric(part.Protocol)]));
        _done.Add(trial);
        return trial;
    }

    private Dictionary<string, double> Draw(int place, int trials, IReadOnlyDictionary<string, double> start, List<Trial> tried)
    {
        var settings = new Dictionary<string, double>(start);
        if (place == 0)
        {
            return settings;
        }
        var random = new SeededRandom(run.Seed, (ulong)place);
        var near = place < (trials + 1) / 2
            ? null
            : tried.OrderByDescending(trial => trial.Value).Take(Elite).ElementAt(random.NextInt(Math.Min(Elite, tried.Count))).Settings;
        foreach (var setting in kind.Settings.Where(IsSearched))
        {
            var drawn = near is null ? setting.Draw(ref random) : setting.DrawNear(near[setting.Name], ref random);   // drawn even when given, so that the others' draws stay the same
            settings.TryAdd(setting.Name, _most.TryGetValue(setting.Name, out var limit) ? Math.Min(drawn, limit) : drawn);
        }
        return settings;
    }

    private bool IsSearched(Setting setting)
        => setting.Name != kind.Effort
            && (setting.Action is not { } action || Actions.Contains(action))
            && (!setting.NeedsTime || validation[0].Train.Actions.OldestAge > 0);

    private IReadOnlySet<InteractionAction> Actions => field ??= validation[0].Train.Actions.Kinds;
}
