using Segue.Evaluation.Protocols;
using Segue.Experiments.Analysis;
using Segue.Features.Interactions;
using Segue.Models;
using Segue.Models.Popularity;
using Segue.Numerics;
using Segue.Numerics.Metrics;
using Segue.Ranking.Artists;

namespace Segue.Evaluation.Funnel;

/// <summary>What one way of recommending artists reached.</summary>
/// <param name="Recall">Recall@20 of each user, in the order of the questions.</param>
/// <param name="Ndcg">NDCG@20 of each user.</param>
public sealed record FunnelResult(string Name, double[] Recall, double[] Ndcg)
{
    /// <summary>How far another way lies above this one, with the 95 % interval over users.</summary>
    public (PairedComparison Recall, PairedComparison Ndcg) LeadOf(FunnelResult other)
        => (PairedComparison.Of(other.Recall, Recall), PairedComparison.Of(other.Ndcg, Ndcg));
}

/// <summary>The funnel of artists beside each of its sources alone, asked the same questions.</summary>
public static class FunnelBenchmark
{
    private const int ListLength = RankingEvaluator.ListLength;

    /// <param name="options">Taste alone has the dimensions of <see cref="ArtistFunnelOptions.Taste"/>, not those that it has in the funnel.</param>
    /// <returns>Chance, the four sources by their names, and last the funnel, which is given beside.</returns>
    public static (IReadOnlyList<FunnelResult> Results, ArtistFunnel Funnel) Run(EvaluationSet set, ArtistFunnelOptions options, TrainingRun run)
    {
        var funnel = ArtistFunnel.Train(set.Train, options, run);
        var alone = ModelKinds.Get(funnel.Models.Taste.Kind).Trainer(options.Taste).Train(set.Train, run with { Progress = null });   // with as many dimensions as serve it best
        var chance = new RandomTrainer().Train(set.Train, run with { Progress = null });
        var results = new List<FunnelResult> { Measure("random", user => Best(chance, user)) };
        for (var source = ArtistModels.Sources.Count - 1; source >= 0; source--)
        {
            var model = source == 0 ? alone : funnel.Models.Model(source);
            results.Add(Measure(ArtistModels.Sources[source], user => Best(model, user)));
        }
        results.Add(Measure("funnel", user => [.. funnel.Recommend(user, ListLength).Select(artist => artist.Item)]));
        return (results, funnel);

        FunnelResult Measure(string name, Func<UserHistory, int[]> recommend)
        {
            var (recall, ndcg) = (new double[set.Cases.Count], new double[set.Cases.Count]);
            Workers.For(set.Cases.Count, run.Threads, n =>
            {
                var list = recommend(set.Cases[n].History);
                recall[n] = RankingMetrics.RecallAt(list, set.Cases[n].Answers, ListLength);
                ndcg[n] = RankingMetrics.NdcgAt(list, set.Cases[n].Answers, ListLength);
            }, run.Cancellation);
            return new(name, recall, ndcg);
        }
    }

    private static int[] Best(IRecommenderModel model, UserHistory user)
        => Array.ConvertAll(model.Recommend(user, ListLength, user.Items), scored => scored.Item);
}
