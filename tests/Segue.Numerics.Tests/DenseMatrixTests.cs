using Segue.Numerics.Memory;

namespace Segue.Numerics.Tests;

public sealed class DenseMatrixTests
{
    private static DenseMatrix Draw(int rows, int columns)
    {
        var random = new SeededRandom(3, (ulong)rows, (ulong)columns);
        var matrix = new DenseMatrix(rows, columns);
        foreach (ref var value in matrix.AsSpan())
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

        Assert.Equal(matrix.Gram(1).AsSpan(), matrix.Gram(threads).AsSpan());
    }

    [Fact]
    public void A_row_is_a_window_on_the_values()
    {
        var matrix = new DenseMatrix(2, 3, [1, 2, 3, 4, 5, 6]);
        matrix.Row(1)[2] = 60;

        Assert.Equal([4, 5, 60], matrix.Row(1));
        Assert.Equal(60, matrix.AsSpan()[5]);
    }

    [Fact]
    public void A_shape_that_does_not_fit_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new DenseMatrix(2, 3, new float[5]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DenseMatrix(-1, 3, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DenseMatrix(1, -3, []));
        Assert.Throws<ArgumentException>(() => new DenseMatrix(1 << 20, 1 << 20, [1]));
    }

    [Theory]
    [InlineData(5, 3)]
    [InlineData(1_100, 1_000)]   // outside the collected heap
    public void A_row_or_a_stretch_outside_is_refused_wherever_the_values_lie(int rows, int columns)
    {
        var matrix = new DenseMatrix(rows, columns);

        Assert.Equal(columns, matrix.Row(rows - 1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Row(rows).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Row(-1).Length);
        Assert.Equal(2, matrix.Elements(matrix.Count - 2, 2).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Elements(matrix.Count - 1, 2).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Elements(-1, 2).Length);
        Assert.False(matrix.AsSpan().ContainsAnyExcept(0f));
    }

    [Fact]
    public void A_matrix_of_more_elements_than_an_array_holds_keeps_each_of_its_rows()
    {
        var path = Path.Combine(Path.GetTempPath(), $"segue-matrix-{Guid.NewGuid():N}");
        try
        {
            using (var file = File.Create(path))
            {
                file.SetLength(12L << 30);   // a hole: neither disk nor memory is taken
            }
            var matrix = MemoryStretch.Map(path).AsMatrix(3, 1 << 30);
            matrix.Row(2)[^1] = 7;
            matrix.Row(0)[0] = 5;

            Assert.Equal((5, 7), (matrix.Row(0)[0], matrix.Elements(matrix.Count - 1, 1)[0]));
            Assert.Throws<OverflowException>(() => matrix.AsSpan().Length);
            GC.KeepAlive(matrix);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
