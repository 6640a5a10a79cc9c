using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Segue.Numerics.Factors;

/// <summary><see cref="PackedRows"/> with AVX-512: four rows at a time, their four sums made by one shuffle tree.</summary>
/// <remarks>Strides 32 and 64 keep p, o and the four rows in registers and unpack each word once. The methods call nothing that is not
/// inlined: a call would spill the registers to an unaligned stack.</remarks>
internal static unsafe class PackedRows512
{
    private const MethodImplOptions Kernel = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

    [MethodImpl(Kernel)]
    public static void Accumulate32(uint* rows, int n, float* p, float* weights, float* targets, float share, float* o, RowsAhead* ahead)
    {
        V pa = V512(p), pb = V512(p + 16), oa = V512(o), ob = V512(o + 16), shares = Vector512.Create(-share);
        var (table, next, end) = Ahead(ahead);
        for (var k = 0; k < n; k += 4, rows += 64)
        {
            if (next < end)
            {
                Sse.Prefetch1((uint*)table + *(int*)next * 32L);
                next += sizeof(int);
            }
            var (w0, w1, w2, w3) = (Words(rows), Words(rows + 16), Words(rows + 32), Words(rows + 48));
            V a0 = First(w0), b0 = Second(w0), a1 = First(w1), b1 = Second(w1), a2 = First(w2), b2 = Second(w2), a3 = First(w3), b3 = Second(w3);
            var c = Factor(Fma(a0, pa, b0 * pb), Fma(a1, pa, b1 * pb), Fma(a2, pa, b2 * pb), Fma(a3, pa, b3 * pb), weights + k, targets + k, shares);
            V c0 = Avx512F.Permute4x32(c, 0x00), c1 = Avx512F.Permute4x32(c, 0x55), c2 = Avx512F.Permute4x32(c, 0xAA), c3 = Avx512F.Permute4x32(c, 0xFF);
            oa = Fma(c0, a0, Fma(c1, a1, Fma(c2, a2, Fma(c3, a3, oa))));
            ob = Fma(c0, b0, Fma(c1, b1, Fma(c2, b2, Fma(c3, b3, ob))));
        }
        Advance(ahead, next);
        oa.Store(o);
        ob.Store(o + 16);
    }

    [MethodImpl(Kernel)]
    public static void Accumulate64(uint* rows, int n, float* p, float* weights, float* targets, float share, float* o, RowsAhead* ahead)
    {
        V p0 = V512(p), p1 = V512(p + 16), p2 = V512(p + 32), p3 = V512(p + 48);
        V o0 = V512(o), o1 = V512(o + 16), o2 = V512(o + 32), o3 = V512(o + 48), shares = Vector512.Create(-share);
        var (table, next, end) = Ahead(ahead);
        for (var k = 0; k < n; k += 4, rows += 128)
        {
            if (next < end)
            {
                var row = (uint*)table + *(int*)next * 64L;
                Sse.Prefetch1(row);
                Sse.Prefetch1(row + 16);
                next += sizeof(int);
            }
            var w = Words(rows);
            V x00 = First(w), x01 = Second(w);
            w = Words(rows + 16);
            V x02 = First(w), x03 = Second(w);
            w = Words(rows + 32);
            V x10 = First(w), x11 = Second(w);
            w = Words(rows + 48);
            V x12 = First(w), x13 = Second(w);
            w = Words(rows + 64);
            V x20 = First(w), x21 = Second(w);
            w = Words(rows + 80);
            V x22 = First(w), x23 = Second(w);
            w = Words(rows + 96);
            V x30 = First(w), x31 = Second(w);
            w = Words(rows + 112);
            V x32 = First(w), x33 = Second(w);
            var c = Factor(
                Fma(x00, p0, x01 * p1) + Fma(x02, p2, x03 * p3), Fma(x10, p0, x11 * p1) + Fma(x12, p2, x13 * p3),
                Fma(x20, p0, x21 * p1) + Fma(x22, p2, x23 * p3), Fma(x30, p0, x31 * p1) + Fma(x32, p2, x33 * p3),
                weights + k, targets + k, shares);
            V c0 = Avx512F.Permute4x32(c, 0x00), c1 = Avx512F.Permute4x32(c, 0x55), c2 = Avx512F.Permute4x32(c, 0xAA), c3 = Avx512F.Permute4x32(c, 0xFF);
            o0 = Fma(c0, x00, Fma(c1, x10, Fma(c2, x20, Fma(c3, x30, o0))));
            o1 = Fma(c0, x01, Fma(c1, x11, Fma(c2, x21, Fma(c3, x31, o1))));
            o2 = Fma(c0, x02, Fma(c1, x12, Fma(c2, x22, Fma(c3, x32, o2))));
            o3 = Fma(c0, x03, Fma(c1, x13, Fma(c2, x23, Fma(c3, x33, o3))));
        }
        Advance(ahead, next);
        o0.Store(o);
        o1.Store(o + 16);
        o2.Store(o + 32);
        o3.Store(o + 48);
    }

