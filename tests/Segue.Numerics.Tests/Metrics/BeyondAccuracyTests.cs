using Segue.Numerics.Metrics;

namespace Segue.Numerics.Tests.Metrics;

public sealed class BeyondAccuracyTests
{
    private static readonly int[][] Lists = [[0, 1], [0, 2], [0, 1]];

    [Fact]
    public void Coverage_counts_distinct_items()
    {
        Assert.Equal(0.3, BeyondAccuracy.Coverage(Lists, 10), 1e-12);
        Assert.Equal(0, BeyondAccuracy.Coverage([], 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => BeyondAccuracy.Coverage(Lists, 0));
    }

    [Fact]
    public void Novelty_is_the_mean_self_information_in_bits()
    {
        // Item 0 is known by 8 of 8 users (0 bits), item 1 by 2 (2 bits), item 2 by none, which counts as one (3 bits).
        Assert.Equal((0 + 2 + 0 + 3 + 0 + 2) / 6.0, BeyondAccuracy.Novelty(Lists, [8, 2, 0], 8), 1e-12);
        Assert.True(double.IsNaN(BeyondAccuracy.Novelty([], [1], 8)));
    }

    [Fact]
    public void Gini_of_known_counts()
    {
        Assert.Equal(0, BeyondAccuracy.Gini([5L, 5, 5, 5]), 1e-12);
        Assert.Equal(0.75, BeyondAccuracy.Gini([0L, 0, 0, 9]), 1e-12);
        Assert.Equal(0.25, BeyondAccuracy.Gini([4L, 2, 3, 1]), 1e-12);
        Assert.True(double.IsNaN(BeyondAccuracy.Gini([0L, 0])));
        // Item 0 thrice, item 1 twice, item 2 once, item 3 never: (-3·0 - 1·1 + 1·2 + 3·3) / (4 · 6)
        Assert.Equal(10 / 24.0, BeyondAccuracy.Gini(Lists, 4), 1e-12);
    }

    [Fact]
    public void Diversity_is_the_mean_distance_within_lists_of_at_least_two()
    {
        double Similarity(int a, int b) => a + b == 1 ? 0.5 : a + b == 2 ? 0.25 : 0;

        // Pairs of [0, 1, 2]: 0.5, 0.75 and 1; of [0, 1]: 0.5; [4] has none.
        Assert.Equal((0.75 + 0.5) / 2, BeyondAccuracy.IntraListDiversity([[0, 1, 2], [0, 1], [4], []], Similarity), 1e-12);
        Assert.True(double.IsNaN(BeyondAccuracy.IntraListDiversity([[1]], Similarity)));
    }
}
