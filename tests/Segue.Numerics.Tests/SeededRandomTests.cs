namespace Segue.Numerics.Tests;

public sealed class SeededRandomTests
{
    // Computed by a separate program from the description of SplitMix64 and xoshiro256**.
    [Theory]
    [InlineData(0UL, new ulong[0], new[] { 0xFB5405F7BD79C540UL, 0x780C98E26CEA5883UL, 0x2A146E0980FEBC66UL })]
    [InlineData(42UL, new ulong[0], new[] { 0x19E479E2AAA77BFBUL, 0x5E3EFE753BE27527UL, 0xC3ED7125B780200AUL })]
    [InlineData(42UL, new[] { 1UL }, new[] { 0x9BDD75F4FE2BF551UL, 0x79B5B6918F583D90UL, 0x8DC5CE115DE70109UL })]
    [InlineData(42UL, new[] { 1UL, 2UL }, new[] { 0xF24DB0A2D3E4C6CDUL, 0x182166989B2F5DB7UL, 0x4CF0592F76CD46B8UL })]
    [InlineData(ulong.MaxValue, new[] { 7UL }, new[] { 0xFF81E0B5E5A5EB19UL, 0x20F91EFD70D7986EUL, 0xA0E41E99F7EB1A71UL })]
    public void First_values_are_those_of_the_published_generator(ulong seed, ulong[] streams, ulong[] expected)
    {
        var random = new SeededRandom(seed, streams);

        Assert.All(expected, value => Assert.Equal(value, random.NextUInt64()));
    }

    [Fact]
    public void Streams_and_seeds_differ_from_each_other()
    {
        var firsts = new HashSet<ulong>();
        for (ulong seed = 0; seed < 20; seed++)
        {
            firsts.Add(new SeededRandom(seed).NextUInt64());
            for (ulong stream = 0; stream < 20; stream++)
            {
                firsts.Add(new SeededRandom(seed, stream).NextUInt64());
                firsts.Add(new SeededRandom(seed, stream, 3).NextUInt64());
                firsts.Add(new SeededRandom(seed, 1000, stream).NextUInt64());
            }
        }

        Assert.Equal(20 + 3 * 400, firsts.Count);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(1000)]
    public void Whole_numbers_are_uniform(int bound)
    {
        const int Draws = 200_000;
        var random = new SeededRandom(5, (ulong)bound);
        var counts = new int[bound];
        for (var n = 0; n < Draws; n++)
        {
            counts[random.NextInt(bound)]++;
        }

        var expected = (double)Draws / bound;
        var chiSquare = counts.Sum(count => (count - expected) * (count - expected) / expected);
        // Mean of the statistic is bound - 1, its deviation √(2 (bound - 1)).
        Assert.InRange(chiSquare, 0, bound - 1 + 4 * Math.Sqrt(2.0 * (bound - 1)));
    }

    [Fact]
    public void A_bound_near_the_largest_number_is_not_biased_towards_its_lower_half()
    {
        const int Bound = int.MaxValue;
        var random = new SeededRandom(6);
        var low = Enumerable.Range(0, 100_000).Count(_ => random.NextInt(Bound) < Bound / 2);

        Assert.InRange(low, 50_000 - 700, 50_000 + 700);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void A_bound_that_is_not_positive_is_refused(int bound)
        => Assert.Throws<ArgumentOutOfRangeException>(() => new SeededRandom(1).NextInt(bound));

    [Fact]
    public void A_bound_of_one_gives_zero()
    {
        var random = new SeededRandom(1);

        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(0, random.NextInt(1)));
    }

    [Fact]
    public void Fractions_lie_in_the_unit_interval_and_average_a_half()
    {
        var random = new SeededRandom(9);
        var values = Enumerable.Range(0, 100_000).Select(_ => random.NextDouble()).ToArray();

        Assert.All(values, value => Assert.InRange(value, 0, 1 - 1.0 / (1UL << 53)));
        Assert.Equal(0.5, values.Average(), 0.005);
    }

    [Fact]
    public void Normal_numbers_have_the_moments_of_the_normal_distribution()
    {
        var random = new SeededRandom(10);
        var values = Enumerable.Range(0, 200_000).Select(_ => random.NextNormal()).ToArray();

        Assert.Equal(0, values.Average(), 0.01);
        Assert.Equal(1, values.Average(x => x * x), 0.015);
        Assert.Equal(0, values.Average(x => x * x * x), 0.04);
        Assert.Equal(3, values.Average(x => x * x * x * x), 0.12);
        Assert.Equal(0.9545, values.Count(x => Math.Abs(x) < 2) / 200_000.0, 0.002);
    }

    [Fact]
    public void Truth_comes_with_the_probability_asked_for()
    {
        var random = new SeededRandom(11);

        Assert.Equal(0.3, Enumerable.Range(0, 100_000).Count(_ => random.NextBool(0.3)) / 100_000.0, 0.006);
        Assert.DoesNotContain(Enumerable.Range(0, 1000), _ => random.NextBool(0));
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.True(random.NextBool(1)));
    }

    [Fact]
    public void A_shuffle_keeps_every_item_and_reaches_every_order_equally_often()
    {
        var random = new SeededRandom(12);
        var orders = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var n = 0; n < 24_000; n++)
        {
            char[] items = ['a', 'b', 'c', 'd'];
            random.Shuffle<char>(items);
            var order = new string(items);
            Assert.Equal("abcd", string.Concat(order.Order()));
            orders[order] = orders.GetValueOrDefault(order) + 1;
        }

        Assert.Equal(24, orders.Count);
        Assert.All(orders.Values, count => Assert.InRange(count, 1000 - 140, 1000 + 140));
    }

    [Fact]
    public void A_shuffle_of_nothing_or_of_one_draws_nothing()
    {
        var (shuffled, other) = (new SeededRandom(13), new SeededRandom(13));
        shuffled.Shuffle<int>([]);
        shuffled.Shuffle<int>([1]);

        Assert.Equal(other.NextUInt64(), shuffled.NextUInt64());
    }
}
