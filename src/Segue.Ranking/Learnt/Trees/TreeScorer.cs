using System.Globalization;
using System.Text.Json;

namespace Segue.Ranking.Learnt.Trees;

/// <summary>The sum of the leaves that a row comes to in each of some regression trees, over context features alone.</summary>
/// <remarks>Trees see no factors: single directions of factors say nothing to a threshold, and without them a ranker of trees holds for every version of the models. Needs no library. Answers are scored by <see cref="ByteTrees"/> where the processor and the trees allow it.</remarks>
internal sealed class TreeScorer : IRowScorer
{
    private const int Leaf = -1, NodeLength = 4;
    private readonly Node[] _nodes;
    private readonly int[] _roots;
    private readonly float[] _means, _deviations;
    private readonly ByteTrees? _bytes;

    /// <param name="packed">The number of trees, the node at which each begins, and the nodes: feature (-1: a leaf), threshold or the leaf's value, next node where the feature is below it, next
    /// node elsewhere.</param>
    /// <param name="means">For answers; of standardized features alone, none are needed.</param>
    /// <exception cref="InvalidDataException">These are no such trees.</exception>
    public TreeScorer(float[] packed, float[] means, float[] deviations)
    {
        (_means, _deviations) = (means, deviations);
        var trees = packed.Length == 0 ? 0 : (int)packed[0];
        if (packed.Length == 0 || trees < 0 || trees >= packed.Length || (packed.Length - 1 - trees) % NodeLength != 0)
        {
            throw new InvalidDataException("The trees are cut off.");
        }
        _roots = [.. packed[1..(1 + trees)].Select(root => (int)root)];
        _nodes = new Node[(packed.Length - 1 - trees) / NodeLength];
        for (var n = 0; n < _nodes.Length; n++)
        {
            var node = packed.AsSpan(1 + trees + n * NodeLength, NodeLength);
            _nodes[n] = new((int)node[0], node[1], (int)node[2], (int)node[3]);
            // Behind itself, so that every walk ends.
            if (_nodes[n].Feature >= RankingFeatures.Width
                || (_nodes[n].Feature >= 0 && (_nodes[n].Below <= n || _nodes[n].Else <= n || _nodes[n].Below >= _nodes.Length || _nodes[n].Else >= _nodes.Length)))
            {
                throw new InvalidDataException($"Node {n} of the trees leads nowhere.");
            }
        }
        if (_roots.Any(root => root < 0 || root >= _nodes.Length))
        {
            throw new InvalidDataException("A tree begins nowhere.");
        }
        _bytes = means.Length > 0 ? ByteTrees.Of(_nodes, _roots, means, deviations) : null;
    }

    public float Score(ReadOnlySpan<float> standardized)
    {
        var sum = 0f;
        foreach (var root in _roots)
        {
            var node = _nodes[root];
            while (!node.IsLeaf)
            {
                node = _nodes[standardized[node.Feature] < node.Value ? node.Below : node.Else];
            }
            sum += node.Value;
        }
        return sum;
    }

    public void Score(RankingBatch batch, Span<float> scores)
    {
        if (_bytes is not null)
        {
            _bytes.Score(batch.Context, scores);
            return;
        }
        Span<float> row = stackalloc float[RankingFeatures.Width];
        for (var n = 0; n < batch.Count; n++)
        {
            batch.Write(n, row);
            RankingTable.Standardize(row, _means, _deviations);
            scores[n] = Score(row);
        }
    }

    /// <summary>Packs trees that XGBoost dumped as JSON.</summary>
    internal static float[] Parse(IReadOnlyList<string> trees)
    {
        var (roots, nodes) = (new List<float>(), new List<float>());
        foreach (var tree in trees)
        {
            roots.Add(nodes.Count / NodeLength);
            using var json = JsonDocument.Parse(tree);
            Add(json.RootElement, nodes);
        }
        return [trees.Count, .. roots, .. nodes];
    }

    private static int Add(JsonElement node, List<float> nodes)
    {
        var at = nodes.Count / NodeLength;
        if (node.TryGetProperty("leaf", out var leaf))
        {
            nodes.AddRange([Leaf, leaf.GetSingle(), 0, 0]);
            return at;
        }
        var feature = int.Parse(node.GetProperty("split").GetString()!.AsSpan(1), CultureInfo.InvariantCulture);   // f12
        nodes.AddRange([feature, node.GetProperty("split_condition").GetSingle(), 0, 0]);
        var yes = node.GetProperty("yes").GetInt32();
        foreach (var child in node.GetProperty("children").EnumerateArray())
        {
            var isBelow = child.GetProperty("nodeid").GetInt32() == yes;
            nodes[at * NodeLength + (isBelow ? 2 : 3)] = Add(child, nodes);
        }
        return at;
    }

    /// <summary>A branch, or a leaf with its value.</summary>
    internal readonly record struct Node(int Feature, float Value, int Below, int Else)
    {
        public bool IsLeaf => Feature < 0;
    }
}
