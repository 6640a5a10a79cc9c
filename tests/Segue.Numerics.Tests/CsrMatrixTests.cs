namespace Segue.Numerics.Tests;

public sealed class CsrMatrixTests
{
    private static List<(int, int, float)> Elements(CsrMatrix matrix)
    {
        var elements = new List<(int, int, float)>();
        for (var row = 0; row < matrix.Rows; row++)
        {
            var entries = matrix.Row(row);
            for (var n = 0; n < entries.Count; n++)
            {
                elements.Add((row, entries.Columns[n], entries.Values[n]));
            }
        }
        return elements;
    }

    private static (int Rows, int Columns, List<(int Row, int Column, float Value)> Elements) Draw(ulong world)
    {
        var random = new SeededRandom(8, world);
        var (rows, columns) = (1 + random.NextInt(20), 1 + random.NextInt(20));
        var elements = new List<(int, int, float)>();
        for (var n = random.NextInt(120); n > 0; n--)
        {
            elements.Add((random.NextInt(rows), random.NextInt(columns), 1 + random.NextInt(9)));   // whole numbers: sums are exact
        }
        return (rows, columns, elements);
    }

    [Fact]
    public void Any_order_of_elements_gives_their_sums_by_row_and_ascending_column()
    {
        for (ulong world = 0; world < 200; world++)
        {
            var (rows, columns, elements) = Draw(world);
            var expected = elements.GroupBy(e => (e.Row, e.Column)).OrderBy(g => g.Key)
                .Select(g => (g.Key.Row, g.Key.Column, g.Sum(e => e.Value)));

            var matrix = CsrMatrix.FromTriplets(rows, columns, elements);

            Assert.Equal(expected, Elements(matrix));
            Assert.Equal(Elements(matrix).Count, matrix.Count);
        }
    }

    [Fact]
    public void A_transpose_exchanges_rows_and_columns_and_twice_is_the_same()
    {
        for (ulong world = 0; world < 200; world++)
        {
            var (rows, columns, elements) = Draw(world);
            var matrix = CsrMatrix.FromTriplets(rows, columns, elements);
            var transpose = matrix.Transpose();

            Assert.Equal((columns, rows), (transpose.Rows, transpose.Columns));
            Assert.Equal(Elements(matrix).Select(e => (e.Item2, e.Item1, e.Item3)).Order(), Elements(transpose));
            Assert.Equal(Elements(matrix), Elements(transpose.Transpose()));
        }
    }

    [Fact]
    public void Elements_of_one_place_are_added_in_the_order_given()
    {
        // In float32, (1e8 + 1) - 1e8 is 0, and (1e8 - 1e8) + 1 is 1.
        Assert.Equal(0, CsrMatrix.FromTriplets(1, 1, [(0, 0, 1e8f), (0, 0, 1f), (0, 0, -1e8f)]).Row(0).Values[0]);
        Assert.Equal(1, CsrMatrix.FromTriplets(1, 1, [(0, 0, 1e8f), (0, 0, -1e8f), (0, 0, 1f)]).Row(0).Values[0]);
    }

    [Fact]
    public void Rows_without_elements_are_empty()
    {
        var matrix = CsrMatrix.FromTriplets(4, 3, [(1, 2, 5)]);

        Assert.Equal([0, 1, 0, 0], Enumerable.Range(0, 4).Select(row => matrix.Row(row).Count));
        Assert.True(matrix.Row(1).Contains(2));
        Assert.False(matrix.Row(1).Contains(0));
        Assert.False(matrix.Row(0).Contains(0));
        Assert.Equal(0, CsrMatrix.FromTriplets(0, 0, []).Count);
    }

    [Theory]
    [InlineData(-1, 0, 1)]
    [InlineData(2, 0, 1)]
    [InlineData(0, -1, 1)]
    [InlineData(0, 3, 1)]
    [InlineData(0, 0, float.NaN)]
    [InlineData(0, 0, float.PositiveInfinity)]
    public void An_element_outside_or_not_finite_is_refused(int row, int column, float value)
    {
        var fault = Assert.Throws<ArgumentOutOfRangeException>(() => CsrMatrix.FromTriplets(2, 3, [(0, 0, 1), (row, column, value)]));

        Assert.Contains($"({row}, {column})", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_map_keeps_the_places()
    {
        var matrix = CsrMatrix.FromTriplets(2, 2, [(0, 1, 2), (1, 0, 3)]).Map((row, value) => 10 * row + value);

        Assert.Equal([(0, 1, 2), (1, 0, 13)], Elements(matrix));
    }
}
