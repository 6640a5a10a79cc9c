using System.Numerics;
using System.Runtime.Intrinsics;
using Segue.Numerics.Memory;

namespace Segue.Numerics.Factors;

/// <summary>Eigenvalues and eigenvectors of a symmetric matrix: Householder's tridiagonal form, then QL with implicit shifts.</summary>
/// <remarks>
/// Golub and Van Loan, "Matrix Computations", sections 8.3.1 and 8.3.3. About 9 d³ float64 operations. The plane rotations of QL are collected
/// and applied to 32 columns at a time, so that eigenvectors are read from the cache; columns and rows of
/// them are independent, hence equal bits for any number of threads.
/// </remarks>
public static unsafe class SymmetricEigen
{
    private const int Panel = 32, MaxIterations = 60;

    // Of float64. What is smaller than it beside the whole matrix is the rounding of the steps themselves, and would never vanish.
    private const double Rounding = 2.2e-16;

    /// <param name="matrix">Shape [d × d], finite; only the lower triangle is read.</param>
    /// <returns>Eigenvalues, greatest first, and in row r of the vectors the unit eigenvector of value r.</returns>
    /// <exception cref="ArgumentException">The matrix is not square, or not finite.</exception>
    public static (double[] Values, double[] Vectors) Decompose(ReadOnlySpan<double> matrix, int threads = 1)
    {
        var d = Shape.RequireSquare(matrix.Length);
        foreach (var element in matrix)
        {
            if (!double.IsFinite(element))
            {
                throw new ArgumentException($"The matrix holds {element}.", nameof(matrix));
            }
        }
        var reflectors = matrix.ToArray();
        var (diagonal, beside, scales) = (new double[d], new double[d], new double[d]);
        Tridiagonalize(reflectors, diagonal, beside, scales);
        var stride = (d + Panel - 1) / Panel * Panel;
        using var vectors = new NativeBuffer<double>((long)d * stride);
        AccumulateReflectors(reflectors, scales, vectors.Start, stride, threads);
        Diagonalize(diagonal, beside, vectors.Start, stride, threads);
        return Sorted(diagonal, vectors.Start, stride);
    }

    // From the last row up, row i's first i elements become (0, …, 0, e). The reflector I - v vᵀ/h stays in row i.
    private static void Tridiagonalize(double[] a, double[] diagonal, double[] beside, double[] scales)
    {
        var d = diagonal.Length;
        var product = new double[d];
        for (var i = d - 1; i > 0; i--)
        {
            var v = a.AsSpan(i * d, i);
            var last = v[i - 1];
            var squares = Dot(v[..(i - 1)], v[..(i - 1)]);
            if (squares <= 1e-300)
            {
                beside[i] = last;   // already in form
                continue;
            }
            var e = -Math.CopySign(Math.Sqrt(squares + last * last), last);
            var h = squares + last * last - last * e;
            (beside[i], scales[i], v[i - 1]) = (e, h, last - e);
            var p = product.AsSpan(0, i);
            p.Clear();
            for (var row = 0; row < i; row++)
            {
                var lower = a.AsSpan(row * d, row);
                p[row] += Dot(lower, v[..row]) + a[row * d + row] * v[row];
                AddScaled(p[..row], lower, v[row]);
            }
            var k = Dot(p, v) / (2 * h * h);
            for (var row = 0; row < i; row++)
            {
                p[row] = p[row] / h - k * v[row];
            }
            for (var row = 0; row < i; row++)
            {
                AddScaledTwo(a.AsSpan(row * d, row + 1), v, -p[row], p, -v[row]);
            }
        }
        for (var i = 0; i < d; i++)
        {
            diagonal[i] = a[i * d + i];
        }
    }

