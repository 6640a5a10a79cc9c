using Segue.Numerics;
using Segue.Ranking.Learnt;
using Segue.Ranking.Learnt.Trees;

namespace Segue.Ranking.Tests.Learnt;

/// <summary>The fast way of each ranker against the plain one.</summary>
public sealed class ScorerTests
{
    private const int Factors = 8, Tracks = 37;   // odd, and more than are scored together

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
                Random(Tracks * RankingFeatures.Width, 10 * world + 2), Random(Factors, 10 * world + 3), Random(Factors, 10 * world + 4),
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
    public void A_network_scores_a_track_the_same_whichever_stands_beside_it()
    {
        var columns = RankingFeatures.Count(Factors);
        var scorer = new NetworkScorer(Random(NetworkScorer.Length(Factors), 79), new float[columns], Random(columns, 80, least: 0.5f), Factors);
        var (context, taste, session) = (Random(Tracks * RankingFeatures.Width, 81), Random(Factors, 82), Random(Factors, 83));
        var (places, together, alone) = (new DenseMatrix(Tracks, Factors, Random(Tracks * Factors, 84)), new float[Tracks], new float[1]);
        scorer.Score(new(context, taste, session, places, [.. Enumerable.Range(0, Tracks)]), together);

        for (var n = 0; n < Tracks; n++)
        {
            scorer.Score(new(context[(n * RankingFeatures.Width)..], taste, session, places, [n]), alone);
            Assert.Equal(alone[0], together[n]);
        }
    }

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

    [Theory]
    [InlineData(60, 4, 1000)]   // as they are trained
    [InlineData(900, 4, 1)]   // one feature with more thresholds than a byte counts
    [InlineData(20, 5, 1000)]   // too deep for bytes: walked one by one
    public void Trees_come_to_the_same_leaves_to_the_bit_for_many_rows_at_once(int trees, int depth, int features)
    {
        for (ulong world = 0; world < 10; world++)
        {
            var random = new SeededRandom(52, world);
            var packed = DrawForest(ref random, trees, depth, Math.Min(features, RankingFeatures.Width));
            var (means, deviations) = (Random(RankingFeatures.Width, world), Random(RankingFeatures.Width, world + 1, least: 0.5f));
            var context = Random(Tracks * RankingFeatures.Width, world + 2);
            for (var n = 0; n < context.Length; n++)
            {
                // One column the same for all tracks, one mostly 0, one right at thresholds.
                context[n] = (n % RankingFeatures.Width) switch { 2 => 0.25f, 3 => n % 7 == 0 ? context[n] : 0, 1 => Place(means[1], deviations[1], packed[1 + trees + 4 * (n % trees) + 1]), _ => context[n] };
            }
            var (scorer, scores, row) = (new TreeScorer(packed, means, deviations), new float[Tracks], new float[RankingFeatures.Width]);
            var batch = new RankingBatch(context, [], [], new(1, 1), new int[Tracks]);

            scorer.Score(batch, scores);

            for (var n = 0; n < Tracks; n++)
            {
                batch.Write(n, row);
                RankingTable.Standardize(row, means, deviations);
                Assert.Equal(scorer.Score(row), scores[n]);
            }
        }
    }

    private static float Place(float mean, float deviation, float standardized) => mean + deviation * standardized;

    // Branches end early by chance; thresholds are drawn from few values too, so that trees share some.
    private static float[] DrawForest(ref SeededRandom random, int trees, int depth, int features)
    {
        var (roots, nodes) = (new List<float>(), new List<float>());
        for (var tree = 0; tree < trees; tree++)
        {
            roots.Add(nodes.Count / 4);
            Draw(ref random, nodes, depth, features);
        }
        return [trees, .. roots, .. nodes];
    }

    private static void Draw(ref SeededRandom random, List<float> nodes, int depth, int features)
    {
        var at = nodes.Count;
        var value = (float)random.NextNormal();
        if (depth == 0 || random.NextBool(0.15))
        {
            nodes.AddRange([-1, value, 0, 0]);
            return;
        }
        nodes.AddRange([random.NextInt(features), random.NextBool(0.3) ? MathF.Round(value) : value, nodes.Count / 4 + 1, 0]);
        Draw(ref random, nodes, depth - 1, features);
        nodes[at + 3] = nodes.Count / 4;
        Draw(ref random, nodes, depth - 1, features);
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
