using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Segue.Numerics.Factors;

/// <summary><see cref="PackedRows"/> in vectors of eight floats.</summary>
internal static unsafe class PackedRows256
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Accumulate(uint* rows, int n, int stride, float* p, float* weights, float* targets, float share, float* o)
    {
        var half = stride / 2;
        for (var k = 0; k < n; k += 2, rows += stride)
        {
            var (s0, s1) = Dots(rows, half, p);
            var c0 = Vector256.Create(weights[k] * (s0 - share * targets[k]));
            var c1 = Vector256.Create(weights[k + 1] * (s1 - share * targets[k + 1]));
            for (var word = 0; word < half; word += 8)
            {
                var first = FirstOf(word);
                var (w0, w1) = (Vector256.Load(rows + word), Vector256.Load(rows + half + word));
                Add(o + first, First(w0), c0, First(w1), c1);
                Add(o + first + 16, Second(w0), c0, Second(w1), c1);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Energy(uint* rows, int n, int stride, float* p, float* weights)
    {
        var sum = 0f;
        for (var k = 0; k < n; k += 2, rows += stride)
        {
            var (s0, s1) = Dots(rows, stride / 2, p);
            sum += weights[k] * s0 * s0 + weights[k + 1] * s1 * s1;
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (float, float) Dots(uint* rows, int half, float* p)
    {
        Vector256<float> a0 = default, a1 = default, b0 = default, b1 = default;
        for (var word = 0; word < half; word += 8)
        {
            var first = FirstOf(word);
            var (pa, pb) = (Vector256.Load(p + first), Vector256.Load(p + first + 16));
            var (w0, w1) = (Vector256.Load(rows + word), Vector256.Load(rows + half + word));
            a0 = Vector256.FusedMultiplyAdd(First(w0), pa, a0);
            b0 = Vector256.FusedMultiplyAdd(Second(w0), pb, b0);
            a1 = Vector256.FusedMultiplyAdd(First(w1), pa, a1);
            b1 = Vector256.FusedMultiplyAdd(Second(w1), pb, b1);
        }
        return (Vector256.Sum(a0 + b0), Vector256.Sum(a1 + b1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* o, Vector256<float> v0, Vector256<float> c0, Vector256<float> v1, Vector256<float> c1)
        => Vector256.FusedMultiplyAdd(c1, v1, Vector256.FusedMultiplyAdd(c0, v0, Vector256.Load(o))).Store(o);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> First(Vector256<uint> words) => (words << 16).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Second(Vector256<uint> words) => (words & Vector256.Create(0xFFFF0000u)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int FirstOf(int word) => word / 16 * SplitRow.Block + word % 16;
}
