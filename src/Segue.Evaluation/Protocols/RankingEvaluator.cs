using Segue.Features.Interactions;
using Segue.Models;
using Segue.Numerics;
using Segue.Numerics.Metrics;

namespace Segue.Evaluation.Protocols;

/// <summary>Asks a model every question of an evaluation set and averages the metrics of <c>docs/metrics.md</c>.</summary>
public static class RankingEvaluator
{
    /// <summary>Length of the lists that recall, coverage and the like look at.</summary>
    public const int ListLength = 20;
    private const int CasesAPiece = 64;

    /// <returns>Metric by name, accuracy first; the same for any number of threads.</returns>
    /// <exception cref="InvalidOperationException">There is nothing to ask.</exception>
    public static IReadOnlyDictionary<string, double> Evaluate(
        IRecommenderModel model, EvaluationSet set, int threads, CancellationToken cancellation = default)
    {
        var outcomes = Ask(model, set, threads, cancellation);
        var metrics = Average(outcomes);
        if (set.Protocol != Protocol.Sampled)
        {
            AddBeyondAccuracy(metrics, [.. outcomes.Select(outcome => outcome.List)], set.Train);
        }
        return metrics;
    }

    /// <summary>The metrics of accuracy alone, which cost less: for a search.</summary>
    /// <inheritdoc cref="Evaluate"/>
    public static IReadOnlyDictionary<string, double> Accuracy(IRecommenderModel model, EvaluationSet set, int threads, CancellationToken cancellation = default)
        => Average(Ask(model, set, threads, cancellation));

    private static Outcome[] Ask(IRecommenderModel model, EvaluationSet set, int threads, CancellationToken cancellation)
    {
        if (set.Cases.Count == 0)
        {
            throw new InvalidOperationException("The evaluation set holds no question: no user has a held-out item.");
        }
        var outcomes = new Outcome[set.Cases.Count];
        var pieces = (set.Cases.Count + CasesAPiece - 1) / CasesAPiece;
        Workers.For(pieces, threads, piece =>
        {
            var scores = new float[model.Items];
            for (var n = piece * CasesAPiece; n < Math.Min(outcomes.Length, (piece + 1) * CasesAPiece); n++)
            {
                model.Score(set.Cases[n].History, scores);
                outcomes[n] = set.Protocol == Protocol.Sampled
                    ? AmongNegatives(set.Cases[n], scores)
                    : AmongAll(set.Cases[n], scores);
            }
        }, cancellation);
        return outcomes;
    }

    private static Outcome AmongAll(EvaluationCase question, float[] scores)
    {
        foreach (var item in question.History.Items)
        {
            scores[item] = float.NegativeInfinity;
        }
        var list = Array.ConvertAll(TopK.Select(scores, ListLength), scored => scored.Item);
        var answers = question.Answers;
        return new(list,
        [
            RankingMetrics.RecallAt(list, answers, 20),
            RankingMetrics.NdcgAt(list, answers, 20),
            RankingMetrics.HitRatioAt(list, answers, 10),
            RankingMetrics.NdcgAt(list, answers, 10),
            RankingMetrics.PrecisionAt(list, answers, 20),
            RankingMetrics.ReciprocalRankAt(list, answers, 20),
            RankingMetrics.AveragePrecisionAt(list, answers, 20),
        ]);
    }

    // The rank of the one answer counts those above it, and half of those that tie with it: what a fair coin would give.
    // A score that is not a number never helps: a broken model must not look perfect.
    private static Outcome AmongNegatives(EvaluationCase question, float[] scores)
    {
        var answer = scores[question.Answers.Single()];
        double rank = 0;
        foreach (var negative in question.Negatives!)
        {
            rank += !(scores[negative] <= answer) ? 1 : scores[negative] == answer ? 0.5 : 0;
        }
        double Within(int k, double value) => rank < k ? value : 0;
        var gain = RankingMetrics.Discount(rank);
        return new([],
        [
            Within(20, 1), Within(20, gain), Within(10, 1), Within(10, gain), Within(20, 1.0 / 20), Within(20, 1 / (rank + 1)), Within(20, 1 / (rank + 1)),
        ]);
    }

    private static Dictionary<string, double> Average(Outcome[] outcomes)
    {
        string[] names = ["recall@20", "ndcg@20", "hr@10", "ndcg@10", "precision@20", "mrr@20", "map@20"];
        return names.Select((name, n) => (name, outcomes.Average(outcome => outcome.Metrics[n]))).ToDictionary();
    }

    private static void AddBeyondAccuracy(Dictionary<string, double> metrics, int[][] lists, TrainingSet train)
    {
        var byItem = train.Strengths.Transpose();
        metrics["coverage@20"] = BeyondAccuracy.Coverage(lists, train.Items);
        metrics["novelty@20"] = BeyondAccuracy.Novelty(lists, train.ItemUsers, train.Users);
        metrics["gini@20"] = BeyondAccuracy.Gini(lists, train.Items);
        metrics["diversity@20"] = BeyondAccuracy.IntraListDiversity(lists, (a, b) => SharedUsers(byItem.Row(a), byItem.Row(b)));
    }

    // Cosine of two items as sets of users.
    private static double SharedUsers(SparseRow a, SparseRow b)
    {
        int shared = 0, i = 0, j = 0;
        while (i < a.Count && j < b.Count)
        {
            var order = a.Columns[i].CompareTo(b.Columns[j]);
            shared += order == 0 ? 1 : 0;
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
        return shared == 0 ? 0 : shared / Math.Sqrt((double)a.Count * b.Count);
    }

    private readonly record struct Outcome(int[] List, double[] Metrics);
}
