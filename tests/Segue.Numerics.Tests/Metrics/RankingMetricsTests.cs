using Segue.Numerics.Metrics;

namespace Segue.Numerics.Tests.Metrics;

public sealed class RankingMetricsTests
{
    private static readonly int[] Ranked = [7, 3, 9, 1, 5];
    private static readonly HashSet<int> Relevant = [3, 1, 8];   // hits at places 1 and 3 (from 0); 8 is never ranked

    [Fact]
    public void A_list_worked_by_hand()
    {
        Assert.Equal(2.0 / 3, RankingMetrics.RecallAt(Ranked, Relevant, 5), 1e-12);
        Assert.Equal(1.0 / 3, RankingMetrics.RecallAt(Ranked, Relevant, 3), 1e-12);
        Assert.Equal(2.0 / 5, RankingMetrics.PrecisionAt(Ranked, Relevant, 5), 1e-12);
        Assert.Equal(1, RankingMetrics.HitRatioAt(Ranked, Relevant, 2));
        Assert.Equal(0, RankingMetrics.HitRatioAt(Ranked, Relevant, 1));
        Assert.Equal(0.5, RankingMetrics.ReciprocalRankAt(Ranked, Relevant, 5));
        Assert.Equal(0, RankingMetrics.ReciprocalRankAt(Ranked, Relevant, 1));
        // (1/log₂3 + 1/log₂5) / (1 + 1/log₂3 + 1/2)
        Assert.Equal((0.6309297536 + 0.4306765581) / (1 + 0.6309297536 + 0.5), RankingMetrics.NdcgAt(Ranked, Relevant, 5), 1e-9);
        // (1/2 + 2/4) / 3
        Assert.Equal(1.0 / 3, RankingMetrics.AveragePrecisionAt(Ranked, Relevant, 5), 1e-12);
        // at most two hits fit: (1/2) / 2
        Assert.Equal(0.25, RankingMetrics.AveragePrecisionAt(Ranked, Relevant, 2), 1e-12);
    }

    [Fact]
    public void A_perfect_list_scores_one()
    {
        int[] ranked = [1, 2, 3];
        HashSet<int> relevant = [3, 2, 1];

        Assert.Equal(1, RankingMetrics.RecallAt(ranked, relevant, 3));
        Assert.Equal(1, RankingMetrics.PrecisionAt(ranked, relevant, 3));
        Assert.Equal(1, RankingMetrics.NdcgAt(ranked, relevant, 3));
        Assert.Equal(1, RankingMetrics.NdcgAt(ranked, relevant, 2));
        Assert.Equal(1, RankingMetrics.NdcgAt(ranked, relevant, 20));
        Assert.Equal(1, RankingMetrics.AveragePrecisionAt(ranked, relevant, 3));
        Assert.Equal(1, RankingMetrics.ReciprocalRankAt(ranked, relevant, 3));
        Assert.Equal(1, RankingMetrics.HitRatioAt(ranked, relevant, 1));
    }

    [Fact]
    public void An_empty_list_scores_zero_and_missing_places_are_misses()
    {
        Assert.All(All([], Relevant, 10), value => Assert.Equal(0, value));
        Assert.Equal(0.1, RankingMetrics.PrecisionAt([3], Relevant, 10), 1e-12);
        Assert.Equal(1.0 / 3, RankingMetrics.RecallAt([3], Relevant, 10), 1e-12);
    }

    [Fact]
    public void Without_a_relevant_item_no_metric_is_defined()
        => Assert.All(All(Ranked, new HashSet<int>(), 3), value => Assert.True(double.IsNaN(value)));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_list_length_that_is_not_positive_is_refused(int k)
        => Assert.Throws<ArgumentOutOfRangeException>(() => RankingMetrics.RecallAt(Ranked, Relevant, k));

    [Fact]
    public void Ndcg_and_average_precision_agree_with_their_plain_twins_over_random_lists()
    {
        for (ulong world = 0; world < 500; world++)
        {
            var random = new SeededRandom(31, world);
            var ranked = Enumerable.Range(0, 30).ToArray();
            random.Shuffle<int>(ranked);
            ranked = ranked[..random.NextInt(31)];
            var relevant = Enumerable.Range(0, 1 + random.NextInt(15)).Select(_ => random.NextInt(40)).ToHashSet();
            var k = 1 + random.NextInt(35);

            Assert.Equal(PlainNdcg(ranked, relevant, k), RankingMetrics.NdcgAt(ranked, relevant, k), 1e-12);
            Assert.Equal(PlainAveragePrecision(ranked, relevant, k), RankingMetrics.AveragePrecisionAt(ranked, relevant, k), 1e-12);
            Assert.All(All(ranked, relevant, k), value => Assert.InRange(value, 0, 1 + 1e-12));
        }
    }

    private static double[] All(int[] ranked, HashSet<int> relevant, int k) =>
    [
        RankingMetrics.RecallAt(ranked, relevant, k), RankingMetrics.PrecisionAt(ranked, relevant, k),
        RankingMetrics.HitRatioAt(ranked, relevant, k), RankingMetrics.NdcgAt(ranked, relevant, k),
        RankingMetrics.ReciprocalRankAt(ranked, relevant, k), RankingMetrics.AveragePrecisionAt(ranked, relevant, k),
    ];

    private static double PlainNdcg(int[] ranked, HashSet<int> relevant, int k)
    {
        double Dcg(IEnumerable<int> gains) => gains.Select((gain, place) => gain * Math.Log(2) / Math.Log(place + 2)).Sum();
        return Dcg(ranked.Take(k).Select(item => relevant.Contains(item) ? 1 : 0)) / Dcg(Enumerable.Repeat(1, Math.Min(k, relevant.Count)));
    }

    private static double PlainAveragePrecision(int[] ranked, HashSet<int> relevant, int k)
        => Enumerable.Range(1, Math.Min(k, ranked.Length))
            .Where(n => relevant.Contains(ranked[n - 1]))
            .Sum(n => (double)ranked.Take(n).Count(relevant.Contains) / n) / Math.Min(k, relevant.Count);
}
