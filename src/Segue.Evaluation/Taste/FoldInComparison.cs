using Segue.Evaluation.Lab;
using Segue.Features.Interactions;
using Segue.Models;
using Segue.Models.Factorization;

namespace Segue.Evaluation.Taste;

/// <summary>How far folding listeners in is from training anew with what they did.</summary>
/// <remarks>A tenth of a world's listeners did something since the last training: for newcomers that is all that is known of them, for the others the newest part of it. The model
/// without it folds it in; another model is trained with it; both are judged by truth (<see cref="TrueLikings"/>).</remarks>
public static class FoldInComparison
{
    private const int EveryNth = 10;

    /// <param name="events">Plays of each of those listeners since the last training.</param>
    /// <returns>For newcomers and for known listeners: the model as it was, folded in, trained anew.</returns>
    public static IReadOnlyList<(string Who, IReadOnlyList<TasteResult> Results)> Run(
        LabOptions sizes, IReadOnlyList<ulong> seeds, int events, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(events);
        string[] names = ["trained anew", "as it was", "folded in"];
        var (newcomers, known) = (names.Select(_ => new List<double>()).ToArray(), names.Select(_ => new List<double>()).ToArray());
        for (var n = 0; n < seeds.Count; n++)
        {
            var world = LabWorld.Create(sizes with { Seed = seeds[n] });
            var plays = world.SimulateHistory(cancellation: cancellation);
            var run = new TrainingRun(seeds[n], sizes.Threads, Cancellation: cancellation);
            Measure(world, plays, events, fromStart: true, run, newcomers);
            progress?.Report((n + 0.5) / seeds.Count);
            Measure(world, plays, events, fromStart: false, run, known);
            progress?.Report((n + 1.0) / seeds.Count);
        }
        return
        [
            ($"newcomers of {events} plays", [.. names.Zip(newcomers, (name, values) => new TasteResult(name, values))]),
            ($"known listeners of {events} more plays", [.. names.Zip(known, (name, values) => new TasteResult(name, values))]),
        ];
    }

    private static void Measure(LabWorld world, IReadOnlyList<LabListen> plays, int events, bool fromStart, TrainingRun run, List<double>[] values)
    {
        bool IsTested(int listener) => listener % EveryNth == 0;
        var all = new int[world.Listeners.Count];
        foreach (var play in plays)
        {
            all[play.Listener]++;
        }
        var (seen, before, after) = (new int[world.Listeners.Count], new List<LabListen>(), new List<LabListen>());
        foreach (var play in plays)
        {
            var place = seen[play.Listener]++;
            if (!IsTested(play.Listener))
            {
                before.Add(play);
                after.Add(play);
            }
            else if (fromStart ? place < events : place >= all[play.Listener] - events)
            {
                after.Add(play);
            }
            else if (!fromStart)
            {
                before.Add(play);
                after.Add(play);
            }
        }
        Dataset Build(List<LabListen> kept) => Dataset.Build(world.Catalogue, world.Listeners, LabExport.ToInteractions(world, kept));
        var (old, now) = (Build(before), Build(after));
        var tested = Enumerable.Range(0, world.Listeners.Count).Where(listener => IsTested(listener) && all[listener] >= 2 * events).ToList();
        IRecommenderModel Train(Dataset data) => ModelKinds.Get(ImplicitAlsModel.KindName).Trainer(LabModels.Taste).Train(data.Training, run);
        var (stale, fresh, truth) = (Train(old), Train(now), new TrueLikings(world));
        var histories = tested.Select(listener => (listener, now.History(listener))).ToList();
        values[0].Add(truth.Ndcg(fresh, histories, run));
        values[1].Add(truth.Ndcg(stale, histories, run));
        values[2].Add(truth.Ndcg(stale, [.. histories.Select(h => (h.listener, h.Item2 with { Row = null }))], run));
    }
}
