using Segue.Evaluation.Lab;
using Segue.Features.Interactions;
using Segue.Models;
using Segue.Numerics;
using Segue.Numerics.Metrics;

namespace Segue.Evaluation.Taste;

/// <summary>Judges lists by what is true of a lab world instead of by what somebody happened to play next.</summary>
internal sealed class TrueLikings(LabWorld world)
{
    private const int Relevant = 50, ListLength = 20;
    private readonly float[]?[] _likings = new float[world.Listeners.Count][];

    /// <summary>Mean NDCG@20 of the listeners' lists without what their history holds; relevant are the 50 other tracks that each likes best.</summary>
    /// <param name="histories">What the model is told of each listener; the listener's index in the world beside it.</param>
    public double Ndcg(IRecommenderModel model, IReadOnlyList<(int Listener, UserHistory History)> histories, TrainingRun run)
    {
        var values = new double[histories.Count];
        Workers.For(histories.Count, run.Threads, n =>
        {
            var (listener, history) = histories[n];
            var likings = (_likings[listener] ??= world.Likings(listener)).ToArray();
            foreach (var item in history.Items)
            {
                likings[item] = float.NegativeInfinity;
            }
            var best = TopK.Select(likings, Relevant).Select(scored => scored.Item).ToHashSet();
            var list = Array.ConvertAll(model.Recommend(history, ListLength, history.Items), scored => scored.Item);
            values[n] = RankingMetrics.NdcgAt(list, best, ListLength);
        }, run.Cancellation);
        return values.Average();
    }
}
