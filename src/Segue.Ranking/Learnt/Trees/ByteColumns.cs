using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Segue.Ranking.Learnt.Trees;

/// <summary>Turns features into bytes, column by column: how many thresholds of a forest on the feature do not lie above it, minus 128.</summary>
/// <remarks>A feature of more than 255 thresholds has several columns, each with some of them. A column whose 32 values are the same is counted once.</remarks>
internal sealed unsafe class ByteColumns
{
    /// <summary>Rows that are turned together.</summary>
    public const int Lanes = 32;

    /// <summary>Columns at most.</summary>
    public const int Most = 64;

    private const int MostThresholds = 255, Side = 8;
    private readonly int[] _features;
    private readonly float[][] _thresholds;   // ascending

    private ByteColumns(int[] features, float[][] thresholds) => (_features, _thresholds) = (features, thresholds);

    /// <summary>Columns for the branches of a forest; null where it needs too many.</summary>
    /// <param name="thresholds">By node.</param>
    public static ByteColumns? Of(ReadOnlySpan<TreeScorer.Node> nodes, float[] thresholds)
    {
        var sorted = Enumerable.Range(0, RankingFeatures.Width).Select(_ => new SortedSet<float>()).ToArray();
        for (var n = 0; n < nodes.Length; n++)
        {
            if (!nodes[n].IsLeaf)
            {
                sorted[nodes[n].Feature].Add(thresholds[n]);
            }
        }
        var columns = sorted.SelectMany((of, feature) => of.Chunk(MostThresholds).Select(chunk => (Feature: feature, Thresholds: chunk))).ToList();
        return columns.Count > Most ? null : new([.. columns.Select(column => column.Feature)], [.. columns.Select(column => column.Thresholds)]);
    }

    /// <summary>Where the bytes of a branch's column begin, and the highest byte that lies below the threshold.</summary>
    public (int Offset, sbyte Highest) Find(int feature, float threshold)
    {
        for (var column = 0; column < _features.Length; column++)
        {
            if (_features[column] == feature && Array.BinarySearch(_thresholds[column], threshold) is >= 0 and var place)
            {
                return (column * Lanes, (sbyte)(place + sbyte.MinValue));
            }
        }
        throw new ArgumentException($"No branch compares feature {feature} with {threshold}.", nameof(threshold));
    }

    /// <param name="rows">32 rows of features.</param>
    /// <param name="bytes">Receives [columns × 32].</param>
    public void Write(float* rows, sbyte* bytes)
    {
        var features = stackalloc float[RankingFeatures.Width * Lanes];
        for (var row = 0; row < Lanes; row += Side)
        {
            for (var column = 0; column <= RankingFeatures.Width - Side; column += Side)
            {
                Turn(rows + row * RankingFeatures.Width + column, features + column * Lanes + row);
            }
            const int Last = RankingFeatures.Width - Side;
            Turn(rows + row * RankingFeatures.Width + Last, features + Last * Lanes + row);
        }
        for (var column = 0; column < _features.Length; column++, bytes += Lanes)
        {
            Count(features + _features[column] * Lanes, _thresholds[column], bytes);
        }
    }

    // A square of 8 × 8 features, from rows to columns.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn(float* rows, float* columns)
    {
        const int Row = RankingFeatures.Width;
        var (a, b, c, d) = Four(rows, rows + 4 * Row);
        var (e, f, g, h) = Four(rows + 4, rows + 4 * Row + 4);
        a.Store(columns);
        b.Store(columns + Lanes);
        c.Store(columns + 2 * Lanes);
        d.Store(columns + 3 * Lanes);
        e.Store(columns + 4 * Lanes);
        f.Store(columns + 5 * Lanes);
        g.Store(columns + 6 * Lanes);
        h.Store(columns + 7 * Lanes);
    }

    // Four columns of eight rows, of which the last four begin at other.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float> A, Vector256<float> B, Vector256<float> C, Vector256<float> D) Four(float* rows, float* other)
    {
        const int Row = RankingFeatures.Width;
        var (first, second) = (Both(rows, other), Both(rows + Row, other + Row));
        var (third, fourth) = (Both(rows + 2 * Row, other + 2 * Row), Both(rows + 3 * Row, other + 3 * Row));
        var (lowA, lowB) = (Avx.UnpackLow(first, second).AsDouble(), Avx.UnpackLow(third, fourth).AsDouble());
        var (highA, highB) = (Avx.UnpackHigh(first, second).AsDouble(), Avx.UnpackHigh(third, fourth).AsDouble());
        return (Avx.UnpackLow(lowA, lowB).AsSingle(), Avx.UnpackHigh(lowA, lowB).AsSingle(), Avx.UnpackLow(highA, highB).AsSingle(), Avx.UnpackHigh(highA, highB).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Both(float* low, float* high) => Vector256.Create(Vector128.Load(low), Vector128.Load(high));

    private static void Count(float* features, float[] thresholds, sbyte* bytes)
    {
        var (a, b, c, d) = (Vector256.Load(features), Vector256.Load(features + 8), Vector256.Load(features + 16), Vector256.Load(features + 24));
        var first = Vector256.Create(*features);
        if (Vector256.EqualsAll(a, first) && Vector256.EqualsAll(b, first) && Vector256.EqualsAll(c, first) && Vector256.EqualsAll(d, first))
        {
            Vector256.Create(Count(*features, thresholds)).Store(bytes);
            return;
        }
        var none = Vector256.Create(thresholds.Length + sbyte.MinValue);
        var (na, nb, nc, nd) = (none, none, none, none);
        foreach (var threshold in thresholds)
        {
            var above = Vector256.Create(threshold);
            na += Vector256.LessThan(a, above).AsInt32();   // -1 where the threshold lies above
            nb += Vector256.LessThan(b, above).AsInt32();
            nc += Vector256.LessThan(c, above).AsInt32();
            nd += Vector256.LessThan(d, above).AsInt32();
        }
        Vector256.Narrow(Vector256.Narrow(na, nb), Vector256.Narrow(nc, nd)).Store(bytes);
    }

    private static sbyte Count(float feature, float[] thresholds)
    {
        var (low, high) = (0, thresholds.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = feature < thresholds[middle] ? (low, middle) : (middle + 1, high);
        }
        return (sbyte)(low + sbyte.MinValue);
    }
}