    // Rows of H₁ H₂ … , each of which only looks at the reflectors.
    private static void AccumulateReflectors(double[] reflectors, double[] scales, double* vectors, int stride, int threads)
    {
        var d = scales.Length;
        const int Together = 8;
        Workers.For((d + Together - 1) / Together, threads, piece =>
        {
            var (from, to) = (piece * Together, Math.Min(d, (piece + 1) * Together));
            for (var row = from; row < to; row++)
            {
                vectors[(long)row * stride + row] = 1;
            }
            for (var i = from + 1; i < d; i++)
            {
                if (scales[i] == 0)
                {
                    continue;
                }
                ReadOnlySpan<double> v = reflectors.AsSpan(i * d, i);
                for (var row = from; row < Math.Min(to, i); row++)
                {
                    var vector = new Span<double>(vectors + (long)row * stride, i);
                    AddScaled(vector, v, -Dot(vector, v) / scales[i]);
                }
            }
        });
    }

    private static void Diagonalize(double[] diagonal, double[] beside, double* vectors, int stride, int threads)
    {
        var d = diagonal.Length;
        for (var i = 1; i < d; i++)
        {
            beside[i - 1] = beside[i];
        }
        if (d > 0)
        {
            beside[d - 1] = 0;
        }
        var norm = diagonal.Zip(beside, (a, b) => Math.Abs(a) + Math.Abs(b)).DefaultIfEmpty(0).Max();
        var batch = new RotationBatch(vectors, d, stride, threads);
        for (var l = 0; l < d; l++)
        {
            for (var iteration = 0; ; iteration++)
            {
                var m = l;
                while (m < d - 1 && Math.Abs(beside[m]) > Rounding * (Math.Abs(diagonal[m]) + Math.Abs(diagonal[m + 1]) + norm / 2))
                {
                    m++;
                }
                if (m == l)
                {
                    break;
                }
                if (iteration == MaxIterations)
                {
                    throw new ArithmeticException($"Eigenvalue {l} of {d} was not found in {MaxIterations} iterations.");
                }
                ImplicitShift(diagonal, beside, l, m, batch);
            }
        }
        batch.Apply();
    }

    // One implicit QL step on rows l … m: Wilkinson's shift, then the bulge is chased from m up to l.
    private static void ImplicitShift(double[] d, double[] e, int l, int m, RotationBatch batch)
    {
        var g = (d[l + 1] - d[l]) / (2 * e[l]);
        g = d[m] - d[l] + e[l] / (g + Math.CopySign(Math.Sqrt(g * g + 1), g));
        double s = 1, c = 1, p = 0;
        batch.Begin(m);
        for (var i = m - 1; i >= l; i--)
        {
            var (f, b) = (s * e[i], c * e[i]);
            var r = Math.Sqrt(f * f + g * g);
            e[i + 1] = r;
            if (r == 0)
            {
                d[i + 1] -= p;
                e[m] = 0;
                return;
            }
            (s, c) = (f / r, g / r);
            g = d[i + 1] - p;
            r = (d[i] - g) * s + 2 * c * b;
            p = s * r;
            d[i + 1] = g + p;
            g = c * r - b;
            batch.Add(c, s);
        }
        d[l] -= p;
        e[l] = g;
        e[m] = 0;
    }

