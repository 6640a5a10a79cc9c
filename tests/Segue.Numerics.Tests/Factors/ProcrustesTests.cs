using Segue.Numerics.Factors;

namespace Segue.Numerics.Tests.Factors;

public sealed class ProcrustesTests
{
    [Fact]
    public void A_turned_table_is_laid_onto_what_it_was()
    {
        var before = Chance(1, 40, 3);
        // A turn by 90 degrees in the first plane, and a mirror of the last axis.
        var turned = new DenseMatrix(40, 3, [.. Enumerable.Range(0, 40).SelectMany(row => new[] { -before.Row(row)[1], before.Row(row)[0], -before.Row(row)[2] })]);

        var rotation = Procrustes.Rotation(turned, before, threads: 1);

        Assert.All(Enumerable.Range(0, 40), row => Assert.All(
            Procrustes.Apply(turned.Row(row), rotation).Zip(before.Row(row).ToArray()), pair => Assert.Equal(pair.Second, pair.First, 1e-5)));
    }

    [Fact]
    public void Inner_products_stay_and_no_small_turn_beside_it_lies_nearer()
    {
        var (from, onto) = (Chance(2, 50, 4), Chance(3, 50, 4));

        var rotation = Procrustes.Rotation(from, onto, threads: 1);

        Assert.All(Enumerable.Range(1, 49), row => Assert.Equal(
            Vectors.Dot(from.Row(0), from.Row(row)), Vectors.Dot(Procrustes.Apply(from.Row(0), rotation), Procrustes.Apply(from.Row(row), rotation)), 1e-4));
        var best = Distance(from, onto, rotation);
        foreach (var angle in new[] { 0.05f, -0.05f })
        {
            var beside = new DenseMatrix(4, 4, rotation.AsSpan().ToArray());
            for (var i = 0; i < 4; i++)
            {
                var (x, y) = (rotation.Row(i)[0], rotation.Row(i)[1]);
                (beside.Row(i)[0], beside.Row(i)[1]) = (x * MathF.Cos(angle) - y * MathF.Sin(angle), x * MathF.Sin(angle) + y * MathF.Cos(angle));
            }
            Assert.True(Distance(from, onto, beside) > best);
        }
    }

    [Fact]
    public void Tables_of_other_shapes_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Procrustes.Rotation(Chance(1, 5, 2), Chance(1, 6, 2), threads: 1));
        Assert.Throws<ArgumentException>(() => Procrustes.Rotation(Chance(1, 5, 2), Chance(1, 5, 3), threads: 1));
    }

    private static double Distance(DenseMatrix from, DenseMatrix onto, DenseMatrix rotation)
        => Enumerable.Range(0, from.Rows).Sum(row => Procrustes.Apply(from.Row(row), rotation).Zip(onto.Row(row).ToArray()).Sum(pair => Math.Pow(pair.First - pair.Second, 2)));

    private static DenseMatrix Chance(ulong seed, int rows, int columns)
    {
        var random = new SeededRandom(seed);
        return new(rows, columns, [.. Enumerable.Range(0, rows * columns).Select(_ => (float)random.NextNormal())]);
    }
}
