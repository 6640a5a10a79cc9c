using Segue.Numerics.Factors;
using Segue.Numerics.Memory;

namespace Segue.Numerics;

/// <summary>Sums of weighted outer products of some rows of a matrix.</summary>
public static unsafe class WeightedGram
{
    private const int Together = 64;

    /// <summary>A ← A + Σ_n w_n y_n y_nᵀ, y_n the picked rows: n d² / 2 multiply-adds.</summary>
    /// <param name="square">A, shape [d × d]; only the lower triangle is written.</param>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public static void Add(DenseMatrix rows, ReadOnlySpan<int> picked, ReadOnlySpan<float> weights, Span<float> square)
    {
        var d = rows.Columns;
        Shape.RequireSame(picked.Length, weights.Length);
        Shape.RequireSame(d * d, square.Length);
        var stride = (d + Tiles.Columns - 1) / Tiles.Columns * Tiles.Columns;
        using var scratch = new NativeBuffer<float>((2L * Together + stride) * stride);
        for (var from = 0; from < picked.Length; from += Together)
        {
            var count = Math.Min(Together, picked.Length - from);
            for (var n = 0; n < count; n++)
            {
                ReadOnlySpan<float> row = rows.Row(picked[from + n]);
                row.CopyTo(scratch.Span((long)n * stride, d));
                var scaled = scratch.Span((long)(Together + n) * stride, d);
                scaled.Clear();
                Vectors.AddScaled(scaled, row, weights[from + n]);
            }
            float* plain = scratch.Start, weighted = plain + (long)Together * stride;
            Tiles.MultiplyAdd(
                VectorPaths.Best, weighted, 1, stride, plain, stride, count, weighted + (long)Together * stride, stride, stride, stride, upperOnly: true);
        }
        for (var i = 0; i < d; i++)
        {
            for (var j = i; j < d; j++)
            {
                square[j * d + i] += scratch.Start[(2L * Together + i) * stride + j];
            }
        }
    }
}
