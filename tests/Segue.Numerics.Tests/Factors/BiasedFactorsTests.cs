using Segue.Numerics.Factors;

namespace Segue.Numerics.Tests.Factors;

public sealed class BiasedFactorsTests
{
    private const int Users = 6, Items = 40;

    public static TheoryData<int, string> Shapes { get; } = new(
        from columns in new[] { 1, 7, 16, 17, 32, 63, 64, 100 }
        from path in Enum.GetValues<VectorPath>().Where(VectorPaths.Has)
        select (columns, path.ToString()));

    private static BiasedFactors Make(int columns, VectorPath path) => new(Users, Items, columns, 3, 1, 7, path);

    private static (int[] Items, float[] Ratings) Draw(ulong seed, int count)
    {
        var random = new SeededRandom(seed);
        var (items, ratings) = (new int[count], new float[count]);
        for (var n = 0; n < count; n++)
        {
            (items[n], ratings[n]) = (random.NextInt(Items), 1 + 4 * (float)random.NextDouble());
        }
        return (items, ratings);
    }

    /// <summary>A step goes down the slope of (r − r̂)² + λ(|x|² + |y|² + b_u² + b_i²), as finite differences measure it.</summary>
    [Theory, MemberData(nameof(Shapes))]
    public void A_step_is_the_rate_times_half_the_negative_gradient(int columns, string path)
    {
        const float Rate = 1e-3f, Lambda = 0.3f;
        using var factors = Make(columns, Enum.Parse<VectorPath>(path));
        (factors.UserBias(2), factors.ItemBias(5)) = (0.4f, -0.2f);
        double[] before = [.. Parameters(factors)];
        var loss = Loss(before, 4.5, Lambda, columns);

        var squares = factors.Sweep(2, [5], [4.5f], Rate, Lambda);

        double[] after = [.. Parameters(factors)];
        Assert.Equal(loss - Lambda * before.Sum(value => value * value), squares, 1e-4);
        for (var n = 0; n < before.Length; n++)
        {
            double[] up = [.. before], down = [.. before];
            (up[n], down[n]) = (before[n] + 1e-4, before[n] - 1e-4);
            var slope = (Loss(up, 4.5, Lambda, columns) - Loss(down, 4.5, Lambda, columns)) / 2e-4;
            Assert.Equal(-slope / 2, (after[n] - before[n]) / Rate, 2e-3);
        }
    }

    private static IEnumerable<double> Parameters(BiasedFactors factors)
        => [.. factors.User(2).ToArray(), .. factors.Item(5).ToArray(), factors.UserBias(2), factors.ItemBias(5)];

    private static double Loss(double[] parameters, double rating, double lambda, int d)
    {
        var error = rating - 3 - parameters[^1] - parameters[^2];
        for (var f = 0; f < d; f++)
        {
            error -= parameters[f] * parameters[d + f];
        }
        return error * error + lambda * parameters.Sum(value => value * value);
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Every_path_agrees_with_the_plain_one_over_many_steps(int columns, string path)
    {
        using BiasedFactors fast = Make(columns, Enum.Parse<VectorPath>(path)), plain = Make(columns, VectorPath.Scalar);
        foreach (var count in new[] { 0, 1, 5, 6, 7, 60 })
        {
            var (items, ratings) = Draw((ulong)count, count);
            var user = count % Users;

            var (one, other) = (fast.Sweep(user, items, ratings, 0.05f, 0.1f), plain.Sweep(user, items, ratings, 0.05f, 0.1f));

            Assert.Equal(other, one, 1e-3 * (1 + other));
        }
        Assert.All(Enumerable.Range(0, Users), user => AssertClose(plain.User(user), fast.User(user)));
        Assert.All(Enumerable.Range(0, Items), item => AssertClose(plain.Item(item), fast.Item(item)));
        Assert.All(Enumerable.Range(0, Items), item => Assert.Equal(plain.Predict(1, item), fast.Predict(1, item), 1e-3f));
    }

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        for (var f = 0; f < expected.Length; f++)
        {
            Assert.Equal(expected[f], actual[f], 1e-3f);
        }
    }

    [Fact]
    public void Equal_seeds_draw_equal_factors_and_others_do_not()
    {
        using BiasedFactors one = new(3, 3, 20, 0, 0.5, 1), same = new(3, 3, 20, 0, 0.5, 1), other = new(3, 3, 20, 0, 0.5, 2);

        Assert.Equal(one.Item(2), same.Item(2));
        Assert.NotEqual(one.Item(2).ToArray(), other.Item(2).ToArray());
        Assert.NotEqual(one.Item(2).ToArray(), one.User(2).ToArray());
        Assert.Equal((0, 0), (one.UserBias(0), one.ItemBias(2)));
    }

    [Fact]
    public void What_lies_outside_is_refused_before_anything_is_changed()
    {
        using var factors = Make(8, VectorPaths.Best);
        var before = factors.Item(0).ToArray();

        Assert.Throws<ArgumentOutOfRangeException>(() => factors.Sweep(Users, [0], [1], 0.1f, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => factors.Sweep(0, [0, Items], [1, 1], 0.1f, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => factors.Sweep(0, [0, -1], [1, 1], 0.1f, 0));
        Assert.Throws<ArgumentException>(() => factors.Sweep(0, [0], [1, 1], 0.1f, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BiasedFactors(1, 1, 0, 0, 1, 1));
        Assert.Equal(before, factors.Item(0));
    }
}
