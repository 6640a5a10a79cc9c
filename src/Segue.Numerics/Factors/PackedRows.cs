using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Segue.Numerics.Factors;

/// <summary>Products with gathered bfloat16 rows v₁ … vₙ: the two kernels in which a half-step spends its time.</summary>
/// <remarks>The rows lie one after the other, stride/2 words each, as in the first half of <see cref="SplitRow"/>; n is a multiple of 4, padded with rows of
/// zeros and weight 0.</remarks>
internal static unsafe class PackedRows
{
    /// <summary>o ← o + Σ_k w_k (v_k·p − share · t_k) v_k.</summary>
    /// <param name="ahead">Rows that will be gathered next: one is asked for with each four rows here, so that memory works while the core
    /// computes. Null, or exhausted: none.</param>
    /// <remarks>2 stride multiply-adds a row. With share = 1 the gradient's part of the observed entries, with 0 the product of their matrix with p.</remarks>
    public static void Accumulate(VectorPath path, uint* rows, int n, int stride, float* p, float* weights, float* targets, float share, float* o, RowsAhead* ahead)
    {
        switch (path, stride)
        {
            case (VectorPath.Vector512, 32):
                PackedRows512.Accumulate32(rows, n, p, weights, targets, share, o, ahead);
                break;
            case (VectorPath.Vector512, 64):
                PackedRows512.Accumulate64(rows, n, p, weights, targets, share, o, ahead);
                break;
            case (VectorPath.Vector512, _):
                PackedRows512.Accumulate(rows, n, stride, p, weights, targets, share, o, ahead);
                break;
            case (VectorPath.Vector256, _):
                PackedRows256.Accumulate(rows, n, stride, p, weights, targets, share, o);
                break;
            default:
                AccumulatePlainly(rows, n, stride, p, weights, targets, share, o);
                break;
        }
    }

    /// <summary>Σ_k w_k (v_k·p)²: what the last step of conjugate gradients needs, at half the price of the product.</summary>
    public static float Energy(VectorPath path, uint* rows, int n, int stride, float* p, float* weights) => path switch
    {
        VectorPath.Vector512 => PackedRows512.Energy(rows, n, stride, p, weights),
        VectorPath.Vector256 => PackedRows256.Energy(rows, n, stride, p, weights),
        _ => EnergyPlainly(rows, n, stride, p, weights),
    };

    private static void AccumulatePlainly(uint* rows, int n, int stride, float* p, float* weights, float* targets, float share, float* o)
    {
        for (var k = 0; k < n; k++, rows += stride / 2)
        {
            var factor = weights[k] * (DotPlainly(rows, stride, p) - share * targets[k]);
            for (var word = 0; word < stride / 2; word++)
            {
                var first = FirstOf(word);
                o[first] += factor * SplitRow.First(rows[word]);
                o[first + 16] += factor * SplitRow.Second(rows[word]);
            }
        }
    }

    private static float EnergyPlainly(uint* rows, int n, int stride, float* p, float* weights)
    {
        double sum = 0;
        for (var k = 0; k < n; k++, rows += stride / 2)
        {
            var dot = DotPlainly(rows, stride, p);
            sum += (double)weights[k] * dot * dot;
        }
        return (float)sum;
    }

    private static float DotPlainly(uint* row, int stride, float* p)
    {
        double sum = 0;
        for (var word = 0; word < stride / 2; word++)
        {
            var first = FirstOf(word);
            sum += (double)SplitRow.First(row[word]) * p[first] + (double)SplitRow.Second(row[word]) * p[first + 16];
        }
        return (float)sum;
    }

    // The place of a word's first float: 16 words to a block of 32.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int FirstOf(int word) => word / 16 * SplitRow.Block + word % 16;
}

/// <summary>Rows of a table that will be wanted soon.</summary>
internal unsafe struct RowsAhead
{
    /// <summary>Where the table starts.</summary>
    public uint* Table;

    /// <summary>Words from one row to the next.</summary>
    public long Stride;

    /// <summary>The rows not yet asked for: [Next, End).</summary>
    public int* Next, End;

    /// <summary>Asks for the first half of the next row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fetch()
    {
        if (Next < End)
        {
            var row = Table + *Next++ * Stride;
            for (var line = 0L; line < Stride / 2; line += 16)
            {
                Sse.Prefetch1(row + line);
            }
        }
    }
}
