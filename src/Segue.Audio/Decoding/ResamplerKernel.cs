using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Segue.Audio.Spectra;

namespace Segue.Audio.Decoding;

/// <summary>Sums of products for <see cref="Resampler"/>, where its filter is interpolated.</summary>
/// <remarks>A sum is kept in sixteen parts, each a chain of fused multiply-adds, whatever the width of the vectors: all widths give equal bits.</remarks>
internal static unsafe class ResamplerKernel
{
    /// <summary>Parts of a sum; the length of a filter is a multiple of it.</summary>
    public const int Parts = 16;

    /// <summary>Sums made at a time.</summary>
    public const int Rows = 4;

    /// <summary>parts[r, i] ← Σ_k x_r[16k + i] · h_r[16k + i] for four rows.</summary>
    /// <param name="width">More than one lane: by vectors of eight.</param>
    /// <param name="x">Four pointers.</param>
    /// <param name="h">Four pointers.</param>
    /// <param name="count">A multiple of 16.</param>
    /// <param name="parts">Shape [4 × 16].</param>
    public static void Sum(LaneWidth width, float** x, float** h, int count, float* parts)
    {
        if (width == LaneWidth.One)
        {
            SumPlainly(x, h, count, parts);
        }
        else
        {
            Sum256(x, h, count, parts);
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
