using Segue.Features.Interactions;
using Segue.Numerics;
using Segue.Numerics.Factors;

namespace Segue.Models.Factorization;

/// <summary>The factors of a user whom <see cref="BprTrainer"/> has not seen: its steps for the user alone, the items being as they were learnt.</summary>
/// <remarks>Begins at zero and draws by a fixed seed: equal histories give equal factors. O(sweeps · candidates · d) a liking.</remarks>
internal sealed class BprFoldIn
{
    private const ulong Seed = 20090618;   // any: it must only be the same for everybody
    private readonly BprOptions _options;
    private readonly DenseMatrix _items;
    private readonly float[] _biases, _x;
    private readonly int[] _liked, _refused;

    /// <param name="user">Strengths of a repeated item add up, as in the training matrix.</param>
    public BprFoldIn(BprOptions options, DenseMatrix items, float[] biases, UserHistory user)
    {
        var pairs = user.Items.Zip(user.Strengths).GroupBy(pair => pair.First, (item, parts) => (Item: item, Strength: parts.Sum(part => part.Second))).OrderBy(pair => pair.Item).ToList();
        (_options, _items, _biases, _x) = (options, items, biases, new float[options.Factors]);
        _liked = [.. pairs.Where(pair => pair.Strength > 0).Select(pair => pair.Item)];
        _refused = [.. pairs.Where(pair => pair.Strength < 0).Select(pair => pair.Item)];
    }

    /// <summary>The user's factors; zero for one who likes nothing.</summary>
    public float[] Factors()
    {
        Run((_, _, _) => { }, _ => { });
        return _x;
    }

    /// <summary>What each item of the history brings to the score of one item beyond its bias: every step adds to the factors on behalf of a liking, or of a
    /// refusal. What is pushed off without having been refused counts for the liking.</summary>
    public IEnumerable<(int Item, double Value)> Contributions(int item)
    {
        var target = _items.Row(item).ToArray();
        var values = _liked.Concat(_refused).ToDictionary(known => known, _ => 0.0);
        Run((liked, other, pull) =>
        {
            values[liked] += pull * Vectors.Dot(_items.Row(liked), target);
            values[values.ContainsKey(other) ? other : liked] -= pull * Vectors.Dot(_items.Row(other), target);
        }, keep =>
        {
            foreach (var known in values.Keys)
            {
                values[known] *= keep;
            }
        });
        return values.Select(pair => (pair.Key, pair.Value));
    }

    /// <param name="stepped">Told a liking, what it was compared with, and the pull.</param>
    /// <param name="kept">Told what is left of everything before each sweep's steps.</param>
    private void Run(Action<int, int, float> stepped, Action<float> kept)
    {
        var random = new SeededRandom(Seed);
        for (var sweep = 0; sweep < _options.Sweeps; sweep++)
        {
            // The penalty of a sweep's steps at once: the same to first order, and the parts of the history need no scaling at each step.
            var rate = _options.RateOf(sweep);
            var keep = (float)Math.Pow(1 - rate * _options.Lambda, _liked.Length);
            foreach (ref var value in _x.AsSpan())
            {
                value *= keep;
            }
            kept(keep);
            foreach (var liked in _liked)
            {
                if (Contender(ref random) is >= 0 and var other)
                {
                    var pull = rate * PairSteps.Unsettled(Score(liked) - Score(other));
                    Vectors.AddScaled(_x, _items.Row(liked), pull);
                    Vectors.AddScaled(_x, _items.Row(other), -pull);
                    stepped(liked, other, pull);
                }
            }
        }
        GC.KeepAlive(_items);
    }

    private int Contender(ref SeededRandom random)
    {
        var (best, score) = (-1, float.NegativeInfinity);
        for (var n = 0; n <= _options.Candidates; n++)
        {
            var item = n < _options.Candidates ? random.NextInt(_items.Rows) : _refused.Length > 0 ? _refused[random.NextInt(_refused.Length)] : -1;
            if (item >= 0 && _liked.AsSpan().BinarySearch(item) < 0 && Score(item) is var its && its > score)
            {
                (best, score) = (item, its);
            }
        }
        return best;
    }

    private float Score(int item) => _biases[item] + Vectors.Dot(_x, _items.Row(item));
}
