using Segue.Features.Interactions;
using Segue.Numerics;

namespace Segue.Models.Sittings;

/// <summary>Counts which items follow which within a sitting.</summary>
/// <remarks>
/// Sequential rules of Ludewig and Jannach (UMUAI 2018): weight(a → b) = Σ over all places of a and b at most <c>span</c> apart of distance^−p, times <c>backward</c> where b came
/// first; divided by all weight that leaves a, and smoothed. Without order the items of a row follow each other with weight 1. O(places · span); each item is counted by itself
/// in a fixed order, so threads change nothing.
/// </remarks>
public sealed class TransitionsTrainer(TransitionsOptions options) : IModelTrainer
{
    private const int ItemsAPiece = 128;

    public IReadOnlyDictionary<string, double> Settings { get; } = options.ToSettings();

    public IRecommenderModel Train(TrainingSet data, TrainingRun run)
    {
        var past = PastSittings.Cut(data, options.Window, options.Gap);
        var index = new SittingIndex(past, data.Items, int.MaxValue);
        var weights = Enumerable.Range(0, options.Span + 1).Select(distance => (float)Math.Pow(Math.Max(1, distance), -options.DistancePower)).ToArray();
        var rules = new ScoredItem[data.Items][];
        var pieces = (data.Items + ItemsAPiece - 1) / ItemsAPiece;
        var done = 0;
        Workers.For(pieces, run.Threads, piece =>
        {
            var sums = new TouchedSums();
            for (var item = piece * ItemsAPiece; item < Math.Min(data.Items, (piece + 1) * ItemsAPiece); item++)
            {
                sums.Clear();
                foreach (var sitting in index[item])
                {
                    Count(item, past[sitting], data.IsOrdered ? weights : [], sums);
                }
                rules[item] = Best(sums, data);
            }
            run.Progress?.Report((double)Interlocked.Increment(ref done) / pieces);
        }, run.Cancellation);
        return new TransitionsModel(options, data.IsOrdered, data.Users, rules, [.. data.ItemUsers.Select(count => (float)count)]);
    }

    // Without weights by distance the whole sitting counts alike.
    private void Count(int item, ReadOnlySpan<int> sitting, float[] weights, TouchedSums sums)
    {
        var isOrdered = weights.Length > 0;
        for (var from = 0; from < sitting.Length; from++)
        {
            if (sitting[from] != item)
            {
                continue;
            }
            var first = !isOrdered ? 0 : options.Backward > 0 ? Math.Max(0, from - options.Span) : from + 1;
            var end = isOrdered ? Math.Min(sitting.Length, from + options.Span + 1) : sitting.Length;
            for (var to = first; to < end; to++)
            {
                if (sitting[to] != item)
                {
                    sums.Add(sitting[to], !isOrdered ? 1 : to > from ? weights[to - from] : weights[from - to] * (float)options.Backward);
                }
            }
        }
    }

    private ScoredItem[] Best(TouchedSums sums, TrainingSet data)
    {
        double leaving = options.Smoothing;
        for (var n = 0; n < sums.Count; n++)
        {
            leaving += sums.At(n).Sum;
        }
        var best = new TopK(Math.Min(options.Rules, sums.Count));
        for (var n = 0; n < sums.Count; n++)
        {
            var (item, weight) = sums.At(n);
            best.Add(item, (float)(weight / leaving / Math.Pow(Math.Max(1, data.ItemUsers[item]), options.ItemPower)));
        }
        return best.Take();
    }
}
