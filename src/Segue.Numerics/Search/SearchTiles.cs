using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Segue.Numerics.Factors;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Segue.Numerics.Search;

/// <summary>Inner products of eight users with 32 items, in two steps: the first dimensions with a bound on the rest, then the rest.</summary>
/// <remarks>Users lie as [dimension][8], items as [dimension][32]; scores are [8][32]. Each score is one chain of fused multiply-adds, whatever the
/// path: all paths give equal bits. Buffers are aligned to 64 bytes.</remarks>
internal static unsafe class SearchTiles
{
    public const int Users = 8, Items = 32;
    private const MethodImplOptions Kernel = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

    /// <summary>scores[u, i] ← Σ over the first dimensions; tells whether score + userRests[u] · itemRests[i] ≥ thresholds[u] for any pair.</summary>
    /// <param name="count">Dimensions to add, at least 0.</param>
    public static bool Begin(
        VectorPath path, float* users, float* items, int count, float* scores, float* userRests, float* itemRests, float* thresholds) => path switch
        {
            VectorPath.Vector512 => Begin512(users, items, count, scores, userRests, itemRests, thresholds),
            VectorPath.Vector256 => Begin256(users, items, count, scores, userRests, itemRests, thresholds),
            _ => BeginPlainly(users, items, count, scores, userRests, itemRests, thresholds),
        };

    /// <summary>Adds further dimensions to scores; bit i of reached[u] tells whether scores[u, i] ≥ thresholds[u].</summary>
    public static void Finish(VectorPath path, float* users, float* items, int count, float* scores, float* thresholds, uint* reached)
    {
        switch (path)
        {
            case VectorPath.Vector512:
                Finish512(users, items, count, scores, thresholds, reached);
                break;
            case VectorPath.Vector256:
                Finish256(users, items, count, scores, thresholds, reached);
                break;
            default:
                FinishPlainly(users, items, count, scores, thresholds, reached);
                break;
        }
    }

    [MethodImpl(Kernel)]
    private static bool Begin512(float* users, float* items, int count, float* scores, float* userRests, float* itemRests, float* thresholds)
    {
        V s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        V t0 = default, t1 = default, t2 = default, t3 = default, t4 = default, t5 = default, t6 = default, t7 = default;
        for (var k = 0; k < count; k++, users += Users, items += Items)
        {
            V x = Vector512.Load(items), y = Vector512.Load(items + 16), q = Vector512.Create(users[0]);
            (s0, t0) = (Fma(q, x, s0), Fma(q, y, t0));
            q = Vector512.Create(users[1]);
            (s1, t1) = (Fma(q, x, s1), Fma(q, y, t1));
            q = Vector512.Create(users[2]);
            (s2, t2) = (Fma(q, x, s2), Fma(q, y, t2));
            q = Vector512.Create(users[3]);
            (s3, t3) = (Fma(q, x, s3), Fma(q, y, t3));
            q = Vector512.Create(users[4]);
            (s4, t4) = (Fma(q, x, s4), Fma(q, y, t4));
            q = Vector512.Create(users[5]);
            (s5, t5) = (Fma(q, x, s5), Fma(q, y, t5));
            q = Vector512.Create(users[6]);
            (s6, t6) = (Fma(q, x, s6), Fma(q, y, t6));
            q = Vector512.Create(users[7]);
            (s7, t7) = (Fma(q, x, s7), Fma(q, y, t7));
        }
        V a = Vector512.Load(itemRests), b = Vector512.Load(itemRests + 16);
        var most = Over(s0, t0, a, b, userRests[0], thresholds[0]);
        most = Vector512.MaxNative(most, Over(s1, t1, a, b, userRests[1], thresholds[1]));
        most = Vector512.MaxNative(most, Over(s2, t2, a, b, userRests[2], thresholds[2]));
        most = Vector512.MaxNative(most, Over(s3, t3, a, b, userRests[3], thresholds[3]));
        most = Vector512.MaxNative(most, Over(s4, t4, a, b, userRests[4], thresholds[4]));
        most = Vector512.MaxNative(most, Over(s5, t5, a, b, userRests[5], thresholds[5]));
        most = Vector512.MaxNative(most, Over(s6, t6, a, b, userRests[6], thresholds[6]));
        most = Vector512.MaxNative(most, Over(s7, t7, a, b, userRests[7], thresholds[7]));
        if (Vector512.GreaterThanOrEqual(most, V.Zero).ExtractMostSignificantBits() == 0)
        {
            return false;
        }
        s0.Store(scores);
        t0.Store(scores + 16);
        s1.Store(scores + 32);
        t1.Store(scores + 48);
        s2.Store(scores + 64);
        t2.Store(scores + 80);
        s3.Store(scores + 96);
        t3.Store(scores + 112);
        s4.Store(scores + 128);
        t4.Store(scores + 144);
        s5.Store(scores + 160);
        t5.Store(scores + 176);
        s6.Store(scores + 192);
        t6.Store(scores + 208);
        s7.Store(scores + 224);
        t7.Store(scores + 240);
        return true;
    }

