using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Segue.Ranking.Learnt.Trees;

/// <summary>Scores rows by trees of depth 4 at most, 32 rows at a time and to the bit as <see cref="TreeScorer"/> walks them.</summary>
/// <remarks>
/// A feature becomes a byte first: how many of the forest's thresholds on it do not lie above it. Then all 15 branches of a tree are decided for 32 rows at once, a comparison each; which leaf follows from
/// them by selection, without a jump; the leaves' floats come out of tables of 16 bytes. Branches are compared where they stand in the tree, all of them, as in Lucchese et al., "QuickScorer", SIGIR 2015, but for the bit vectors,
/// which shallow trees do not need.
/// </remarks>
internal sealed unsafe class ByteTrees
{
    private const int Depth = 4, Branches = (1 << Depth) - 1, Leaves = 1 << Depth, Lanes = ByteColumns.Lanes;
    private const int LeafBytes = Leaves * sizeof(float);
    private readonly ByteColumns _columns;
    private readonly int[] _offsets;   // of a branch's bytes, shape [trees × branches]
    private readonly sbyte[] _highest;   // byte of a feature that goes below, likewise
    private readonly byte[] _leaves;   // first bytes of a tree's 16 floats, then the second, third and fourth ones
    private readonly int _trees;

    private ByteTrees(ByteColumns columns, int trees)
    {
        (_columns, _trees) = (columns, trees);
        (_offsets, _highest, _leaves) = (new int[trees * Branches], new sbyte[trees * Branches], new byte[trees * LeafBytes]);
        Array.Fill(_highest, sbyte.MaxValue);   // where no branch is, all go below
    }

    /// <summary>Prepares trees; null where one is deeper, there are too many thresholds, or the processor has no vectors of 32 bytes.</summary>
    /// <param name="means">Of the features, which are compared as they are: thresholds move instead.</param>
    public static ByteTrees? Of(ReadOnlySpan<TreeScorer.Node> nodes, ReadOnlySpan<int> roots, float[] means, float[] deviations)
    {
        if (!Avx2.IsSupported)
        {
            return null;
        }
        var thresholds = new float[nodes.Length];
        for (var n = 0; n < nodes.Length; n++)
        {
            thresholds[n] = nodes[n].IsLeaf ? 0 : RawThreshold(nodes[n], means, deviations);
        }
        if (ByteColumns.Of(nodes, thresholds) is not { } columns)
        {
            return null;
        }
        var trees = new ByteTrees(columns, roots.Length);
        for (var tree = 0; tree < roots.Length; tree++)
        {
            if (!trees.Place(nodes, thresholds, roots[tree], tree, branch: 0, leaf: 0, level: 0))
            {
                return null;
            }
        }
        return trees;
    }

