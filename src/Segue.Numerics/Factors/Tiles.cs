using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Segue.Numerics.Factors;

/// <summary>Small dense products C ← C + A·B or Aᵀ·B, in tiles of eight rows and 32 columns held in registers.</summary>
/// <remarks>Each element of C is one chain of fused multiply-adds over k, whatever the path: all paths give equal bits.</remarks>
internal static unsafe class Tiles
{
    public const int Rows = 8, Columns = 32;

    /// <summary>C[i, j] ← C[i, j] + Σ_k a[i·rowStep + k·step] b[k·bStride + j], for a whole number of tiles.</summary>
    /// <param name="rows">A multiple of 8.</param>
    /// <param name="columns">A multiple of 32.</param>
    /// <param name="upperOnly">Leaves out tiles that lie below the diagonal.</param>
    /// <param name="fromZero">Takes C for zero, whatever it holds.</param>
    public static void MultiplyAdd(
        VectorPath path, float* a, long rowStep, long step, float* b, long bStride, int count,
        float* c, int cStride, int rows, int columns, bool upperOnly = false, bool fromZero = false)
    {
        for (var j = 0; j < columns; j += Columns)
        {
            for (var i = 0; i < (upperOnly ? Math.Min(rows, j + Columns) : rows); i += Rows)
            {
                float* tileA = a + i * rowStep, tileC = c + (long)i * cStride + j;
                switch (path)
                {
                    case VectorPath.Vector512:
                        Tile512(tileA, rowStep, step, b + j, bStride, count, tileC, cStride, fromZero);
                        break;
                    case VectorPath.Vector256:
                        Tile256(tileA, rowStep, step, b + j, bStride, count, tileC, cStride, fromZero);
                        break;
                    default:
                        TilePlainly(tileA, rowStep, step, b + j, bStride, count, tileC, cStride, fromZero);
                        break;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Tile512(float* a, long rowStep, long step, float* b, long bStride, int count, float* c, int cStride, bool fromZero)
    {
        float* a1 = a + rowStep, a2 = a1 + rowStep, a3 = a2 + rowStep, a4 = a3 + rowStep, a5 = a4 + rowStep, a6 = a5 + rowStep, a7 = a6 + rowStep;
        float* r = c;
        V s0 = default, t0 = default, s1 = default, t1 = default, s2 = default, t2 = default, s3 = default, t3 = default,
            s4 = default, t4 = default, s5 = default, t5 = default, s6 = default, t6 = default, s7 = default, t7 = default;
        if (!fromZero)
        {
            s0 = V512(r);
            t0 = V512(r + 16);
            s1 = V512(r += cStride);
            t1 = V512(r + 16);
            s2 = V512(r += cStride);
            t2 = V512(r + 16);
            s3 = V512(r += cStride);
            t3 = V512(r + 16);
            s4 = V512(r += cStride);
            t4 = V512(r + 16);
            s5 = V512(r += cStride);
            t5 = V512(r + 16);
            s6 = V512(r += cStride);
            t6 = V512(r + 16);
            s7 = V512(r += cStride);
            t7 = V512(r + 16);
        }
        long at = 0;
        for (var k = 0; k < count; k++, at += step, b += bStride)
        {
            V x = V512(b), y = V512(b + 16);
            var q = Vector512.Create(a[at]);
            s0 = Vector512.FusedMultiplyAdd(q, x, s0);
            t0 = Vector512.FusedMultiplyAdd(q, y, t0);
            q = Vector512.Create(a1[at]);
            s1 = Vector512.FusedMultiplyAdd(q, x, s1);
            t1 = Vector512.FusedMultiplyAdd(q, y, t1);
            q = Vector512.Create(a2[at]);
            s2 = Vector512.FusedMultiplyAdd(q, x, s2);
            t2 = Vector512.FusedMultiplyAdd(q, y, t2);
            q = Vector512.Create(a3[at]);
            s3 = Vector512.FusedMultiplyAdd(q, x, s3);
            t3 = Vector512.FusedMultiplyAdd(q, y, t3);
            q = Vector512.Create(a4[at]);
            s4 = Vector512.FusedMultiplyAdd(q, x, s4);
            t4 = Vector512.FusedMultiplyAdd(q, y, t4);
            q = Vector512.Create(a5[at]);
            s5 = Vector512.FusedMultiplyAdd(q, x, s5);
            t5 = Vector512.FusedMultiplyAdd(q, y, t5);
            q = Vector512.Create(a6[at]);
            s6 = Vector512.FusedMultiplyAdd(q, x, s6);
            t6 = Vector512.FusedMultiplyAdd(q, y, t6);
            q = Vector512.Create(a7[at]);
            s7 = Vector512.FusedMultiplyAdd(q, x, s7);
            t7 = Vector512.FusedMultiplyAdd(q, y, t7);
        }
        s0.Store(c);
        t0.Store(c + 16);
        s1.Store(c += cStride);
        t1.Store(c + 16);
        s2.Store(c += cStride);
        t2.Store(c + 16);
        s3.Store(c += cStride);
        t3.Store(c + 16);
        s4.Store(c += cStride);
        t4.Store(c + 16);
        s5.Store(c += cStride);
        t5.Store(c + 16);
        s6.Store(c += cStride);
        t6.Store(c + 16);
        s7.Store(c += cStride);
        t7.Store(c + 16);
    }

    private static void Tile256(float* a, long rowStep, long step, float* b, long bStride, int count, float* c, int cStride, bool fromZero)
    {
        for (var i = 0; i < Rows; i += 4)
        {
            for (var j = 0; j < Columns; j += 16)
            {
                Part256(a + i * rowStep, rowStep, step, b + j, bStride, count, c + (long)i * cStride + j, cStride, fromZero);
            }
        }
    }

    // Four rows and 16 columns: as many accumulators as sixteen registers allow.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Part256(float* a, long rowStep, long step, float* b, long bStride, int count, float* c, int cStride, bool fromZero)
    {
        float* a1 = a + rowStep, a2 = a1 + rowStep, a3 = a2 + rowStep;
        float* c1 = c + cStride, c2 = c1 + cStride, c3 = c2 + cStride;
        Vector256<float> s0 = default, t0 = default, s1 = default, t1 = default, s2 = default, t2 = default, s3 = default, t3 = default;
        if (!fromZero)
        {
            (s0, t0, s1, t1) = (Vector256.Load(c), Vector256.Load(c + 8), Vector256.Load(c1), Vector256.Load(c1 + 8));
            (s2, t2, s3, t3) = (Vector256.Load(c2), Vector256.Load(c2 + 8), Vector256.Load(c3), Vector256.Load(c3 + 8));
        }
        long at = 0;
        for (var k = 0; k < count; k++, at += step, b += bStride)
        {
            Vector256<float> x = Vector256.Load(b), y = Vector256.Load(b + 8), q = Vector256.Create(a[at]);
            s0 = Vector256.FusedMultiplyAdd(q, x, s0);
            t0 = Vector256.FusedMultiplyAdd(q, y, t0);
            q = Vector256.Create(a1[at]);
            s1 = Vector256.FusedMultiplyAdd(q, x, s1);
            t1 = Vector256.FusedMultiplyAdd(q, y, t1);
            q = Vector256.Create(a2[at]);
            s2 = Vector256.FusedMultiplyAdd(q, x, s2);
            t2 = Vector256.FusedMultiplyAdd(q, y, t2);
            q = Vector256.Create(a3[at]);
            s3 = Vector256.FusedMultiplyAdd(q, x, s3);
            t3 = Vector256.FusedMultiplyAdd(q, y, t3);
        }
        s0.Store(c);
        t0.Store(c + 8);
        s1.Store(c1);
        t1.Store(c1 + 8);
        s2.Store(c2);
        t2.Store(c2 + 8);
        s3.Store(c3);
        t3.Store(c3 + 8);
    }

    private static void TilePlainly(float* a, long rowStep, long step, float* b, long bStride, int count, float* c, int cStride, bool fromZero)
    {
        for (var i = 0; i < Rows; i++)
        {
            for (var j = 0; j < Columns; j++)
            {
                ref var sum = ref c[(long)i * cStride + j];
                sum = fromZero ? 0 : sum;
                for (var k = 0; k < count; k++)
                {
                    sum = MathF.FusedMultiplyAdd(a[i * rowStep + k * step], b[k * bStride + j], sum);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V V512(float* from) => Vector512.Load(from);
}
