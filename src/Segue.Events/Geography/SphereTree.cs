using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Segue.Events.Geography;

/// <summary>Points on the unit sphere, ordered so that the nearest to any other is found in O(log n): a k-d tree (Bentley, "Multidimensional
/// Binary Search Trees Used for Associative Searching", CACM 1975) over their Cartesian coordinates, with four branches each
/// and a bounding box for each branch.</summary>
/// <remarks>The chord between two points grows with their great-circle distance, so the order is that of distances on the sphere, and neither
/// the poles nor the date line is special. The answer equals that of a scan of all points to the bit: a branch is left out only when its box
/// is further away than the best point, and box and points are measured by the same roundings, which keep that order. Immutable, about
/// 70 B a point; thread-safe; a search allocates nothing.</remarks>
internal sealed class SphereTree
{
    /// <summary>More than the square of any chord, also when it is rounded.</summary>
    public const double Everywhere = 5;

    private const int LeafSlots = 8;
    private const int Lanes = 4;          // branches of a branch, and points measured at once
    private const double Nowhere = 1e6;   // further away than any point of the sphere: fills up what is empty
    private const int NoPoint = int.MaxValue;

    private readonly int _firstLeaf;               // branches are numbered from 0; those of branch n are 4n + 1 to 4n + 4
    private readonly Vector256<double>[] _boxes;   // of each branch's four: least and greatest x, then y, then z
    private readonly Vector256<double>[] _slots;   // of each leaf, by fours: x, then y, then z
    private readonly int[] _points;                // which point of the caller's is in which slot

    /// <param name="latitudes">Degrees. Of points at the same distance the earlier one is taken for nearer.</param>
    /// <param name="longitudes">Degrees, as many.</param>
    public SphereTree(ReadOnlySpan<double> latitudes, ReadOnlySpan<double> longitudes)
    {
        var given = new Vector256<double>[latitudes.Length];
        for (var i = 0; i < given.Length; i++)
        {
            given[i] = OnSphere(latitudes[i], longitudes[i]);
        }
        var leaves = 1;
        for (; leaves * LeafSlots < given.Length; leaves *= Lanes)
        {
            _firstLeaf += leaves;
        }
        _boxes = new Vector256<double>[_firstLeaf * 6];
        _slots = new Vector256<double>[leaves * (LeafSlots / Lanes) * 3];
        Array.Fill(_boxes, Vector256.Create(Nowhere));
        Array.Fill(_slots, Vector256.Create(Nowhere));
        _points = new int[leaves * LeafSlots];
        Array.Fill(_points, NoPoint);
        Build(given, [.. Enumerable.Range(0, given.Length)], 0);
    }

    /// <summary>The nearest point within a chord; of several equally near ones that which was given first.</summary>
    /// <param name="maxChordSquared">Square of the longest chord allowed, itself included; <see cref="Everywhere"/> for the whole sphere.</param>
    /// <returns>Its number, or -1 when there is none; and the square of the chord.</returns>
    public (int Point, double ChordSquared) Nearest(double latitude, double longitude, double maxChordSquared)
    {
        var query = OnSphere(latitude, longitude);
        Span<(int Branch, double ChordSquared)> waiting = stackalloc (int, double)[3 * 16];   // three a level, and 4^16 leaves are enough
        var (x, y, z) = (Vector256.Create(query[0]), Vector256.Create(query[1]), Vector256.Create(query[2]));
        var (depth, branch) = (0, 0);
        var (point, best) = (NoPoint, maxChordSquared);
        while (true)
        {
            while (branch < _firstLeaf)
            {
                branch = Descend(x, y, z, branch, best, waiting, ref depth);
            }
            ScanLeaf(x, y, z, branch - _firstLeaf, ref point, ref best);
            do
            {
                if (depth == 0)
                {
                    return (point == NoPoint ? -1 : point, best);
                }
                depth--;
            }
            while (waiting[depth].ChordSquared > best);
            branch = waiting[depth].Branch;
        }
    }

    /// <summary>A point's Cartesian coordinates, from degrees; the fourth lane is 0.</summary>
    private static Vector256<double> OnSphere(double latitude, double longitude)
    {
        var (sinLatitude, cosLatitude) = Math.SinCos(latitude * (Math.PI / 180));
        var (sinLongitude, cosLongitude) = Math.SinCos(longitude * (Math.PI / 180));
        return Vector256.Create(cosLatitude * cosLongitude, cosLatitude * sinLongitude, sinLatitude, 0);
    }

