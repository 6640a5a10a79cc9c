using Segue.Numerics.Factors;

namespace Segue.Numerics.Tests.Factors;

public sealed class SymmetricEigenTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(150)]
    public void Vectors_are_orthonormal_and_give_back_the_matrix(int d)
    {
        foreach (var rank in new[] { d, Math.Max(1, d / 3), 0 })
        {
            var matrix = Gram(d, rank);

            var (values, vectors) = SymmetricEigen.Decompose(matrix);

            Assert.Equal(values.OrderDescending(), values);
            var scale = 1e-12 * (1 + Math.Abs(values[0])) * d;
            for (var i = 0; i < d; i++)
            {
                for (var j = 0; j < d; j++)
                {
                    double made = 0, inner = 0;
                    for (var k = 0; k < d; k++)
                    {
                        made += values[k] * vectors[k * d + i] * vectors[k * d + j];
                        inner += vectors[i * d + k] * vectors[j * d + k];
                    }
                    Assert.Equal(matrix[i * d + j], made, scale);
                    Assert.Equal(i == j ? 1 : 0, inner, 1e-12 * d);
                }
            }
        }
    }

    // What the Gram matrix of a trained table looks like: few strong axes, then ever weaker ones down to nothing.
    [Fact]
    public void Matrices_whose_axes_fade_to_nothing_are_decomposed()
    {
        const int D = 200;
        for (ulong seed = 0; seed < 12; seed++)
        {
            var random = new SeededRandom(seed);
            var rows = new double[300 * D];
            for (var n = 0; n < rows.Length; n++)
            {
                rows[n] = random.NextNormal() * Math.Pow(10, -(n % D) * (0.02 + 0.01 * seed)) * (1 + (n / D % 7));
            }
            var matrix = new double[D * D];
            for (var i = 0; i < D; i++)
            {
                for (var j = 0; j < D; j++)
                {
                    for (var n = 0; n < 300; n++)
                    {
                        matrix[i * D + j] += rows[n * D + i] * rows[n * D + j];
                    }
                }
            }

            var (values, vectors) = SymmetricEigen.Decompose(matrix);

            double trace = 0, worst = 0;
            for (var i = 0; i < D; i++)
            {
                trace += matrix[i * D + i];
                double inner = 0;
                for (var k = 0; k < D; k++)
                {
                    inner += vectors[i * D + k] * vectors[i * D + k];
                }
                worst = Math.Max(worst, Math.Abs(inner - 1));
            }
            Assert.Equal(trace, values.Sum(), 1e-10 * trace);
            Assert.InRange(worst, 0, 1e-11);
        }
    }

    [Fact]
    public void Any_number_of_threads_gives_equal_bits()
    {
        var matrix = Gram(140, 140);
        var (values, vectors) = SymmetricEigen.Decompose(matrix, 1);

        foreach (var threads in new[] { 2, 3 })
        {
            var other = SymmetricEigen.Decompose(matrix, threads);
            Assert.Equal(values, other.Values);
            Assert.Equal(vectors, other.Vectors);
        }
    }

    [Fact]
    public void A_diagonal_matrix_and_the_empty_one_are_their_own()
    {
        Assert.Equal([3.0, 2, 1], SymmetricEigen.Decompose([1, 0, 0, 0, 3, 0, 0, 0, 2]).Values);
        Assert.Empty(SymmetricEigen.Decompose([]).Values);
    }

    [Fact]
    public void A_matrix_that_is_not_finite_is_refused()
        => Assert.Throws<ArgumentException>(() => SymmetricEigen.Decompose([1, 0, double.NaN, 1]));

    private static double[] Gram(int d, int rank)
    {
        var random = new SeededRandom(4, (ulong)d, (ulong)rank);
        var gram = new double[d * d];
        for (var n = 0; n < rank; n++)
        {
            var x = Enumerable.Range(0, d).Select(_ => random.NextNormal()).ToArray();
            for (var i = 0; i < d * d; i++)
            {
                gram[i] += x[i / d] * x[i % d];
            }
        }
        return gram;
    }
}
