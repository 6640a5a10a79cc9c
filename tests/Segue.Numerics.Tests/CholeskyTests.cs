namespace Segue.Numerics.Tests;

public sealed class CholeskyTests
{
    [Fact]
    public void A_known_system_is_solved()
    {
        float[] a = [4, 2, 2, 3], b = [10, 9];   // 4x + 2y = 10, 2x + 3y = 9

        Assert.True(Cholesky.TrySolveInPlace(a, b));
        Assert.Equal(1.5, b[0], 1e-6);
        Assert.Equal(2, b[1], 1e-6);
    }

    [Fact]
    public void The_factor_is_that_of_a_known_matrix()
    {
        float[] a = [4, 99, 99, 12, 37, 99, -16, -43, 98];   // the upper triangle is never read

        Assert.True(Cholesky.TryFactorInPlace(a));
        Assert.Equal([2f, 6f, 1f, -8f, 5f, 3f], [a[0], a[3], a[4], a[6], a[7], a[8]]);
    }

    [Fact]
    public void Random_systems_of_every_size_are_solved()
    {
        for (var d = 0; d <= 40; d++)
        {
            var random = new SeededRandom(4, (ulong)d);
            var rows = new double[d + 5, d];
            for (var i = 0; i < d + 5; i++)
            {
                for (var j = 0; j < d; j++)
                {
                    rows[i, j] = random.NextNormal();
                }
            }
            var expected = Enumerable.Range(0, d).Select(_ => random.NextNormal()).ToArray();
            var (a, b) = (new float[d * d], new float[d]);
            for (var i = 0; i < d; i++)
            {
                double right = 0;
                for (var j = 0; j < d; j++)
                {
                    double sum = i == j ? d : 0;   // well conditioned, so that float32 can answer to 1e-3
                    for (var n = 0; n < d + 5; n++)
                    {
                        sum += rows[n, i] * rows[n, j];
                    }
                    a[i * d + j] = (float)sum;
                    right += sum * expected[j];
                }
                b[i] = (float)right;
            }

            Assert.True(Cholesky.TrySolveInPlace(a, b));
            for (var i = 0; i < d; i++)
            {
                Assert.Equal(expected[i], b[i], 1e-3);
            }
        }
    }

    [Theory]
    [InlineData(new[] { 0f })]
    [InlineData(new[] { -1f })]
    [InlineData(new[] { float.NaN })]
    [InlineData(new[] { float.PositiveInfinity })]
    [InlineData(new[] { 1f, 2f, 2f, 1f })]                        // eigenvalues 3 and -1
    [InlineData(new[] { 1f, 1f, 1f, 1f })]                        // singular
    [InlineData(new[] { 1f, 0f, float.NaN, 1f })]
    [InlineData(new[] { 1f, 0f, float.PositiveInfinity, 1f })]
    [InlineData(new[] { float.NaN, 0f, 0f, 1f })]
    [InlineData(new[] { 1f, 0f, 0f, float.NaN })]
    public void A_matrix_that_is_not_positive_definite_or_not_finite_is_refused(float[] a)
        => Assert.False(Cholesky.TrySolveInPlace(a, new float[a.Length == 1 ? 1 : 2]));

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void A_right_side_that_is_not_finite_is_refused(float value)
    {
        float[] identity = [1, 0, 0, 1];

        Assert.False(Cholesky.TrySolveInPlace(identity, [1, value]));
    }

    [Fact]
    public void Shapes_that_do_not_agree_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Cholesky.TryFactorInPlace(new float[3]));
        Assert.Throws<ArgumentException>(() => Cholesky.TrySolveInPlace([1, 0, 0, 1], new float[3]));
    }
}