    private void Build(Vector256<double>[] given, Span<int> members, int branch)
    {
        if (branch >= _firstLeaf)
        {
            FillLeaf(given, members, branch - _firstLeaf);
            return;
        }
        var half = SplitWidest(given, members);
        var (quarter, threeQuarters) = (SplitWidest(given, members[..half]), half + SplitWidest(given, members[half..]));
        Span<int> ends = [0, quarter, half, threeQuarters, members.Length];
        for (var lane = 0; lane < Lanes; lane++)
        {
            var part = members[ends[lane]..ends[lane + 1]];
            if (part.Length > 0)
            {
                var (least, greatest) = Box(given, part);
                for (var axis = 0; axis < 3; axis++)
                {
                    ref var box = ref _boxes[(branch * 6) + (2 * axis)];
                    box = box.WithElement(lane, least[axis]);
                    Unsafe.Add(ref box, 1) = Unsafe.Add(ref box, 1).WithElement(lane, greatest[axis]);
                }
            }
            Build(given, part, (Lanes * branch) + 1 + lane);
        }
    }

    /// <summary>Sorts along the axis on which the points lie furthest apart.</summary>
    /// <returns>The number of points in the first half.</returns>
    private static int SplitWidest(Vector256<double>[] given, Span<int> members)
    {
        var (least, greatest) = Box(given, members);
        var width = greatest - least;
        var axis = width[0] >= width[1] && width[0] >= width[2] ? 0 : width[1] >= width[2] ? 1 : 2;
        members.Sort((a, b) => given[a][axis].CompareTo(given[b][axis]) is var order && order != 0 ? order : a.CompareTo(b));
        return members.Length / 2;
    }

    private static (Vector256<double> Least, Vector256<double> Greatest) Box(Vector256<double>[] given, ReadOnlySpan<int> members)
    {
        var (least, greatest) = (Vector256.Create(Nowhere), Vector256.Create(-Nowhere));
        foreach (var member in members)
        {
            (least, greatest) = (Vector256.Min(least, given[member]), Vector256.Max(greatest, given[member]));
        }
        return (least, greatest);
    }

    private void FillLeaf(Vector256<double>[] given, ReadOnlySpan<int> members, int leaf)
    {
        for (var slot = 0; slot < members.Length; slot++)
        {
            _points[(leaf * LeafSlots) + slot] = members[slot];
            for (var axis = 0; axis < 3; axis++)
            {
                ref var lanes = ref _slots[(((leaf * (LeafSlots / Lanes)) + (slot / Lanes)) * 3) + axis];
                lanes = lanes.WithElement(slot % Lanes, given[members[slot]][axis]);
            }
        }
    }

    /// <summary>Chooses the nearest of a branch's four, and puts those aside that may hold something nearer than the best.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Descend(
        Vector256<double> x, Vector256<double> y, Vector256<double> z, int branch, double best,
        Span<(int Branch, double ChordSquared)> waiting, ref int depth)
    {
        ref var box = ref _boxes[branch * 6];
        var toX = Outside(x, box, Unsafe.Add(ref box, 1));
        var toY = Outside(y, Unsafe.Add(ref box, 2), Unsafe.Add(ref box, 3));
        var toZ = Outside(z, Unsafe.Add(ref box, 4), Unsafe.Add(ref box, 5));
        var squares = (toX * toX) + (toY * toY) + (toZ * toZ);   // as in ScanLeaf: no rounding puts a box beyond its points
        var (near, toNear) = (0, squares[0]);
        for (var lane = 1; lane < Lanes; lane++)
        {
            var square = squares[lane];
            if (square < toNear)
            {
                (near, toNear) = (lane, square);
            }
        }
        for (var lane = 0; lane < Lanes; lane++)
        {
            if (lane != near && squares[lane] <= best)
            {
                waiting[depth++] = ((Lanes * branch) + 1 + lane, squares[lane]);
            }
        }
        return (Lanes * branch) + 1 + near;
    }

    /// <summary>How far the query lies outside the boxes along one axis; 0 inside.</summary>
    private static Vector256<double> Outside(Vector256<double> query, Vector256<double> least, Vector256<double> greatest)
        => Vector256.Max(Vector256.Max(least - query, query - greatest), Vector256<double>.Zero);

    private void ScanLeaf(Vector256<double> x, Vector256<double> y, Vector256<double> z, int leaf, ref int point, ref double best)
    {
        for (var group = leaf * (LeafSlots / Lanes); group < (leaf + 1) * (LeafSlots / Lanes); group++)
        {
            ref var slots = ref _slots[group * 3];
            var (toX, toY, toZ) = (slots - x, Unsafe.Add(ref slots, 1) - y, Unsafe.Add(ref slots, 2) - z);
            var squares = (toX * toX) + (toY * toY) + (toZ * toZ);
            if (!Vector256.LessThanOrEqualAny(squares, Vector256.Create(best)))
            {
                continue;
            }
            for (var lane = 0; lane < Lanes; lane++)
            {
                var found = _points[(group * Lanes) + lane];
                if (squares[lane] < best || (squares[lane] == best && found < point))
                {
                    (point, best) = (found, squares[lane]);
                }
            }
        }
    }
}
