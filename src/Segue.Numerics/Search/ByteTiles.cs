using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Segue.Numerics.Factors;

namespace Segue.Numerics.Search;

/// <summary>Inner products of queries with 64 items in bytes.</summary>
/// <remarks>Items lie as [group of four dimensions][64][4], each byte 64 + code with codes from −63 to 63; a query as [dimension], codes from −127 to 127. Two neighboring products then fit
/// into 16 bits, and all paths give equal sums, which are exact: Σ (64 + x) q. Pointers are aligned to 64 bytes.</remarks>
internal static unsafe class ByteTiles
{
    public const int Items = 64, Offset = 64, MostItemCode = 63, MostQueryCode = 127;
    public const int GroupBytes = 4 * Items;
    private const MethodImplOptions Kernel = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

    /// <summary>The largest absolute value of a row.</summary>
    public static float MostOf(ReadOnlySpan<double> row)
    {
        var most = 0.0;
        foreach (var value in row)
        {
            most = Math.Max(most, Math.Abs(value));
        }
        return (float)most;
    }

    /// <summary>sums[0..64] += more[0..64].</summary>
    public static void Add(int* sums, int* more)
    {
        for (var n = 0; n < Items; n += 8)
        {
            (Vector256.Load(sums + n) + Vector256.Load(more + n)).Store(sums + n);
        }
    }

    /// <summary>sums[0..64] ← products of one query.</summary>
    /// <param name="groups">Of four dimensions, at least 1.</param>
    /// <param name="ahead">How many bytes after the ones read lie those that are read soon, which are fetched meanwhile.</param>
    public static void One(VectorPath path, byte* items, int groups, long ahead, sbyte* query, int* sums)
    {
        if (path == VectorPath.Vector512 && Avx512BW.IsSupported)
        {
            One512(items, groups, ahead, (int*)query, sums);
        }
        else if (path == VectorPath.Vector256 && Avx2.IsSupported)
        {
            One256(items, groups, ahead, (int*)query, sums);
        }
        else
        {
            OnePlainly(items, groups, query, sums);
        }
    }

    /// <summary>sums[0..64] ← products of the first query, sums[64..128] ← those of the second: the items are read once.</summary>
    public static void Two(VectorPath path, byte* items, int groups, long ahead, sbyte* first, sbyte* second, int* sums)
    {
        if (path == VectorPath.Vector512 && Avx512BW.IsSupported)
        {
            Two512(items, groups, ahead, (int*)first, (int*)second, sums);
        }
        else
        {
            One(path, items, groups, ahead, first, sums);
            One(path, items, groups, ahead, second, sums + Items);
        }
    }

    /// <summary>Tells which of 64 items reach a least score: bit i of the answer is scores[i] ≥ least.</summary>
    /// <param name="sums">Of <see cref="One"/>.</param>
    /// <param name="correction">−64 Σ q: what the offset of the items' bytes added.</param>
    /// <param name="scale">What a step of the query's codes is worth.</param>
    /// <param name="scales">What a step of each item's codes is worth.</param>
    /// <param name="scores">Receives (sum + correction) · (scale · scales[i]).</param>
    public static ulong Reach(VectorPath path, int* sums, int correction, float scale, float* scales, float least, float* scores)
    {
        var reached = 0UL;
        if (path == VectorPath.Scalar)
        {
            for (var n = 0; n < Items; n++)
            {
                scores[n] = (sums[n] + correction) * (scale * scales[n]);
                reached |= scores[n] >= least ? 1UL << n : 0;
            }
            return reached;
        }
        if (path == VectorPath.Vector512)
        {
            return Reach512(sums, correction, scale, scales, least, scores);
        }
        for (var n = 0; n < Items; n += 8)
        {
            var values = Vector256.ConvertToSingle(Vector256.Load(sums + n) + Vector256.Create(correction)) * (Vector256.Create(scale) * Vector256.Load(scales + n));
            values.Store(scores + n);
            reached |= (ulong)Vector256.GreaterThanOrEqual(values, Vector256.Create(least)).ExtractMostSignificantBits() << n;
        }
        return reached;
    }

    /// <summary>Whether an item of a mask may reach a least score, told by the first groups of dimensions: a bit for each that may.</summary>
    /// <param name="rest">At least the query's norm beyond those groups.</param>
    /// <param name="rests">At least that of each item.</param>
    public static ulong MayReach(VectorPath path, int* sums, int correction, float scale, float* scales, float rest, float* rests, float least)
    {
        var reached = 0UL;
        if (path == VectorPath.Scalar)
        {
            for (var n = 0; n < Items; n++)
            {
                reached |= (sums[n] + correction) * (scale * scales[n]) + rest * rests[n] >= least ? 1UL << n : 0;
            }
            return reached;
        }
        if (path == VectorPath.Vector512)
        {
            return MayReach512(sums, correction, scale, scales, rest, rests, least);
        }
        for (var n = 0; n < Items; n += 8)
        {
            var values = Vector256.ConvertToSingle(Vector256.Load(sums + n) + Vector256.Create(correction)) * (Vector256.Create(scale) * Vector256.Load(scales + n));
            values += Vector256.Create(rest) * Vector256.Load(rests + n);
            reached |= (ulong)Vector256.GreaterThanOrEqual(values, Vector256.Create(least)).ExtractMostSignificantBits() << n;
        }
        return reached;
    }

