namespace Segue.Numerics.Tests;

public sealed class DenseMatrixTests
{
    private static DenseMatrix Draw(int rows, int columns)
    {
        var random = new SeededRandom(3, (ulong)rows, (ulong)columns);
        var matrix = new DenseMatrix(rows, columns);
        foreach (ref var value in matrix.Values.AsSpan())
        {
            value = (float)random.NextNormal();
        }
        return matrix;
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 1)]
    [InlineData(7, 5)]
    [InlineData(511, 4)]
    [InlineData(512, 9)]
    [InlineData(513, 17)]
    [InlineData(2000, 33)]
    public void Gram_agrees_with_a_double_loop(int rows, int columns)
    {
        var matrix = Draw(rows, columns);

        var gram = matrix.Gram(threads: 2);

        Assert.Equal((columns, columns), (gram.Rows, gram.Columns));
        for (var i = 0; i < columns; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                double expected = 0;
                for (var row = 0; row < rows; row++)
                {
                    expected += (double)matrix.Row(row)[i] * matrix.Row(row)[j];
                }
                Assert.Equal(expected, gram.Row(i)[j], 1e-5 * rows);
            }
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Gram_gives_equal_bytes_for_any_number_of_threads(int threads)
    {
        var matrix = Draw(3000, 19);

        Assert.Equal(matrix.Gram(1).Values, matrix.Gram(threads).Values);
    }

    [Fact]
    public void A_row_is_a_window_on_the_values()
    {
        var matrix = new DenseMatrix(2, 3, [1, 2, 3, 4, 5, 6]);
        matrix.Row(1)[2] = 60;

        Assert.Equal([4, 5, 60], matrix.Row(1));
        Assert.Equal(60, matrix.Values[5]);
    }

    [Fact]
    public void A_shape_that_does_not_fit_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new DenseMatrix(2, 3, new float[5]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DenseMatrix(-1, 3, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DenseMatrix(1, -3, []));
        Assert.Throws<OverflowException>(() => new DenseMatrix(1 << 20, 1 << 20));
    }
}
