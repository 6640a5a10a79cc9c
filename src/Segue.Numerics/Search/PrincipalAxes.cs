using System.Numerics;
using Segue.Numerics.Factors;

namespace Segue.Numerics.Search;

/// <summary>The axes of the Gram matrix of items: turned to them, rows keep their products and hold most of their length in the first dimensions.</summary>
/// <remarks>O(n d² + d³) to make, O(d²) to turn a row. Immutable, for any number of threads.</remarks>
internal sealed class PrincipalAxes
{
    private readonly int _factors;
    private readonly double[] _axes;   // [dimension of the factors][axis]

    /// <param name="axes">As <see cref="Axes"/> gave them.</param>
    /// <exception cref="ArgumentException">They are no square matrix of so many factors.</exception>
    public PrincipalAxes(int factors, double[] axes)
        => (_factors, _axes) = axes.Length == factors * factors ? (factors, axes) : throw new ArgumentException($"{axes.Length} numbers are no axes of {factors} dimensions.", nameof(axes));

    /// <param name="items">Item factors, shape [items × d].</param>
    public PrincipalAxes(DenseMatrix items, int threads)
    {
        var d = items.Columns;
        var gram = items.Gram(threads);
        var square = new double[d * d];
        for (var row = 0; row < d; row++)
        {
            for (var column = 0; column < d; column++)
            {
                square[row * d + column] = gram.Row(row)[column];
            }
        }
        var (_, vectors) = SymmetricEigen.Decompose(square, threads);
        (_factors, _axes) = (d, new double[d * d]);
        for (var axis = 0; axis < d; axis++)
        {
            for (var f = 0; f < d; f++)
            {
                _axes[f * d + axis] = vectors[axis * d + f];
            }
        }
    }

    /// <summary>By dimension of the factors, then by axis.</summary>
    public double[] Axes => _axes;

    /// <summary>turned ← x in these axes, in float64: rounded once, it is as near as float32 can be.</summary>
    public void Turn(ReadOnlySpan<float> x, Span<double> turned)
    {
        var (width, n) = (Vector<double>.Count, 0);
        for (; n <= _factors - 4 * width; n += 4 * width)
        {
            Vector<double> s0 = default, s1 = default, s2 = default, s3 = default;
            for (var f = 0; f < x.Length; f++)
            {
                var value = new Vector<double>(x[f]);
                var axes = _axes.AsSpan(f * _factors + n, 4 * width);
                s0 = Vector.FusedMultiplyAdd(value, new(axes), s0);
                s1 = Vector.FusedMultiplyAdd(value, new(axes[width..]), s1);
                s2 = Vector.FusedMultiplyAdd(value, new(axes[(2 * width)..]), s2);
                s3 = Vector.FusedMultiplyAdd(value, new(axes[(3 * width)..]), s3);
            }
            s0.CopyTo(turned[n..]);
            s1.CopyTo(turned[(n + width)..]);
            s2.CopyTo(turned[(n + 2 * width)..]);
            s3.CopyTo(turned[(n + 3 * width)..]);
        }
        for (; n < _factors; n++)
        {
            turned[n] = 0;
            for (var f = 0; f < x.Length; f++)
            {
                turned[n] += x[f] * _axes[f * _factors + n];
            }
        }
    }
}