    /// <param name="rows">Features that are not standardized, row after row.</param>
    /// <param name="scores">Receives one for each row.</param>
    public void Score(ReadOnlySpan<float> rows, Span<float> scores)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows.Length, scores.Length * RankingFeatures.Width, nameof(rows));
        var bytes = stackalloc sbyte[ByteColumns.Most * Lanes];
        var last = stackalloc float[RankingFeatures.Width * Lanes];
        var block = stackalloc float[Lanes];
        fixed (float* start = rows)
        {
            for (var first = 0; first < scores.Length; first += Lanes)
            {
                var from = start + first * RankingFeatures.Width;
                var count = Math.Min(Lanes, scores.Length - first);
                if (count < Lanes)
                {
                    rows.Slice(first * RankingFeatures.Width, count * RankingFeatures.Width).CopyTo(new(last, RankingFeatures.Width * Lanes));
                    from = last;
                }
                _columns.Write(from, bytes);
                Walk(bytes, block);
                new ReadOnlySpan<float>(block, count).CopyTo(scores[first..]);
            }
        }
    }

    // The smallest feature that does not go below, found among all floats: standardizing rises with it, rounding included.
    private static float RawThreshold(TreeScorer.Node node, float[] means, float[] deviations)
    {
        const int Infinity = 0x7F800000;
        static float Float(int order) => BitConverter.Int32BitsToSingle(order >= 0 ? order : int.MinValue - order);

        var (low, high) = (-Infinity, Infinity);
        while (low < high)
        {
            var middle = low + (int)(((long)high - low) / 2);
            var isBelow = (Float(middle) - means[node.Feature]) / deviations[node.Feature] < node.Value;
            (low, high) = isBelow ? (middle + 1, high) : (low, middle);
        }
        return Float(low);
    }

    private bool Place(ReadOnlySpan<TreeScorer.Node> nodes, float[] thresholds, int at, int tree, int branch, int leaf, int level)
    {
        var node = nodes[at];
        if (node.IsLeaf)
        {
            var bits = BitConverter.SingleToUInt32Bits(node.Value);
            var place = tree * LeafBytes + (leaf << (Depth - level));   // the lowest of its level: no branch leads to the others
            for (var n = 0; n < sizeof(float); n++)
            {
                _leaves[place + n * Leaves] = (byte)(bits >> (8 * n));
            }
            return true;
        }
        if (level == Depth)
        {
            return false;
        }
        (_offsets[tree * Branches + branch], _highest[tree * Branches + branch]) = _columns.Find(node.Feature, thresholds[at]);
        return Place(nodes, thresholds, node.Below, tree, 2 * branch + 1, 2 * leaf, level + 1)
            && Place(nodes, thresholds, node.Else, tree, 2 * branch + 2, 2 * leaf + 1, level + 1);
    }

    private void Walk(sbyte* bytes, float* scores)
    {
        Vector256<float> a = default, b = default, c = default, d = default;
        fixed (int* allOffsets = _offsets)
        fixed (sbyte* allHighest = _highest)
        fixed (byte* allLeaves = _leaves)
        {
            for (var tree = 0; tree < _trees; tree++)
            {
                int* offsets = allOffsets + tree * Branches;
                sbyte* highest = allHighest + tree * Branches;
                byte* leaves = allLeaves + tree * LeafBytes;
                var leaf = Leaf(bytes, offsets, highest);
                var (first, second) = (Bytes(leaves, leaf), Bytes(leaves + Leaves, leaf));
                var (third, fourth) = (Bytes(leaves + 2 * Leaves, leaf), Bytes(leaves + 3 * Leaves, leaf));
                var (low, lowEnd) = (Avx2.UnpackLow(first, second).AsInt16(), Avx2.UnpackLow(third, fourth).AsInt16());
                var (high, highEnd) = (Avx2.UnpackHigh(first, second).AsInt16(), Avx2.UnpackHigh(third, fourth).AsInt16());
                a += Avx2.UnpackLow(low, lowEnd).AsSingle();
                b += Avx2.UnpackHigh(low, lowEnd).AsSingle();
                c += Avx2.UnpackLow(high, highEnd).AsSingle();
                d += Avx2.UnpackHigh(high, highEnd).AsSingle();
            }
        }
        Store(a, scores);
        Store(b, scores + 4);
        Store(c, scores + 8);
        Store(d, scores + 12);
    }

    // Unpacking works on halves of a vector: the upper one has rows 16 further on.
    private static void Store(Vector256<float> sums, float* to)
    {
        sums.GetLower().Store(to);
        sums.GetUpper().Store(to + Lanes / 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Bytes(byte* table, Vector256<byte> leaf) => Avx2.Shuffle(Avx2.BroadcastVector128ToVector256(table), leaf);

    // The path's decisions, highest bit first, are the leaf's number.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Leaf(sbyte* bytes, int* offsets, sbyte* highest)
    {
        var (below, belowEnd, belowLast) = Half(bytes, offsets, highest, 1);
        var (other, otherEnd, otherLast) = Half(bytes, offsets, highest, 2);
        var root = Goes(bytes, offsets, highest, 0);
        return (root & Vector256.Create((byte)8))
            | (Avx2.BlendVariable(below, other, root) & Vector256.Create((byte)4))
            | (Avx2.BlendVariable(belowEnd, otherEnd, root) & Vector256.Create((byte)2))
            | (Avx2.BlendVariable(belowLast, otherLast, root) & Vector256.Create((byte)1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<byte> First, Vector256<byte> Second, Vector256<byte> Third) Half(sbyte* bytes, int* offsets, sbyte* highest, int branch)
    {
        var (below, other) = (2 * branch + 1, 2 * branch + 2);
        var left = Goes(bytes, offsets, highest, below);
        var leftEnd = Avx2.BlendVariable(Goes(bytes, offsets, highest, 2 * below + 1), Goes(bytes, offsets, highest, 2 * below + 2), left);
        var right = Goes(bytes, offsets, highest, other);
        var rightEnd = Avx2.BlendVariable(Goes(bytes, offsets, highest, 2 * other + 1), Goes(bytes, offsets, highest, 2 * other + 2), right);
        var first = Goes(bytes, offsets, highest, branch);
        return (first, Avx2.BlendVariable(left, right, first), Avx2.BlendVariable(leftEnd, rightEnd, first));
    }

    // All bits of a row that does not go below.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Goes(sbyte* bytes, int* offsets, sbyte* highest, int branch)
        => Avx2.CompareGreaterThan(Vector256.Load(bytes + offsets[branch]), Avx2.BroadcastScalarToVector256(highest + branch)).AsByte();
}
