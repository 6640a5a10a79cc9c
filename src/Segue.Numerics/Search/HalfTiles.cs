using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Segue.Numerics.Factors;

namespace Segue.Numerics.Search;

/// <summary>Panels of 32 rows of float16, laid out as [dimension][32]: turned to float32, or multiplied with one query at once.</summary>
/// <remarks>A float16 without infinities and subnormal numbers is a float32 of the same digits times 2⁻¹¹², so shifting and one product turn it; that product takes
/// the row's scale too. Each score is one chain of fused multiply-adds over these values, whatever the path: all paths give equal bits, and the same as
/// <see cref="SearchTiles"/> gives on the turned panel. Buffers of float32 are aligned to 64 bytes.</remarks>
internal static unsafe class HalfTiles
{
    public const int Rows = 32;

    /// <summary>2¹¹²: what a shifted float16 is multiplied with.</summary>
    public const float Lift = 5.192296858534828e33f;

    private const int Digits = unchecked((int)0x8FFFE000), Shift = 13;
    private const MethodImplOptions Kernel = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

    /// <summary>target[k, i] ← halves[k, i] · factors[i] / 2¹¹².</summary>
    /// <param name="factors">Scale of each row times <see cref="Lift"/>.</param>
    public static void Expand(VectorPath path, short* halves, int count, float* factors, float* target)
    {
        switch (path)
        {
            case VectorPath.Vector512:
                Expand512(halves, count, factors, target);
                break;
            case VectorPath.Vector256:
                Expand256(halves, count, factors, target);
                break;
            default:
                for (var n = 0; n < count * Rows; n++)
                {
                    target[n] = Turn(halves[n]) * factors[n % Rows];
                }
                break;
        }
    }

    /// <summary>scores[i] ← Σ_k query[k] · row i's value k; tells whether any score + offsets[i] ≥ threshold.</summary>
    public static bool Multiply(
        VectorPath path, short* halves, int count, float* query, float* factors, float* offsets, float threshold, float* scores)
    {
        switch (path)
        {
            case VectorPath.Vector512:
                Multiply512(halves, count, query, factors, scores);
                break;
            case VectorPath.Vector256:
                Multiply256(halves, count, query, factors, scores);
                break;
            default:
                MultiplyPlainly(halves, count, query, factors, scores);
                break;
        }
        var any = false;
        for (var n = 0; n < Rows; n += 8)
        {
            any |= Vector256.GreaterThanOrEqualAny(Vector256.Load(scores + n) + Vector256.Load(offsets + n), Vector256.Create(threshold));
        }
        return any;
    }

    [MethodImpl(Kernel)]
    private static void Expand512(short* halves, int count, float* factors, float* target)
    {
        Vector512<float> f = Vector512.Load(factors), g = Vector512.Load(factors + 16);
        for (var k = 0; k < count; k++, halves += Rows, target += Rows)
        {
            (Turn512(halves) * f).Store(target);
            (Turn512(halves + 16) * g).Store(target + 16);
        }
    }

    [MethodImpl(Kernel)]
    private static void Multiply512(short* halves, int count, float* query, float* factors, float* scores)
    {
        Vector512<float> f = Vector512.Load(factors), g = Vector512.Load(factors + 16), s = default, t = default;
        for (var k = 0; k < count; k++, halves += Rows)
        {
            var q = Vector512.Create(query[k]);
            s = Vector512.FusedMultiplyAdd(q, Turn512(halves) * f, s);
            t = Vector512.FusedMultiplyAdd(q, Turn512(halves + 16) * g, t);
        }
        s.Store(scores);
        t.Store(scores + 16);
    }

    private static void Expand256(short* halves, int count, float* factors, float* target)
    {
        for (var k = 0; k < count; k++, halves += Rows, target += Rows)
        {
            for (var n = 0; n < Rows; n += 16)
            {
                var (low, high) = Turn256(halves + n);
                (low * Vector256.Load(factors + n)).Store(target + n);
                (high * Vector256.Load(factors + n + 8)).Store(target + n + 8);
            }
        }
    }

    private static void Multiply256(short* halves, int count, float* query, float* factors, float* scores)
    {
        Vector256<float> f0 = Vector256.Load(factors), f1 = Vector256.Load(factors + 8), f2 = Vector256.Load(factors + 16), f3 = Vector256.Load(factors + 24);
        Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default;
        for (var k = 0; k < count; k++, halves += Rows)
        {
            var q = Vector256.Create(query[k]);
            var (a, b) = Turn256(halves);
            var (c, d) = Turn256(halves + 16);
            s0 = Vector256.FusedMultiplyAdd(q, a * f0, s0);
            s1 = Vector256.FusedMultiplyAdd(q, b * f1, s1);
            s2 = Vector256.FusedMultiplyAdd(q, c * f2, s2);
            s3 = Vector256.FusedMultiplyAdd(q, d * f3, s3);
        }
        s0.Store(scores);
        s1.Store(scores + 8);
        s2.Store(scores + 16);
        s3.Store(scores + 24);
    }

    private static void MultiplyPlainly(short* halves, int count, float* query, float* factors, float* scores)
    {
        for (var n = 0; n < Rows; n++)
        {
            scores[n] = 0;
            for (var k = 0; k < count; k++)
            {
                scores[n] = MathF.FusedMultiplyAdd(query[k], Turn(halves[k * Rows + n]) * factors[n], scores[n]);
            }
        }
    }

    private static float Turn(short half) => BitConverter.Int32BitsToSingle((half << Shift) & Digits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Turn512(short* halves)
        => (Vector512.ShiftLeft(Avx512F.ConvertToVector512Int32(Vector256.Load(halves)), Shift) & Vector512.Create(Digits)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float> Low, Vector256<float> High) Turn256(short* halves)
    {
        var (low, high) = Vector256.Widen(Vector256.Load(halves));
        return ((Vector256.ShiftLeft(low, Shift) & Vector256.Create(Digits)).AsSingle(), (Vector256.ShiftLeft(high, Shift) & Vector256.Create(Digits)).AsSingle());
    }
}
