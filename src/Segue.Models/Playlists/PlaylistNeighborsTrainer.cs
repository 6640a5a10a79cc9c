using Segue.Features.Interactions;
using Segue.Numerics;

namespace Segue.Models.Playlists;

/// <summary>Counts which items users put on one playlist.</summary>
/// <remarks>
/// together(a, b) = Σ over users of the largest |p|^-lengthPower among the user's playlists p that hold both, so that who keeps many lists alike is one voice;
/// alone(a) the same of those that hold a. sim(a → b) = together(a, b) ÷ (alone(a)^sourcePower · alone(b)^itemPower) · n ÷ (n + shrinkage) for the n users behind the pair, where n is at least
/// <c>minListeners</c>; the best neighbors of each item are kept. With powers of ½ a cosine. Time O(Σ |p|²); each item is counted by itself in a fixed order, so threads change nothing.
/// Scratch: 16 bytes an item and thread.
/// </remarks>
public sealed class PlaylistNeighborsTrainer(PlaylistNeighborsOptions options) : IModelTrainer
{
    private const int ItemsAPiece = 128;

    public IReadOnlyDictionary<string, double> Settings { get; } = options.ToSettings();

    public IRecommenderModel Train(TrainingSet data, TrainingRun run)
    {
        run.Cancellation.ThrowIfCancellationRequested();
        var holding = new PlaylistsOfItems(data.Playlists, data.Items);
        float[] weights = [.. Enumerable.Range(0, data.Playlists?.Count ?? 0).Select(playlist => (float)Math.Pow(data.Playlists![playlist].Length, -options.LengthPower))];
        float[] alone = [.. Enumerable.Range(0, data.Items).Select(item => Alone(item, data, holding, weights))];
        var neighbors = new ScoredItem[data.Items][];
        var pieces = (data.Items + ItemsAPiece - 1) / ItemsAPiece;
        var done = 0;
        Workers.For(pieces, run.Threads, piece =>
        {
            var counts = new PairCounts(data.Items);
            for (var item = piece * ItemsAPiece; item < Math.Min(data.Items, (piece + 1) * ItemsAPiece); item++)
            {
                neighbors[item] = Count(item, data, holding, weights, alone, counts);
            }
            run.Progress?.Report((double)Interlocked.Increment(ref done) / pieces);
        }, run.Cancellation);
        return new PlaylistNeighborsModel(options, data.Users, neighbors, [.. data.ItemUsers.Select(count => (float)count)]);
    }

    private static float Alone(int item, TrainingSet data, PlaylistsOfItems holding, float[] weights)
    {
        var counts = new PairCounts(1);
        foreach (var playlist in holding[item])
        {
            counts.Add(0, data.Playlists!.UserOf(playlist), weights[playlist]);
        }
        return counts.Together(0);
    }

    private ScoredItem[] Count(int item, TrainingSet data, PlaylistsOfItems holding, float[] weights, float[] alone, PairCounts counts)
    {
        foreach (var playlist in holding[item])
        {
            foreach (var other in data.Playlists![playlist])
            {
                if (other != item)
                {
                    counts.Add(other, data.Playlists.UserOf(playlist), weights[playlist]);
                }
            }
        }
        var best = new TopK(Math.Min(options.Neighbors, counts.Touched.Count));
        foreach (var other in counts.Touched)
        {
            if (counts.Users(other) >= options.MinListeners)
            {
                best.Add(other, Similarity(counts.Together(other), alone[item], alone[other], counts.Users(other)));
            }
        }
        counts.Clear();
        return best.Take();
    }

    private float Similarity(float together, float source, float target, int users)
        => (float)(together / (Math.Pow(source, options.SourcePower) * Math.Pow(target, options.ItemPower)) * users / (users + options.Shrinkage));

    // The sum over users of the largest weight of each; users come one after the other.
    private sealed class PairCounts(int items)
    {
        private readonly float[] _together = new float[items], _newest = new float[items];
        private readonly int[] _users = new int[items], _newestUser = new int[items];

        public List<int> Touched { get; } = [];

        public float Together(int item) => _together[item];

        public int Users(int item) => _users[item];

        public void Add(int item, int user, float weight)
        {
            if (_users[item] == 0 || _newestUser[item] != user)
            {
                if (_users[item]++ == 0)
                {
                    Touched.Add(item);
                }
                (_newestUser[item], _newest[item]) = (user, 0);
            }
            if (weight > _newest[item])
            {
                _together[item] += weight - _newest[item];
                _newest[item] = weight;
            }
        }

        public void Clear()
        {
            foreach (var item in Touched)
            {
                (_together[item], _users[item]) = (0, 0);
            }
            Touched.Clear();
        }
    }

    // Which playlists hold an item, ascending, and so by user.
    private sealed class PlaylistsOfItems
    {
        private readonly int[] _starts, _playlists;

        public PlaylistsOfItems(ItemPlaylists? all, int items)
        {
            _starts = new int[items + 1];
            for (var playlist = 0; playlist < (all?.Count ?? 0); playlist++)
            {
                foreach (var item in all![playlist])
                {
                    _starts[item + 1]++;
                }
            }
            for (var item = 0; item < items; item++)
            {
                _starts[item + 1] += _starts[item];
            }
            _playlists = new int[_starts[^1]];
            var next = _starts.AsSpan(0, items).ToArray();
            for (var playlist = 0; playlist < (all?.Count ?? 0); playlist++)
            {
                foreach (var item in all![playlist])
                {
                    _playlists[next[item]++] = playlist;
                }
            }
        }

        public ReadOnlySpan<int> this[int item] => _playlists.AsSpan(_starts[item].._starts[item + 1]);
    }
}
