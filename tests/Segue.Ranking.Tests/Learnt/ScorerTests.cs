using Segue.Numerics;
using Segue.Ranking.Learnt;
using Segue.Ranking.Learnt.Trees;

namespace Segue.Ranking.Tests.Learnt;

/// <summary>The fast way of each ranker against the plain one.</summary>
public sealed class ScorerTests
{
    private const int Factors = 8, Tracks = 30;

    private static float[] Random(int count, ulong seed, float least = 0)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => least > 0 ? least + (float)random.NextDouble() : (float)random.NextNormal())];
    }

    private static void AssertAlike(Func<float[], float[], IRowScorer> make, int factors)
    {
        var columns = RankingFeatures.Count(factors);
        for (ulong world = 0; world < 20; world++)
        {
            var (means, deviations) = (Random(columns, 10 * world), Random(columns, 10 * world + 1, least: 0.5f));
            var scorer = make(means, deviations);
            var batch = new RankingBatch(
                new(Tracks, RankingFeatures.Context.Count, Random(Tracks * RankingFeatures.Context.Count, 10 * world + 2)), Random(Factors, 10 * world + 3), Random(Factors, 10 * world + 4),
                new(100, Factors, Random(100 * Factors, 10 * world + 5)), [.. Enumerable.Range(0, Tracks).Select(n => n * 37 % 100)]);
            var (fast, row) = (new float[Tracks], new float[columns]);
            scorer.Score(batch, fast);
            for (var n = 0; n < Tracks; n++)
            {
                batch.Write(n, row);
                RankingTable.Standardize(row, means, deviations);
                Assert.Equal(scorer.Score(row), fast[n], 1e-3 * Math.Max(1, Math.Abs(fast[n])));
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Factors)]
    public void A_weighted_sum_folds_the_answers_constants_into_its_weights(int factors)
        => AssertAlike((means, deviations) => new LinearScorer(Random(RankingFeatures.Count(factors) + 1, 77), means, deviations, factors), factors);

    [Theory]
    [InlineData(0)]
    [InlineData(Factors)]
    public void A_network_folds_them_into_its_first_layer(int factors)
        => AssertAlike((means, deviations) => new NetworkScorer(Random(NetworkScorer.Length(factors), 78), means, deviations, factors), factors);

    [Fact]
    public void Trees_as_XGBoost_dumps_them_lead_to_the_leaves_that_reading_them_by_eye_does()
    {
        var packed = TreeScorer.Parse(
        [
            """{"nodeid":0,"depth":0,"split":"f3","split_condition":0.5,"yes":1,"no":2,"missing":1,"children":[{"nodeid":1,"leaf":-1},{"nodeid":2,"depth":1,"split":"f0","split_condition":-2,"yes":3,"no":4,"missing":3,"children":[{"nodeid":3,"leaf":4},{"nodeid":4,"leaf":8}]}]}""",
            """{"nodeid":0,"leaf":0.25}""",
        ]);
        var scorer = new TreeScorer(packed, new float[RankingFeatures.Context.Count], [.. Enumerable.Repeat(1f, RankingFeatures.Context.Count)]);
        float Score(float f0, float f3)
        {
            var row = new float[RankingFeatures.Context.Count];
            (row[0], row[3]) = (f0, f3);
            return scorer.Score(row);
        }

        Assert.Equal((-0.75f, 8.25f, 4.25f, 8.25f), (Score(0, 0.4f), Score(0, 0.5f), Score(-3, 1), Score(-2, 1)));
        AssertAlike((means, deviations) => new TreeScorer(packed, means, deviations), 0);
    }

    [Fact]
    public void Trees_that_lead_nowhere_are_refused()
    {
        foreach (float[] packed in (float[][])[[], [1], [1, 0, 3, 0.5f, 0, 1], [1, 5, -1, 1, 0, 0], [1, 0, 3, 0.5f, 0, 0], [1, 0, 99, 0.5f, 1, 1, -1, 1, 0, 0]])
        {
            Assert.Throws<InvalidDataException>(() => new TreeScorer(packed, [], []));
        }
    }
}
