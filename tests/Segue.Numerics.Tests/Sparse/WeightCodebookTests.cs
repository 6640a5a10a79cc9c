using Segue.Numerics.Sparse;

namespace Segue.Numerics.Tests.Sparse;

public sealed class WeightCodebookTests
{
    [Fact]
    public void Up_to_256_pairs_are_kept_exactly()
    {
        var builder = new WeightCodebookBuilder();
        var pairs = Enumerable.Range(0, 256).Select(n => (Weight: n * 0.37f, Target: n % 3 - 1f)).ToArray();
        foreach (var (weight, target) in pairs)
        {
            builder.Add(weight, target);
        }

        var encoder = builder.Build();

        Assert.True(encoder.IsExact);
        Assert.All(pairs, pair =>
        {
            var code = encoder.Encode(pair.Weight, pair.Target);
            Assert.Equal(pair, (encoder.Codebook.Weights[code], encoder.Codebook.Targets[code]));
        });
    }

    [Theory]
    [InlineData(1, 300_000.0)]
    [InlineData(2, 500.0)]
    public void Beyond_256_pairs_weights_lie_within_a_fortieth(int targets, double range)
    {
        var builder = new WeightCodebookBuilder();
        var random = new SeededRandom(1);
        var pairs = Enumerable.Range(0, 20_000)
            .Select(n => (Weight: (float)Math.Exp(random.NextDouble() * Math.Log(range)), Target: n % targets == 0 ? 1f : -0.1f)).ToArray();
        foreach (var (weight, target) in pairs)
        {
            builder.Add(weight, target);
        }

        var encoder = builder.Build();

        Assert.False(encoder.IsExact);
        foreach (var (weight, target) in pairs)
        {
            var code = encoder.Encode(weight, target);
            Assert.Equal(target, encoder.Codebook.Targets[code]);
            Assert.InRange(encoder.Codebook.Weights[code] / weight, 1 / 1.0255, 1.0255);
        }
    }

    [Theory]
    [InlineData(40, 2)]
    [InlineData(5_000, 2)]
    [InlineData(5_000, 8)]
    [InlineData(5_000, 9)]
    [InlineData(5_000, 700)]
    public void Builders_put_together_give_the_codebook_of_one_that_was_shown_all_in_any_order(int pairs, int targets)
    {
        var random = new SeededRandom((ulong)targets);
        var shown = Enumerable.Range(0, pairs).Select(n => (Weight: (float)Math.Exp(4 * random.NextNormal()), Target: n % targets * 2f / (targets - 1) - 1)).ToArray();
        var alone = new WeightCodebookBuilder();
        var parts = Enumerable.Range(0, 5).Select(_ => new WeightCodebookBuilder()).ToArray();
        foreach (var (weight, target) in shown)
        {
            alone.Add(weight, target);
        }
        random.Shuffle<(float, float)>(shown);
        for (var n = 0; n < pairs; n++)
        {
            parts[n * n % 4].Add(shown[n].Weight, shown[n].Target);   // one is shown none, another few
        }

        var together = new WeightCodebookBuilder();
        Array.ForEach(parts, together.Add);

        var (expected, actual) = (alone.Build(), together.Build());
        Assert.Equal(expected.IsExact, actual.IsExact);
        Assert.Equal(expected.Codebook.Weights, actual.Codebook.Weights);
        Assert.Equal(expected.Codebook.Targets, actual.Codebook.Targets);
    }

    [Fact]
    public void Codes_are_those_of_the_nearest_pairs_by_search_through_all()
    {
        var builder = new WeightCodebookBuilder();
        var random = new SeededRandom(6);
        for (var n = 0; n < 3_000; n++)
        {
            builder.Add((float)Math.Exp(2 * random.NextNormal()), random.NextBool(0.5) ? 1 : -0.25f);
        }
        var encoder = builder.Build();
        var book = encoder.Codebook;
        for (var n = 0; n < 3_000; n++)
        {
            var (weight, target) = ((float)Math.Exp(3 * random.NextNormal()), (float)(2 * random.NextDouble() - 1));

            var code = encoder.Encode(weight, target);

            Assert.Equal(target <= 0.375f ? -0.25f : 1, book.Targets[code]);
            double Away(int other) => Math.Abs(Math.Log(book.Weights[other] / weight));
            Assert.InRange(Away(code), 0, Enumerable.Range(0, book.Count).Where(other => book.Targets[other] == book.Targets[code]).Min(Away) + 1e-6);
        }
    }

    [Fact]
    public void Many_targets_are_rounded_and_a_weight_of_zero_stays_zero()
    {
        var builder = new WeightCodebookBuilder();
        var random = new SeededRandom(2);
        for (var n = 0; n < 5_000; n++)
        {
            builder.Add((float)random.NextDouble(), (float)(2 * random.NextDouble() - 1));
        }
        builder.Add(0, 1);

        var encoder = builder.Build();

        Assert.InRange(encoder.Codebook.Count, 2, 256);
        Assert.Equal(0, encoder.Codebook.Weights[encoder.Encode(0, 1)]);
        Assert.InRange(encoder.Codebook.Targets[encoder.Encode(0.5f, 0.4f)], 0.4f - 0.15f, 0.4f + 0.15f);
    }

    [Fact]
    public void Actions_collapse_to_one_pair_up_to_a_constant()
    {
        (double W, double T)[] actions = [(0.7, 1), (2.5, -0.4), (0.1, 0.3)];
        var weight = actions.Sum(a => a.W);
        var target = actions.Sum(a => a.W * a.T) / weight;
        double Difference(double score) => actions.Sum(a => a.W * (a.T - score) * (a.T - score)) - weight * (target - score) * (target - score);

        Assert.Equal(Difference(0), Difference(0.83), 1e-12);
        Assert.Equal(Difference(0), Difference(-2), 1e-12);
    }

    [Theory]
    [InlineData(float.NaN, 1)]
    [InlineData(-1, 1)]
    [InlineData(float.PositiveInfinity, 1)]
    [InlineData(1, float.NaN)]
    [InlineData(1, 1.5f)]
    public void A_number_out_of_range_is_named(float weight, float target)
    {
        var fault = Assert.Throws<ArgumentException>(() => new WeightCodebookBuilder().Add(weight, target));

        Assert.Contains("is not allowed", fault.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new WeightCodebook([weight], [target]));
    }
}
