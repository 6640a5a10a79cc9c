using System.Runtime.Intrinsics;
using Segue.Numerics.Memory;

namespace Segue.Numerics.Factors;

/// <summary>A row problem solved exactly: (αG + Σ_n w_n y_n y_nᵀ + λI) x = Σ_n w_n t_n y_n, by tiles and by Cholesky.</summary>
/// <remarks>n d² / 2 multiply-adds to set up and d³ / 6 to factor, four pivots at a time. For one caller at a time; its scratch of about d² + 128 d floats
/// serves any number of problems of one d.</remarks>
public sealed unsafe class RowSystem : IDisposable
{
    private const int Together = 64, Width = 16;
    private readonly int _d, _stride;
    private readonly NativeBuffer<float> _memory;
    private readonly float* _a, _b, _plain, _weighted;

    public RowSystem(int d)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(d);
        _d = d;
        _stride = (d + Tiles.Columns - 1) / Tiles.Columns * Tiles.Columns;
        _memory = new((_stride + 1L + 2 * Together) * _stride);
        _a = _memory.Start;
        _b = _a + (long)_stride * _stride;
        _plain = _b + _stride;
        _weighted = _plain + (long)Together * _stride;
    }

    /// <summary>Starts a problem with αG + λI.</summary>
    /// <param name="gram">G, shape [d × d], symmetric.</param>
    public void Begin(ReadOnlySpan<float> gram, float alpha, float lambda)
    {
        Shape.RequireSame(_d * _d, gram.Length);
        for (var i = 0; i < _stride; i++)
        {
            Span<float> row = new(_a + (long)i * _stride, _stride);
            row.Clear();
            if (i < _d)
            {
                Vectors.AddScaled(row[.._d], gram.Slice(i * _d, _d), alpha);
            }
            row[i] += i < _d ? lambda : 1;
        }
        new Span<float>(_b, _stride).Clear();
    }

    /// <summary>Adds entries.</summary>
    /// <param name="picked">Rows of <paramref name="rows"/>, whose columns are d.</param>
    /// <param name="weights">w ≥ 0, one for each.</param>
    /// <param name="targets">t, one for each.</param>
    public void Add(DenseMatrix rows, ReadOnlySpan<int> picked, ReadOnlySpan<float> weights, ReadOnlySpan<float> targets)
    {
        Shape.RequireSame(_d, rows.Columns);
        Shape.RequireSame(picked.Length, weights.Length);
        Shape.RequireSame(picked.Length, targets.Length);
        for (var from = 0; from < picked.Length; from += Together)
        {
            var count = Math.Min(Together, picked.Length - from);
            for (var n = 0; n < count; n++)
            {
                float* plain = _plain + (long)n * _stride, weighted = _weighted + (long)n * _stride;
                rows.Row(picked[from + n]).CopyTo(new Span<float>(plain, _d));
                var (weight, target) = (Vector512.Create(weights[from + n]), Vector512.Create(targets[from + n]));
                for (var f = 0; f < _stride; f += Width)
                {
                    var scaled = Vector512.Load(plain + f) * weight;
                    scaled.Store(weighted + f);
                    Vector512.FusedMultiplyAdd(scaled, target, Vector512.Load(_b + f)).Store(_b + f);
                }
            }
            Tiles.MultiplyAdd(VectorPaths.Best, _weighted, 1, _stride, _plain, _stride, count, _a, _stride, _stride, _stride, upperOnly: true);
        }
        GC.KeepAlive(rows);
    }

    /// <summary>Solves the problem, which is used up.</summary>
    /// <param name="x">Receives the solution, length d.</param>
    /// <returns>False when the system is not positive definite to float32's precision, or not finite.</returns>
    public bool TrySolve(Span<float> x)
    {
        Shape.RequireSame(_d, x.Length);
        return TryFactor() && TrySubstitute(x);
    }

    /// <summary>Solves with another right side, after <see cref="TryFactor"/>: any number of times.</summary>
    /// <param name="x">The right side on entry, the solution on return; length d.</param>
    /// <returns>False when the solution is not finite.</returns>
    public bool TrySolveAgain(Span<float> x)
    {
        Shape.RequireSame(_d, x.Length);
        new Span<float>(_b, _stride).Clear();
        x.CopyTo(new Span<float>(_b, _d));
        return TrySubstitute(x);
    }

    private bool TrySubstitute(Span<float> x)
    {
        for (var k = 0; k < _stride; k++)
        {
            var row = _a + (long)k * _stride;
            var y = _b[k] / row[k];
            FactorVectors.AddScaled(_b + Aligned(k), row + Aligned(k), -y, _stride - Aligned(k));
            _b[k] = y;
        }
        for (var k = _stride - 1; k >= 0; k--)
        {
            var row = _a + (long)k * _stride;
            var y = _b[k];
            _b[k] = 0;
            _b[k] = (y - FactorVectors.Dot(row + Aligned(k), _b + Aligned(k), _stride - Aligned(k))) / row[k];
        }
        new Span<float>(_b, _d).CopyTo(x);
        return FactorVectors.IsFinite(_b, _d);
    }

    public void Dispose() => _memory.Dispose();

    /// <summary>Factors the system, whose entries are used up.</summary>
    /// <returns>False when it is not positive definite to float32's precision, or not finite.</returns>
    /// <remarks>A = UᵀU in the upper triangle; what lies below the diagonal within a vector becomes zero.</remarks>
    public bool TryFactor()
    {
        const int Pivots = 4;
        var largest = 0f;
        for (var i = 0; i < _d; i++)
        {
            largest = Math.Max(largest, _a[(long)i * _stride + i]);
        }
        for (var k = 0; k < _stride; k += Pivots)
        {
            for (var pivot = k; pivot < k + Pivots; pivot++)
            {
                var row = _a + (long)pivot * _stride;
                var value = row[pivot];
                if (pivot < _d && (!(value > largest * 1e-7f) || float.IsInfinity(value)))
                {
                    return false;
                }
                new Span<float>(row + Aligned(pivot), pivot - Aligned(pivot)).Clear();
                Scale(row, Aligned(pivot), 1 / MathF.Sqrt(value));
                for (var other = pivot + 1; other < k + Pivots; other++)
                {
                    FactorVectors.AddScaled(
                        _a + (long)other * _stride + Aligned(other), row + Aligned(other), -row[other], _stride - Aligned(other));
                }
            }
            Eliminate(_a + (long)k * _stride, k + Pivots);
        }
        return true;
    }

    private void Scale(float* row, int from, float factor)
    {
        for (var f = from; f < _stride; f += Width)
        {
            (Vector512.Load(row + f) * factor).Store(row + f);
        }
    }

    private void Eliminate(float* pivots, int from)
    {
        float* r0 = pivots, r1 = r0 + _stride, r2 = r1 + _stride, r3 = r2 + _stride;
        for (var i = from; i < _stride; i++)
        {
            var row = _a + (long)i * _stride;
            Vector512<float> c0 = Vector512.Create(-r0[i]), c1 = Vector512.Create(-r1[i]), c2 = Vector512.Create(-r2[i]), c3 = Vector512.Create(-r3[i]);
            for (var f = Aligned(i); f < _stride; f += Width)
            {
                var sum = Vector512.FusedMultiplyAdd(c1, Vector512.Load(r1 + f), Vector512.FusedMultiplyAdd(c0, Vector512.Load(r0 + f), Vector512.Load(row + f)));
                Vector512.FusedMultiplyAdd(c3, Vector512.Load(r3 + f), Vector512.FusedMultiplyAdd(c2, Vector512.Load(r2 + f), sum)).Store(row + f);
            }
        }
    }

    private static int Aligned(int f) => f / Width * Width;
}
