using System.Runtime.Intrinsics;
using Segue.Numerics.Memory;

namespace Segue.Numerics.Factors;

/// <summary>A row problem solved exactly: (αG + Σ_n w_n y_n y_nᵀ + λI) x = Σ_n w_n t_n y_n, by tiles and by Cholesky.</summary>
/// <remarks>n d² / 2 multiply-adds to set up and d³ / 6 to factor, four pivots at a time. For one caller at a time; its scratch of about d² + 128 d floats
/// serves any number of problems of one d.</remarks>
public sealed unsafe class RowSystem : IDisposable
{
    private const int Together = 64, Width = 16, Abreast = 4;
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

    /// <summary>Solves with several right sides, after <see cref="TryFactor"/> or <see cref="Restore"/>: each as it would be alone, to the bit; four at a time.</summary>
    /// <param name="x">The right sides on entry, the solutions on return, one after the other; length a multiple of d.</param>
    /// <returns>False when a solution is not finite.</returns>
    public bool TrySolveEach(Span<float> x)
    {
        var (count, isFinite) = (x.Length / _d, true);
        Shape.RequireSame(count * _d, x.Length);
        for (var from = 0; from < count; from += Abreast)
        {
            var some = x.Slice(from * _d, Math.Min(Abreast, count - from) * _d);
            new Span<float>(_plain, Abreast * _stride).Clear();
            for (var n = 0; n * _d < some.Length; n++)
            {
                some.Slice(n * _d, _d).CopyTo(new Span<float>(_plain + n * _stride, _d));
            }
            SubstituteAbreast(_plain);
            for (var n = 0; n * _d < some.Length; n++)
            {
                new Span<float>(_plain + n * _stride, _d).CopyTo(some.Slice(n * _d, _d));
                isFinite &= FactorVectors.IsFinite(_plain + n * _stride, _d);
            }
        }
        return isFinite;
    }

    /// <summary>What <see cref="TryFactor"/> made, to be kept: the upper triangle by vectors of 16, about d² ÷ 2 + 8 d floats.</summary>
    public float[] Keep()
    {
        var kept = new float[KeptLength];
        for (int k = 0, at = 0; k < _stride; at += _stride - Aligned(k), k++)
        {
            new Span<float>(_a + (long)k * _stride + Aligned(k), _stride - Aligned(k)).CopyTo(kept.AsSpan(at));
        }
        return kept;
    }

    /// <summary>Takes up what was kept, of a system of the same d: solves it with any right sides as before.</summary>
    public void Restore(ReadOnlySpan<float> kept)
    {
        Shape.RequireSame(KeptLength, kept.Length);
        for (int k = 0, at = 0; k < _stride; at += _stride - Aligned(k), k++)
        {
            kept.Slice(at, _stride - Aligned(k)).CopyTo(new Span<float>(_a + (long)k * _stride + Aligned(k), _stride - Aligned(k)));
        }
    }

    private int KeptLength => _stride * (_stride + Width) / 2;

    // The steps of TrySubstitute, in its order for each side; the rows are read once for all.
    private void SubstituteAbreast(float* b)
    {
        float* b0 = b, b1 = b0 + _stride, b2 = b1 + _stride, b3 = b2 + _stride;
        for (var k = 0; k < _stride; k++)
        {
            var row = _a + (long)k * _stride;
            float y0 = b0[k] / row[k], y1 = b1[k] / row[k], y2 = b2[k] / row[k], y3 = b3[k] / row[k];
            Vector512<float> c0 = Vector512.Create(-y0), c1 = Vector512.Create(-y1), c2 = Vector512.Create(-y2), c3 = Vector512.Create(-y3);
            for (var f = Aligned(k); f < _stride; f += Width)
            {
                var factors = Vector512.Load(row + f);
                Vector512.FusedMultiplyAdd(c0, factors, Vector512.Load(b0 + f)).Store(b0 + f);
                Vector512.FusedMultiplyAdd(c1, factors, Vector512.Load(b1 + f)).Store(b1 + f);
                Vector512.FusedMultiplyAdd(c2, factors, Vector512.Load(b2 + f)).Store(b2 + f);
                Vector512.FusedMultiplyAdd(c3, factors, Vector512.Load(b3 + f)).Store(b3 + f);
            }
            (b0[k], b1[k], b2[k], b3[k]) = (y0, y1, y2, y3);
        }
        for (var k = _stride - 1; k >= 0; k--)
        {
            var row = _a + (long)k * _stride;
            var (y0, y1, y2, y3) = (b0[k], b1[k], b2[k], b3[k]);
            (b0[k], b1[k], b2[k], b3[k]) = (0, 0, 0, 0);
            Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
            for (var f = Aligned(k); f < _stride; f += Width)
            {
                var factors = Vector512.Load(row + f);
                s0 = Vector512.FusedMultiplyAdd(factors, Vector512.Load(b0 + f), s0);
                s1 = Vector512.FusedMultiplyAdd(factors, Vector512.Load(b1 + f), s1);
                s2 = Vector512.FusedMultiplyAdd(factors, Vector512.Load(b2 + f), s2);
                s3 = Vector512.FusedMultiplyAdd(factors, Vector512.Load(b3 + f), s3);
            }
            (b0[k], b1[k]) = ((y0 - Vector512.Sum(s0)) / row[k], (y1 - Vector512.Sum(s1)) / row[k]);
            (b2[k], b3[k]) = ((y2 - Vector512.Sum(s2)) / row[k], (y3 - Vector512.Sum(s3)) / row[k]);
        }
    }

    /// <summary>Solves with the right side that was added, after <see cref="TryFactor"/>; once.</summary>
    /// <inheritdoc cref="TrySolve"/>
    public bool TrySubstitute(Span<float> x)
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
