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