    [MethodImpl(Kernel)]
    private static void Finish512(float* users, float* items, int count, float* scores, float* thresholds, uint* reached)
    {
        V s0 = Vector512.Load(scores), s1 = Vector512.Load(scores + 32), s2 = Vector512.Load(scores + 64), s3 = Vector512.Load(scores + 96),
            s4 = Vector512.Load(scores + 128), s5 = Vector512.Load(scores + 160), s6 = Vector512.Load(scores + 192), s7 = Vector512.Load(scores + 224),
            t0 = Vector512.Load(scores + 16), t1 = Vector512.Load(scores + 48), t2 = Vector512.Load(scores + 80), t3 = Vector512.Load(scores + 112),
            t4 = Vector512.Load(scores + 144), t5 = Vector512.Load(scores + 176), t6 = Vector512.Load(scores + 208), t7 = Vector512.Load(scores + 240);
        for (var k = 0; k < count; k++, users += Users, items += Items)
        {
            V x = Vector512.Load(items), y = Vector512.Load(items + 16), q = Vector512.Create(users[0]);
            (s0, t0) = (Fma(q, x, s0), Fma(q, y, t0));
            q = Vector512.Create(users[1]);
            (s1, t1) = (Fma(q, x, s1), Fma(q, y, t1));
            q = Vector512.Create(users[2]);
            (s2, t2) = (Fma(q, x, s2), Fma(q, y, t2));
            q = Vector512.Create(users[3]);
            (s3, t3) = (Fma(q, x, s3), Fma(q, y, t3));
            q = Vector512.Create(users[4]);
            (s4, t4) = (Fma(q, x, s4), Fma(q, y, t4));
            q = Vector512.Create(users[5]);
            (s5, t5) = (Fma(q, x, s5), Fma(q, y, t5));
            q = Vector512.Create(users[6]);
            (s6, t6) = (Fma(q, x, s6), Fma(q, y, t6));
            q = Vector512.Create(users[7]);
            (s7, t7) = (Fma(q, x, s7), Fma(q, y, t7));
        }
        Reached(s0, t0, thresholds[0], scores, reached);
        Reached(s1, t1, thresholds[1], scores + 32, reached + 1);
        Reached(s2, t2, thresholds[2], scores + 64, reached + 2);
        Reached(s3, t3, thresholds[3], scores + 96, reached + 3);
        Reached(s4, t4, thresholds[4], scores + 128, reached + 4);
        Reached(s5, t5, thresholds[5], scores + 160, reached + 5);
        Reached(s6, t6, thresholds[6], scores + 192, reached + 6);
        Reached(s7, t7, thresholds[7], scores + 224, reached + 7);
    }

    // By how much the better of two bounds is over the threshold; negative where neither reaches it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Over(V s, V t, V a, V b, float rest, float threshold)
    {
        var q = Vector512.Create(rest);
        return Vector512.MaxNative(Fma(q, a, s), Fma(q, b, t)) - Vector512.Create(threshold);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Reached(V s, V t, float threshold, float* scores, uint* reached)
    {
        var q = Vector512.Create(threshold);
        s.Store(scores);
        t.Store(scores + 16);
        *reached = (uint)(Vector512.GreaterThanOrEqual(s, q).ExtractMostSignificantBits()
            | Vector512.GreaterThanOrEqual(t, q).ExtractMostSignificantBits() << 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Fma(V a, V b, V c) => Vector512.FusedMultiplyAdd(a, b, c);

    private static bool Begin256(float* users, float* items, int count, float* scores, float* userRests, float* itemRests, float* thresholds)
    {
        new Span<float>(scores, Users * Items).Clear();
        Add256(users, items, count, scores);
        for (var user = 0; user < Users; user++)
        {
            var (rest, threshold) = (Vector256.Create(userRests[user]), Vector256.Create(thresholds[user]));
            for (var item = 0; item < Items; item += 8)
            {
                var bound = Vector256.FusedMultiplyAdd(rest, Vector256.Load(itemRests + item), Vector256.Load(scores + user * Items + item));
                if (Vector256.GreaterThanOrEqualAny(bound, threshold))
                {
                    return true;
                }
            }
        }
        return false;
    }

    private static void Finish256(float* users, float* items, int count, float* scores, float* thresholds, uint* reached)
    {
        Add256(users, items, count, scores);
        for (var user = 0; user < Users; user++)
        {
            var threshold = Vector256.Create(thresholds[user]);
            reached[user] = 0;
            for (var item = 0; item < Items; item += 8)
            {
                reached[user] |= Vector256.GreaterThanOrEqual(Vector256.Load(scores + user * Items + item), threshold).ExtractMostSignificantBits() << item;
            }
        }
    }

    private static void Add256(float* users, float* items, int count, float* scores)
        => Tiles.MultiplyAdd(VectorPath.Vector256, users, 1, Users, items, Items, count, scores, Items, Users, Items);

    private static bool BeginPlainly(float* users, float* items, int count, float* scores, float* userRests, float* itemRests, float* thresholds)
    {
        new Span<float>(scores, Users * Items).Clear();
        Tiles.MultiplyAdd(VectorPath.Scalar, users, 1, Users, items, Items, count, scores, Items, Users, Items);
        var any = false;
        for (var n = 0; n < Users * Items; n++)
        {
            any |= MathF.FusedMultiplyAdd(userRests[n / Items], itemRests[n % Items], scores[n]) >= thresholds[n / Items];
        }
        return any;
    }

    private static void FinishPlainly(float* users, float* items, int count, float* scores, float* thresholds, uint* reached)
    {
        Tiles.MultiplyAdd(VectorPath.Scalar, users, 1, Users, items, Items, count, scores, Items, Users, Items);
        for (var user = 0; user < Users; user++)
        {
            reached[user] = 0;
            for (var item = 0; item < Items; item++)
            {
                reached[user] |= scores[user * Items + item] >= thresholds[user] ? 1u << item : 0;
            }
        }
    }
}
