using Segue.Features.Interactions;
using Segue.Numerics;

namespace Segue.Models.Similarity;

/// <summary>Counts which items stand near each other in the users' sequences.</summary>
/// <remarks>
/// sim(a → b) = Σ over all places of a and b at most <c>window</c> apart of distance^-p (times <c>backward</c> when b came first),
/// divided by users(b)^itemPower; the best neighbors of each item are kept. A cousin of the session-based item rules of
/// Ludewig and Jannach, "Evaluation of Session-based Recommendation Algorithms", UMUAI 2018. Time O(places · window); each item is
/// counted by itself in a fixed order, so threads change nothing. Scratch: 4 bytes an item and thread.
/// </remarks>
public sealed class CooccurrenceTrainer(CooccurrenceOptions options) : IModelTrainer
{
    private const int ItemsAPiece = 128;

    public IReadOnlyDictionary<string, double> Settings { get; } = options.ToSettings();

    public IRecommenderModel Train(TrainingSet data, TrainingRun run)
    {
        var sequences = Enumerable.Range(0, data.Users).Select(user => data.Sequence(user).ToArray()).ToArray();
        var places = Places(sequences, data.Items);
        var neighbors = new ScoredItem[data.Items][];
        var pieces = (data.Items + ItemsAPiece - 1) / ItemsAPiece;
        var done = 0;
        Workers.For(pieces, run.Threads, piece =>
        {
            var sums = new float[data.Items];
            for (var item = piece * ItemsAPiece; item < Math.Min(data.Items, (piece + 1) * ItemsAPiece); item++)
            {
                neighbors[item] = Count(item, places[item], sequences, data, sums);
            }
            run.Progress?.Report((double)Interlocked.Increment(ref done) / pieces);
        }, run.Cancellation);
        return new CooccurrenceModel(options, data.IsOrdered, data.Users, neighbors, [.. data.ItemUsers.Select(count => (float)count)]);
    }

    private ScoredItem[] Count(int item, List<(int User, int Place)> places, int[][] sequences, TrainingSet data, float[] sums)
    {
        var touched = new List<int>();
        foreach (var (user, place) in places)
        {
            var sequence = sequences[user];
            var reach = data.IsOrdered ? options.Window : sequence.Length;
            for (var other = Math.Max(0, place - reach); other <= Math.Min(sequence.Length - 1, place + reach); other++)
            {
                if (sequence[other] == item)
                {
                    continue;
                }
                if (sums[sequence[other]] == 0)
                {
                    touched.Add(sequence[other]);
                }
                sums[sequence[other]] += data.IsOrdered ? PairWeight(other - place) : 1;
            }
        }
        var best = new TopK(Math.Min(options.Neighbors, touched.Count));
        foreach (var neighbor in touched)
        {
            best.Add(neighbor, sums[neighbor] / (float)Math.Pow(Math.Max(1, data.ItemUsers[neighbor]), options.ItemPower));
            sums[neighbor] = 0;
        }
        return best.Take();
    }

    // Never 0, even with backward = 0: a sum of 0 marks an item not yet met.
    private float PairWeight(int distance)
        => (float)Math.Max(1e-9, Math.Pow(Math.Abs(distance), -options.DistancePower) * (distance > 0 ? 1 : options.Backward));

    private static List<(int User, int Place)>[] Places(int[][] sequences, int items)
    {
        var places = new List<(int, int)>[items];
        for (var item = 0; item < items; item++)
        {
            places[item] = [];
        }
        for (var user = 0; user < sequences.Length; user++)
        {
            for (var place = 0; place < sequences[user].Length; place++)
            {
                places[sequences[user][place]].Add((user, place));
            }
        }
        return places;
    }
}
