using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Segue.Audio.Decoding;

/// <summary>Sums of products for <see cref="Resampler"/>.</summary>
/// <remarks>A sum is kept in sixteen parts, each a chain of fused multiply-adds, whatever the width of the vectors: all widths give equal bits.</remarks>
internal static unsafe class ResamplerKernel
{
    /// <summary>Parts of a sum; the length of a filter is a multiple of it.</summary>
    public const int Parts = 16;

    /// <summary>Sums made at a time.</summary>
    public const int Rows = 4;

    /// <summary>Floats a vector: the widest that this processor has.</summary>
    public static int BestWidth { get; } =
        // Not Vector512.IsHardwareAccelerated: that is false on the first processors with AVX-512, which gain too.
        Avx512F.IsSupported ? 16 : Vector256.IsHardwareAccelerated ? 8 : 1;

    /// <summary>parts[r, i] ← Σ_k x_r[16k + i] · h_r[16k + i] for four rows.</summary>
    /// <param name="width">16, 8 or 1.</param>
    /// <param name="x">Four pointers.</param>
    /// <param name="h">Four pointers.</param>
    /// <param name="count">A multiple of 16.</param>
    /// <param name="parts">Shape [4 × 16].</param>
    public static void Sum(int width, float** x, float** h, int count, float* parts)
    {
        switch (width)
        {
            case 16 when h[0] == h[1] && h[1] == h[2] && h[2] == h[3]:
                SumOfOneFilter512(x[0], x[1], x[2], x[3], h[0], count, parts);
                break;
            case 16:
                Sum512(x[0], x[1], x[2], x[3], h[0], h[1], h[2], h[3], count, parts);
                break;
            case 8:
                Sum256(x, h, count, parts);
                break;
            default:
                SumPlainly(x, h, count, parts);
                break;
        }
    }

    /// <summary>The sum of the sixteen parts of a row.</summary>
    public static float Fold(float* parts)
    {
        var quarters = (Vector128.Load(parts) + Vector128.Load(parts + 8)) + (Vector128.Load(parts + 4) + Vector128.Load(parts + 12));
        var halves = quarters + Vector128.Shuffle(quarters, Vector128.Create(2, 3, 0, 1));
        return halves[0] + halves[1];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Sum512(float* x0, float* x1, float* x2, float* x3, float* h0, float* h1, float* h2, float* h3, int count, float* parts)
    {
        Vector512<float> s0 = Vector512<float>.Zero, s1 = s0, s2 = s0, s3 = s0;
        for (var k = 0; k < count; k += 16)
        {
            s0 = Vector512.FusedMultiplyAdd(Vector512.Load(x0 + k), Vector512.Load(h0 + k), s0);
            s1 = Vector512.FusedMultiplyAdd(Vector512.Load(x1 + k), Vector512.Load(h1 + k), s1);
            s2 = Vector512.FusedMultiplyAdd(Vector512.Load(x2 + k), Vector512.Load(h2 + k), s2);
            s3 = Vector512.FusedMultiplyAdd(Vector512.Load(x3 + k), Vector512.Load(h3 + k), s3);
        }
        s0.Store(parts);
        s1.Store(parts + 16);
        s2.Store(parts + 32);
        s3.Store(parts + 48);
    }

    // Where outputs all lie on inputs (44.1 kHz), the filter is read once for four rows.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void SumOfOneFilter512(float* x0, float* x1, float* x2, float* x3, float* h, int count, float* parts)
    {
        Vector512<float> s0 = Vector512<float>.Zero, s1 = s0, s2 = s0, s3 = s0;
        for (var k = 0; k < count; k += 16)
        {
            var weights = Vector512.Load(h + k);
            s0 = Vector512.FusedMultiplyAdd(Vector512.Load(x0 + k), weights, s0);
            s1 = Vector512.FusedMultiplyAdd(Vector512.Load(x1 + k), weights, s1);
            s2 = Vector512.FusedMultiplyAdd(Vector512.Load(x2 + k), weights, s2);
            s3 = Vector512.FusedMultiplyAdd(Vector512.Load(x3 + k), weights, s3);
        }
        s0.Store(parts);
        s1.Store(parts + 16);
        s2.Store(parts + 32);
        s3.Store(parts + 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Sum256(float** x, float** h, int count, float* parts)
    {
        for (var row = 0; row < Rows; row += 2)
        {
            float* x0 = x[row], x1 = x[row + 1], h0 = h[row], h1 = h[row + 1];
            Vector256<float> s0 = Vector256<float>.Zero, t0 = s0, s1 = s0, t1 = s0;
            for (var k = 0; k < count; k += 16)
            {
                s0 = Vector256.FusedMultiplyAdd(Vector256.Load(x0 + k), Vector256.Load(h0 + k), s0);
                t0 = Vector256.FusedMultiplyAdd(Vector256.Load(x0 + k + 8), Vector256.Load(h0 + k + 8), t0);
                s1 = Vector256.FusedMultiplyAdd(Vector256.Load(x1 + k), Vector256.Load(h1 + k), s1);
                t1 = Vector256.FusedMultiplyAdd(Vector256.Load(x1 + k + 8), Vector256.Load(h1 + k + 8), t1);
            }
            s0.Store(parts + row * Parts);
            t0.Store(parts + row * Parts + 8);
            s1.Store(parts + row * Parts + 16);
            t1.Store(parts + row * Parts + 24);
        }
    }

    private static void SumPlainly(float** x, float** h, int count, float* parts)
    {
        for (var row = 0; row < Rows; row++)
        {
            for (var part = 0; part < Parts; part++)
            {
                var sum = 0f;
                for (var k = part; k < count; k += Parts)
                {
                    sum = MathF.FusedMultiplyAdd(x[row][k], h[row][k], sum);
                }
                parts[row * Parts + part] = sum;
            }
        }
    }
}
