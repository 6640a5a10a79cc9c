using Segue.Ranking.Learnt;
using Segue.Retrieval;
using Segue.Tests.Shared;

namespace Segue.Ranking.Tests.Learnt;

public sealed class LearntRankerTests
{
    private static readonly ListenerContext Context = ObservationTests.Context(TinyWorld.Data.History(3), new SessionSignal(21, 1, IsSeed: false), new SessionSignal(2, -1, IsSeed: false));
    private static readonly IReadOnlyList<RankedTrack> Weighed = ObservationTests.Weighed(Context);

    // Weights of the parts alone, all one: the hand-weighted score.
    private static RankingModel ByHand(double offset = 0) => new(
        RankerKinds.Logistic, null, 0, RankingFeatures.Names(0), new float[RankingFeatures.Context.Count], [.. Enumerable.Repeat(1f, RankingFeatures.Context.Count)],
        [.. RankingFeatures.Context.Select((feature, column) => column < 6 || feature.Name == "appeal" ? 1f : 0), 0], 1, offset, 1, 0, 0);

    private static RankingModel Learnt(string kind) => RankerTraining.Compare(
        RankingTables.Planted(1500, 31, row => row[0] + row[1] * row[3] - row[12]), null, [kind], null, new(), TestContext.Current.CancellationToken)[^1].Model!;

    [Fact]
    public void Weights_of_one_give_the_hand_weighted_order_scores_and_parts()
    {
        var ranker = new LearntRanker(ByHand(), "000001");

        var ranked = ranker.Rank(Context, Weighed);

        Assert.Equal(Weighed.Select(track => track.Track), ranked.Select(track => track.Track));
        Assert.All(Weighed.Zip(ranker.Explain(Context, Weighed)), pair =>
        {
            Assert.Equal(pair.First.Parts.Session, pair.Second.Parts.Session, 1e-4);
            Assert.Equal(pair.First.Parts.Taste, pair.Second.Parts.Taste, 1e-4);
            Assert.Equal(pair.First.Score, pair.Second.Score, 1e-4);
        });
    }

    [Theory]
    [InlineData(RankerKinds.Logistic)]
    [InlineData(RankerKinds.Neural)]
    public void Parts_add_up_to_the_score_and_removing_the_largest_costs_most(string kind)
    {
        var model = Learnt(kind);
        var ranker = new LearntRanker(model, "000001");
        var ranked = ranker.Rank(Context, Weighed);
        var weighed = ranked.Select(track => Weighed.Single(other => other.Track == track.Track)).ToList();

        var explained = ranker.Explain(Context, weighed);

        Assert.Equal(ranked.OrderByDescending(track => track.Score).Select(track => track.Track), ranked.Select(track => track.Track));
        Assert.All(ranked.Zip(explained), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 1e-3));
        var row = new float[RankingFeatures.Context.Count];
        Assert.All(weighed.Zip(explained), pair =>
        {
            new RankingScene(Context).Write(pair.First, row);
            RankingTable.Standardize(row, model.Means, model.Deviations);
            float[] parts = [pair.Second.Parts.Taste, pair.Second.Parts.Session, pair.Second.Parts.Genre, pair.Second.Parts.Artist, pair.Second.Parts.CoListen, pair.Second.Parts.Popularity, pair.Second.Parts.Appeal];
            float[] without = [.. Enumerable.Range(1, 7).Select(part => model.Scorer.Score(row.Select((value, f) => RankingFeatures.PartOf(f, 0) == (ScorePart)part ? 0 : value).ToArray()))];
            Assert.Equal(without.Min(), without[Array.IndexOf(parts, parts.Max())], 1e-4);
        });
    }

    [Fact]
    public void Few_but_sure_leaves_those_that_are_as_probable_as_asked()
    {
        // With a half point taken off, a track of s points is taken by σ(s − 0.5); all of 2σ − 1 ≥ 0 have half a point.
        var ranker = new LearntRanker(ByHand(offset: -0.5), "000001");
        var all = ranker.Rank(Context, Weighed);

        var sure = ranker.Rank(Context, Weighed, sureness: 0);

        Assert.Equal(all.Where(track => track.Score >= 0.5f), sure);
        Assert.InRange(sure.Count, 1, all.Count - 1);
        Assert.Empty(ranker.Rank(Context, Weighed, sureness: 1));
    }

    [Fact]
    public void An_empty_pool_stays_empty() => Assert.Empty(new LearntRanker(ByHand(), "000001").Rank(Context, []));

    [Fact]
    public void Rankers_over_factors_serve_the_version_that_they_were_learnt_with_alone()
    {
        var (context, factors) = (ByHand(), ByHand() with { Taste = "000004" });
        var models = new RankingModels(context, factors);

        Assert.Same(factors, models.For("000004"));
        Assert.Same(context, models.For("000005"));
    }

    [Fact]
    public void A_ranker_over_factors_finds_the_direction_in_which_likeness_counts()
    {
        // Taken by the product of listener and track in direction 2 alone, which the whole dot product hides.
        const int d = 8, count = 3000;
        var rows = new List<RankingRow>();
        var places = TinyWorld.Models.Taste.ItemFactors;
        for (var n = 0; n < count; n++)
        {
            var random = new Segue.Numerics.SeededRandom(5, (ulong)n);
            float[] taste = [.. Enumerable.Range(0, d).Select(_ => (float)random.NextNormal())];
            var track = random.NextInt(60);
            rows.Add(new(n, default, TinyWorld.IdOf(track), 0, 1, "000001", new(new float[RankingFeatures.Kept], taste, new float[d]), taste[2] * places.Row(track)[2] > 0));
        }

        var table = RankingTable.OfFactors(rows, places, row => row.ModelVersion == "000001" ? TinyWorld.RowOf(row.Track) : null);
        var model = RankerTraining.Compare(table, "000001", [RankerKinds.Logistic], null, new(), TestContext.Current.CancellationToken)[^1];

        Assert.True(model.Measures.Auc > 0.95, $"{model.Measures.Auc}");
        Assert.Equal(("000001", d), (model.Model!.Taste, model.Model.Factors));
        Assert.Equal(RankingFeatures.Context.Count + 2, Enumerable.Range(0, RankingFeatures.Context.Count + d).MaxBy(f => Math.Abs(model.Model.Weights[f])));
        Assert.Empty(RankingTable.OfFactors(rows, places, _ => null).Taken);
    }
}