    /// <summary>Any stride: the rows are unpacked twice, from the cache.</summary>
    [MethodImpl(Kernel)]
    public static void Accumulate(uint* rows, int n, int stride, float* p, float* weights, float* targets, float share, float* o, RowsAhead* ahead)
    {
        var half = stride / 2;
        var shares = Vector512.Create(-share);
        for (var k = 0; k < n; k += 4, rows += 2 * stride)
        {
            if (ahead != null)
            {
                ahead->Fetch();
            }
            V s0 = default, s1 = default, s2 = default, s3 = default;
            for (var word = 0; word < half; word += 16)
            {
                V pa = V512(p + 2 * word), pb = V512(p + 2 * word + 16);
                var (w0, w1, w2, w3) = (Words(rows + word), Words(rows + half + word), Words(rows + stride + word), Words(rows + stride + half + word));
                s0 = Fma(Second(w0), pb, Fma(First(w0), pa, s0));
                s1 = Fma(Second(w1), pb, Fma(First(w1), pa, s1));
                s2 = Fma(Second(w2), pb, Fma(First(w2), pa, s2));
                s3 = Fma(Second(w3), pb, Fma(First(w3), pa, s3));
            }
            var c = Factor(s0, s1, s2, s3, weights + k, targets + k, shares);
            V c0 = Avx512F.Permute4x32(c, 0x00), c1 = Avx512F.Permute4x32(c, 0x55), c2 = Avx512F.Permute4x32(c, 0xAA), c3 = Avx512F.Permute4x32(c, 0xFF);
            for (var word = 0; word < half; word += 16)
            {
                var (w0, w1, w2, w3) = (Words(rows + word), Words(rows + half + word), Words(rows + stride + word), Words(rows + stride + half + word));
                Fma(c0, First(w0), Fma(c1, First(w1), Fma(c2, First(w2), Fma(c3, First(w3), V512(o + 2 * word))))).Store(o + 2 * word);
                Fma(c0, Second(w0), Fma(c1, Second(w1), Fma(c2, Second(w2), Fma(c3, Second(w3), V512(o + 2 * word + 16))))).Store(o + 2 * word + 16);
            }
        }
    }

    [MethodImpl(Kernel)]
    public static float Energy(uint* rows, int n, int stride, float* p, float* weights)
    {
        var half = stride / 2;
        var sum = V.Zero;
        for (var k = 0; k < n; k += 4, rows += 2 * stride)
        {
            V s0 = default, s1 = default, s2 = default, s3 = default;
            for (var word = 0; word < half; word += 16)
            {
                V pa = V512(p + 2 * word), pb = V512(p + 2 * word + 16);
                var (w0, w1, w2, w3) = (Words(rows + word), Words(rows + half + word), Words(rows + stride + word), Words(rows + stride + half + word));
                s0 = Fma(Second(w0), pb, Fma(First(w0), pa, s0));
                s1 = Fma(Second(w1), pb, Fma(First(w1), pa, s1));
                s2 = Fma(Second(w2), pb, Fma(First(w2), pa, s2));
                s3 = Fma(Second(w3), pb, Fma(First(w3), pa, s3));
            }
            var dots = Sums(s0, s1, s2, s3);
            sum = Fma(dots * dots, Avx512F.BroadcastVector128ToVector512(weights + k), sum);
        }
        return Vector512.Sum(sum) / 4;   // each lane of 128 bits held the same four sums
    }

    // As integers: a tuple takes no pointers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (nint Table, nint Next, nint End) Ahead(RowsAhead* ahead)
        => ahead == null ? default : ((nint)ahead->Table, (nint)ahead->Next, (nint)ahead->End);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Advance(RowsAhead* ahead, nint next)
    {
        if (ahead != null)
        {
            ahead->Next = (int*)next;
        }
    }

    // w (v·p − share t) for four rows, row q at place q of each lane.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Factor(V s0, V s1, V s2, V s3, float* weights, float* targets, V shares)
        => Fma(shares, Avx512F.BroadcastVector128ToVector512(targets), Sums(s0, s1, s2, s3)) * Avx512F.BroadcastVector128ToVector512(weights);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Sums(V s0, V s1, V s2, V s3)
    {
        var t0 = Avx512F.UnpackLow(s0, s1) + Avx512F.UnpackHigh(s0, s1);
        var t1 = Avx512F.UnpackLow(s2, s3) + Avx512F.UnpackHigh(s2, s3);
        var t = Avx512F.Shuffle(t0, t1, 0x44) + Avx512F.Shuffle(t0, t1, 0xEE);
        t += Avx512F.Shuffle4x128(t, t, 0x4E);
        return t + Avx512F.Shuffle4x128(t, t, 0xB1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V V512(float* from) => Vector512.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Words(uint* from) => Vector512.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V First(Vector512<uint> words) => (words << 16).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Second(Vector512<uint> words) => (words & Vector512.Create(0xFFFF0000u)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Fma(V a, V b, V c) => Avx512F.FusedMultiplyAdd(a, b, c);
}