    [MethodImpl(Kernel)]
    private static ulong MayReach512(int* sums, int correction, float scale, float* scales, float rest, float* rests, float least)
    {
        var reached = 0UL;
        for (var n = 0; n < Items; n += 16)
        {
            var values = Vector512.ConvertToSingle(Vector512.Load(sums + n) + Vector512.Create(correction)) * (Vector512.Create(scale) * Vector512.Load(scales + n));
            values += Vector512.Create(rest) * Vector512.Load(rests + n);
            reached |= Vector512.GreaterThanOrEqual(values, Vector512.Create(least)).ExtractMostSignificantBits() << n;
        }
        return reached;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Ahead(byte* group)
    {
        Sse.Prefetch0(group);
        Sse.Prefetch0(group + 64);
        Sse.Prefetch0(group + 128);
        Sse.Prefetch0(group + 192);
    }

    [MethodImpl(Kernel)]
    private static void One512(byte* items, int groups, long ahead, int* query, int* sums)
    {
        var ones = Vector512.Create((short)1);
        Vector512<int> a = default, b = default, c = default, d = default;
        for (var k = 0; k < groups; k++, items += GroupBytes)
        {
            Ahead(items + ahead);
            var q = Vector512.Create(query[k]).AsSByte();
            a += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(Vector512.Load(items), q), ones);
            b += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(Vector512.Load(items + 64), q), ones);
            c += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(Vector512.Load(items + 128), q), ones);
            d += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(Vector512.Load(items + 192), q), ones);
        }
        a.Store(sums);
        b.Store(sums + 16);
        c.Store(sums + 32);
        d.Store(sums + 48);
    }

    [MethodImpl(Kernel)]
    private static void Two512(byte* items, int groups, long ahead, int* first, int* second, int* sums)
    {
        var ones = Vector512.Create((short)1);
        Vector512<int> a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default;
        for (var k = 0; k < groups; k++, items += GroupBytes)
        {
            Ahead(items + ahead);
            Vector512<sbyte> q = Vector512.Create(first[k]).AsSByte(), r = Vector512.Create(second[k]).AsSByte();
            var x = Vector512.Load(items);
            a += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x, q), ones);
            e += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x, r), ones);
            x = Vector512.Load(items + 64);
            b += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x, q), ones);
            f += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x, r), ones);
            x = Vector512.Load(items + 128);
            c += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x, q), ones);
            g += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x, r), ones);
            x = Vector512.Load(items + 192);
            d += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x, q), ones);
            h += Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(x, r), ones);
        }
        a.Store(sums);
        b.Store(sums + 16);
        c.Store(sums + 32);
        d.Store(sums + 48);
        e.Store(sums + 64);
        f.Store(sums + 80);
        g.Store(sums + 96);
        h.Store(sums + 112);
    }

    [MethodImpl(Kernel)]
    private static ulong Reach512(int* sums, int correction, float scale, float* scales, float least, float* scores)
    {
        var reached = 0UL;
        for (var n = 0; n < Items; n += 16)
        {
            var values = Vector512.ConvertToSingle(Vector512.Load(sums + n) + Vector512.Create(correction)) * (Vector512.Create(scale) * Vector512.Load(scales + n));
            values.Store(scores + n);
            reached |= Vector512.GreaterThanOrEqual(values, Vector512.Create(least)).ExtractMostSignificantBits() << n;
        }
        return reached;
    }

    [MethodImpl(Kernel)]
    private static void One256(byte* items, int groups, long ahead, int* query, int* sums)
    {
        var ones = Vector256.Create((short)1);
        Vector256<int> a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default;
        for (var k = 0; k < groups; k++, items += GroupBytes)
        {
            Ahead(items + ahead);
            var q = Vector256.Create(query[k]).AsSByte();
            a += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(Vector256.Load(items), q), ones);
            b += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(Vector256.Load(items + 32), q), ones);
            c += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(Vector256.Load(items + 64), q), ones);
            d += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(Vector256.Load(items + 96), q), ones);
            e += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(Vector256.Load(items + 128), q), ones);
            f += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(Vector256.Load(items + 160), q), ones);
            g += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(Vector256.Load(items + 192), q), ones);
            h += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(Vector256.Load(items + 224), q), ones);
        }
        a.Store(sums);
        b.Store(sums + 8);
        c.Store(sums + 16);
        d.Store(sums + 24);
        e.Store(sums + 32);
        f.Store(sums + 40);
        g.Store(sums + 48);
        h.Store(sums + 56);
    }

    private static void OnePlainly(byte* items, int groups, sbyte* query, int* sums)
    {
        new Span<int>(sums, Items).Clear();
        for (var k = 0; k < groups; k++, items += GroupBytes, query += 4)
        {
            for (var n = 0; n < Items; n++)
            {
                var x = items + 4 * n;
                sums[n] += x[0] * query[0] + x[1] * query[1] + x[2] * query[2] + x[3] * query[3];
            }
        }
    }
}