    private static (double[], double[]) Sorted(double[] diagonal, double* vectors, int stride)
    {
        var d = diagonal.Length;
        var order = Enumerable.Range(0, d).OrderByDescending(r => diagonal[r]).ToArray();
        var sorted = new double[d * d];
        for (var row = 0; row < d; row++)
        {
            new ReadOnlySpan<double>(vectors + (long)order[row] * stride, d).CopyTo(sorted.AsSpan(row * d, d));
        }
        return (Array.ConvertAll(order, r => diagonal[r]), sorted);
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var width = Vector<double>.Count;
        Vector<double> s0 = default, s1 = default;
        var i = 0;
        for (; i <= a.Length - 2 * width; i += 2 * width)
        {
            s0 = Vector.FusedMultiplyAdd(new(a[i..]), new(b[i..]), s0);
            s1 = Vector.FusedMultiplyAdd(new(a[(i + width)..]), new(b[(i + width)..]), s1);
        }
        var sum = Vector.Sum(s0 + s1);
        for (; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static void AddScaled(Span<double> target, ReadOnlySpan<double> source, double scale)
    {
        var width = Vector<double>.Count;
        var i = 0;
        for (; i <= target.Length - width; i += width)
        {
            Vector.FusedMultiplyAdd(new(source[i..]), new Vector<double>(scale), new(target[i..])).CopyTo(target[i..]);
        }
        for (; i < target.Length; i++)
        {
            target[i] += source[i] * scale;
        }
    }

    private static void AddScaledTwo(Span<double> target, ReadOnlySpan<double> a, double scaleA, ReadOnlySpan<double> b, double scaleB)
    {
        var width = Vector<double>.Count;
        var i = 0;
        for (; i <= target.Length - width; i += width)
        {
            var sum = Vector.FusedMultiplyAdd(new(a[i..]), new Vector<double>(scaleA), new(target[i..]));
            Vector.FusedMultiplyAdd(new(b[i..]), new Vector<double>(scaleB), sum).CopyTo(target[i..]);
        }
        for (; i < target.Length; i++)
        {
            target[i] += a[i] * scaleA + b[i] * scaleB;
        }
    }

    /// <summary>Chains of rotations of neighboring rows, applied together to one panel of columns after the other.</summary>
    private sealed class RotationBatch(double* vectors, int d, int stride, int threads)
    {
        private readonly List<(double C, double S)> _rotations = [];
        private readonly List<(int Row, int First)> _chains = [];

        /// <summary>The next rotations turn rows (row − 1, row), (row − 2, row − 1), …</summary>
        public void Begin(int row)
        {
            if (_rotations.Count > 32 * d)
            {
                Apply();
            }
            _chains.Add((row, _rotations.Count));
        }

        public void Add(double c, double s) => _rotations.Add((c, s));

        public void Apply()
        {
            var (rotations, chains) = (_rotations.ToArray(), _chains.ToArray());
            Workers.For(stride / Panel, threads, panel =>
            {
                for (var n = 0; n < chains.Length; n++)
                {
                    var end = n + 1 < chains.Length ? chains[n + 1].First : rotations.Length;
                    Turn(vectors + (long)chains[n].Row * stride + panel * Panel, rotations.AsSpan(chains[n].First, end - chains[n].First));
                }
            });
            _rotations.Clear();
            _chains.Clear();
        }

        private void Turn(double* row, ReadOnlySpan<(double C, double S)> rotations)
        {
            Vector512<double> f0 = Vector512.Load(row), f1 = Vector512.Load(row + 8), f2 = Vector512.Load(row + 16), f3 = Vector512.Load(row + 24);
            foreach (var (cosine, sine) in rotations)
            {
                var (c, s) = (Vector512.Create(cosine), Vector512.Create(sine));
                var above = row - stride;
                Vector512<double> z0 = Vector512.Load(above), z1 = Vector512.Load(above + 8), z2 = Vector512.Load(above + 16), z3 = Vector512.Load(above + 24);
                Vector512.FusedMultiplyAdd(s, z0, c * f0).Store(row);
                Vector512.FusedMultiplyAdd(s, z1, c * f1).Store(row + 8);
                Vector512.FusedMultiplyAdd(s, z2, c * f2).Store(row + 16);
                Vector512.FusedMultiplyAdd(s, z3, c * f3).Store(row + 24);
                f0 = c * z0 - s * f0;
                f1 = c * z1 - s * f1;
                f2 = c * z2 - s * f2;
                f3 = c * z3 - s * f3;
                row = above;
            }
            f0.Store(row);
            f1.Store(row + 8);
            f2.Store(row + 16);
            f3.Store(row + 24);
        }
    }
}
