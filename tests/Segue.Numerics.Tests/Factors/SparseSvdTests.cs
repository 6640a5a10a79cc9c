using Segue.Numerics.Factors;

namespace Segue.Numerics.Tests.Factors;

public sealed class SparseSvdTests
{
    [Fact]
    public void Inner_products_of_a_matrix_of_low_rank_are_kept_whole()
    {
        var matrix = OfRank(3, rows: 60, columns: 40);

        var projected = SparseSvd.Project(matrix, 3, seed: 1, threads: 1, TestContext.Current.CancellationToken);

        for (var a = 0; a < matrix.Rows; a++)
        {
            for (var b = 0; b <= a; b++)
            {
                Assert.Equal(Vectors.Dot(Dense(matrix, a), Dense(matrix, b)), Vectors.Dot(projected.Row(a), projected.Row(b)), 2e-3);
            }
        }
    }

    [Fact]
    public void Columns_are_orthogonal_and_their_lengths_are_the_singular_values_the_greatest_first()
    {
        var matrix = Chance(rows: 50, columns: 30);

        var projected = SparseSvd.Project(matrix, 10, seed: 1, threads: 1, TestContext.Current.CancellationToken);

        var gram = projected.Gram(threads: 1);
        var singular = SymmetricEigen.Decompose([.. Whole(matrix).Gram(threads: 1).AsSpan().ToArray().Select(value => (double)value)]).Values;
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(singular[i], gram.Row(i)[i], 1e-3 * singular[0]);
            Assert.All(Enumerable.Range(0, i), j => Assert.Equal(0, gram.Row(i)[j], 1e-3 * singular[0]));
        }
    }

    [Fact]
    public void Directions_that_the_matrix_does_not_have_are_zero()
    {
        var projected = SparseSvd.Project(OfRank(2, rows: 20, columns: 20), 6, seed: 1, threads: 1, TestContext.Current.CancellationToken);

        Assert.All(Enumerable.Range(0, 20), row => Assert.All(projected.Row(row)[2..].ToArray(), value => Assert.Equal(0, value, 1e-3)));
        Assert.All(SparseSvd.Project(CsrMatrix.FromTriplets(3, 0, []), 2, 1, 1, TestContext.Current.CancellationToken).AsSpan().ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Threads_change_no_bit_and_another_seed_changes_hardly_anything()
    {
        var matrix = OfRank(4, rows: 700, columns: 300);

        var one = SparseSvd.Project(matrix, 4, seed: 1, threads: 1, TestContext.Current.CancellationToken).AsSpan().ToArray();

        Assert.Equal(one, SparseSvd.Project(matrix, 4, seed: 1, threads: 3, TestContext.Current.CancellationToken).AsSpan().ToArray());
        var other = SparseSvd.Project(matrix, 4, seed: 2, threads: 1, TestContext.Current.CancellationToken).AsSpan().ToArray();
        Assert.All(one.Zip(other), pair => Assert.Equal(Math.Abs(pair.First), Math.Abs(pair.Second), 1e-2));
    }

    private static CsrMatrix OfRank(int rank, int rows, int columns)
    {
        var random = new SeededRandom(5, (ulong)rank);
        var left = Enumerable.Range(0, rows * rank).Select(_ => (float)random.NextNormal()).ToArray();
        var right = Enumerable.Range(0, columns * rank).Select(_ => (float)random.NextNormal()).ToArray();
        // Strengths of the directions lie apart, so that each is one direction and not any of a plane.
        return CsrMatrix.FromTriplets(rows, columns,
        [
            .. from r in Enumerable.Range(0, rows)
               from c in Enumerable.Range(0, columns)
               select (r, c, Enumerable.Range(0, rank).Sum(k => left[r * rank + k] * right[c * rank + k] * MathF.Pow(0.5f, k) / 10)),
        ]);
    }

    private static CsrMatrix Chance(int rows, int columns)
    {
        var random = new SeededRandom(6);
        return CsrMatrix.FromTriplets(rows, columns, [.. Enumerable.Range(0, rows * columns / 4).Select(_ => (random.NextInt(rows), random.NextInt(columns), (float)random.NextNormal()))]);
    }

    private static DenseMatrix Whole(CsrMatrix matrix) => new(matrix.Rows, matrix.Columns, [.. Enumerable.Range(0, matrix.Rows).SelectMany(row => Dense(matrix, row))]);

    private static float[] Dense(CsrMatrix matrix, int row)
    {
        var values = new float[matrix.Columns];
        for (var n = 0; n < matrix.Row(row).Count; n++)
        {
            values[matrix.Row(row).Columns[n]] = matrix.Row(row).Values[n];
        }
        return values;
    }
}
