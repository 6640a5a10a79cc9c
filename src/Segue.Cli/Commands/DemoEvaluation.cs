using Segue.Evaluation.Lab;
using Segue.Evaluation.Protocols;
using Segue.Features.Interactions;
using Segue.Models.Factorization;
using Segue.Models.Popularity;
using Segue.Models.Similarity;
using Segue.Numerics;

namespace Segue.Cli.Commands;

/// <summary>Shows that the models learn something: trains them on the first days of a history and asks for the last ones.</summary>
internal static class DemoEvaluation
{
    private const double HeldOutDays = 0.2;
    private static readonly string[] Kinds =
        [RandomModel.KindName, MostPopularModel.KindName, ImplicitAlsModel.KindName, CooccurrenceModel.KindName];
    private static readonly string[] Metrics = ["recall@20", "ndcg@20", "hr@10", "coverage@20"];

    /// <summary>Writes a table of the metrics to <paramref name="output"/>.</summary>
    public static void Run(
        LabWorld world, IReadOnlyList<LabListen> history, StepClock steps, TextWriter output, CancellationToken cancellation)
    {
        var cut = world.Start + (world.End - world.Start) * (1 - HeldOutDays);
        var set = Split(world, history, cut);
        if (set.Cases.Count == 0)
        {
            output.WriteLine("No listener kept a new track in the last days: there is nothing to evaluate.");
            return;
        }
        var rows = Kinds.Select(kind => steps.Run($"learning and evaluating {kind}", () =>
        {
            var model = LabModels.Train(kind, set.Train, new(world.Options.Seed, Workers.Default, Cancellation: cancellation));
            return (Kind: kind, Values: RankingEvaluator.Evaluate(model, set, Workers.Default, cancellation));
        })).ToList();
        output.WriteLine(
            $"New tracks that {set.Cases.Count:N0} listeners kept from {cut:yyyy-MM-dd HH:mm} on, among all tracks new to each:");
        output.WriteLine($"{"model",-14}{string.Concat(Metrics.Select(metric => $"{metric,13}"))}");
        foreach (var (kind, values) in rows)
        {
            output.WriteLine($"{kind,-14}{string.Concat(Metrics.Select(metric => $"{values[metric],13:F4}"))}");
        }
    }

    /// <summary>What was heard before <paramref name="cut"/> is trained on; the questions are the tracks that each listener first heard
    /// after it, and kept.</summary>
    internal static EvaluationSet Split(LabWorld world, IReadOnlyList<LabListen> history, DateTimeOffset cut)
    {
        var before = history.Where(play => play.StartedAt < cut);
        var data = Dataset.Build(world.Catalogue, world.Listeners, LabExport.ToInteractions(world, before));
        var answers = new SortedDictionary<int, HashSet<int>>();
        foreach (var play in history.Where(play => play.StartedAt >= cut && !play.Reaction.Skipped))
        {
            if (!data.Training.Strengths.Row(play.Listener).Contains(play.Track))
            {
                answers.TryAdd(play.Listener, []);
                answers[play.Listener].Add(play.Track);
            }
        }
        return new(Protocol.Full, data.Training, [.. answers.Select(answer => new EvaluationCase(data.History(answer.Key), answer.Value))]);
    }
}
