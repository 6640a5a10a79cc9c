using Segue.Models.Similarity;
using Segue.Numerics;
using Segue.Numerics.Tables;

namespace Segue.Retrieval;

/// <summary>What others heard around some tracks: Σ weight · neighbor's score, by track.</summary>
public sealed class CoListening
{
    private readonly RowTable<int> _placeOf;   // plus 1
    private readonly ScoredItem[] _sums;
    private readonly int _count;

    /// <param name="anchors">Tracks that are looked around, with what each weighs.</param>
    public CoListening(CooccurrenceModel neighbors, IReadOnlyList<(int Track, float Weight)> anchors)
    {
        var all = 0;
        foreach (var (track, _) in anchors)
        {
            all += neighbors.Neighbors(track).Length;
        }
        var most = Math.Min(all, neighbors.Items);
        (_placeOf, _sums) = (new(most), new ScoredItem[most]);
        foreach (var (track, weight) in anchors)
        {
            foreach (var neighbor in neighbors.Neighbors(track))
            {
                ref var place = ref _placeOf.At(neighbor.Item);
                if (place == 0)
                {
                    _sums[_count] = new(neighbor.Item, 0);
                    place = ++_count;
                }
                ref var sum = ref _sums[place - 1];
                sum = sum with { Score = sum.Score + weight * neighbor.Score };
            }
        }
        foreach (var sum in Sums)
        {
            Most = Math.Max(Most, Math.Abs(sum.Score));
        }
    }

    /// <summary>Each track that was heard around, in the order in which they were met.</summary>
    public ReadOnlySpan<ScoredItem> Sums => _sums.AsSpan(0, _count);

    /// <summary>The largest sum, without its sign; 0 where there are none.</summary>
    public float Most { get; }

    /// <summary>The sum of a track; 0 where nobody heard it around.</summary>
    public float this[int track] => _placeOf[track] is > 0 and var place ? _sums[place - 1].Score : 0;
}
