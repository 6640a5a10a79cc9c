using Segue.Ranking.Learnt;
using Segue.Ranking.Learnt.Trees;

namespace Segue.Ranking.Tests.Learnt;

public sealed class RankerTrainingTests
{
    // What no weighted sum sees: two features that please together or not at all.
    private static readonly RankingTable Crossed = RankingTables.Planted(6000, 21, row => 3 * row[0] * row[7]);

    private static IReadOnlyList<RankerResult> Compare(RankingTable table, RankingModel? previous, params string[] kinds)
        => RankerTraining.Compare(table, taste: null, kinds, previous, new() { Threads = 2 }, TestContext.Current.CancellationToken);

    [Fact]
    public void A_weighted_sum_finds_what_is_one_and_stands_above_all_that_was_not_learnt()
    {
        var results = Compare(RankingTables.Planted(4000, 20, row => 2 * row[12] - row[5]), previous: null, RankerKinds.Logistic);

        Assert.Equal(["random", "most popular", "hand-weighted", "logistic"], results.Select(result => result.Name));
        Assert.All(results.SkipLast(1), other => Assert.True(results[^1].Measures.Auc > other.Measures.Auc + 0.1, other.Name));
        Assert.All(results.SkipLast(1), other => Assert.True(results[^1].Measures.LogLoss < other.Measures.LogLoss, other.Name));
        Assert.True(results[^1].Measures.Error < 0.08);
    }

    [Fact]
    public void A_network_sees_features_together_that_a_sum_does_not()
    {
        var results = Compare(Crossed, previous: null, RankerKinds.Logistic, RankerKinds.Neural);

        Assert.InRange(results[^2].Measures.Auc, 0.4, 0.6);
        Assert.True(results[^1].Measures.Auc > 0.75, $"{results[^1].Measures.Auc}");
    }

    [Fact]
    public void Trees_see_them_too()
    {
        Assert.SkipUnless(XgboostLibrary.IsPresent, $"XGBoost's library is not on this machine (apt-get install libxgboost0, or ${XgboostLibrary.Variable}).");

        var model = Compare(Crossed, previous: null, RankerKinds.Trees)[^1];

        Assert.True(model.Measures.Auc > 0.75, $"{model.Measures.Auc}");
        Assert.Equal(model.Model!.Weights, Compare(Crossed, previous: null, RankerKinds.Trees)[^1].Model!.Weights);
    }

    [Fact]
    public void Without_the_library_trees_say_what_is_missing()
    {
        Assert.Equal(0, XgboostLibrary.Open("/no/such/library.so", "/no/such/folder"));
        Assert.SkipWhen(XgboostLibrary.IsPresent, "XGBoost's library is on this machine.");

        Assert.Contains("boosted trees are off", Assert.Throws<XgboostException>(() => Compare(Crossed, previous: null, RankerKinds.Trees)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_rows_and_seed_give_the_same_ranker_for_any_number_of_threads()
    {
        var table = Crossed.Slice(0, 1200);
        RankingModel Train(int threads)
            => RankerTraining.Compare(table, null, [RankerKinds.Neural], null, new() { Threads = threads }, TestContext.Current.CancellationToken)[^1].Model!;

        var (one, four) = (Train(1), Train(4));

        Assert.Equal(one.Weights, four.Weights);
        Assert.Equal((one.Slope, one.Offset, one.Scale), (four.Slope, four.Offset, four.Scale));
    }

    [Fact]
    public void What_was_published_is_read_back_and_shown_as_the_previous_ranker()
    {
        var table = RankingTables.Planted(2000, 22, row => row[3]);
        var learnt = Compare(table, previous: null, RankerKinds.Logistic)[^1];
        using var file = new MemoryStream();
        new RankingModels(learnt.Model!, Factors: null).Save(file);
        var bytes = file.ToArray();

        var read = RankingModels.Load(new MemoryStream(bytes), "ranker.json").For("000009");
        var again = Compare(table, read, RankerKinds.Logistic);

        Assert.Equal(learnt.Model!.Score(table), read.Score(table));
        Assert.Equal(learnt.Measures, again.Single(result => result.Name == "previous ranker").Measures);
        bytes[bytes.Length / 2] ^= 1;
        Assert.Throws<InvalidDataException>(() => RankingModels.Load(new MemoryStream(bytes), "ranker.json"));
    }

    [Fact]
    public void A_ranker_over_other_features_or_of_an_unknown_kind_is_refused()
    {
        var model = Compare(RankingTables.Planted(600, 23, row => row[3]), previous: null, RankerKinds.Logistic)[^1].Model!;
        foreach (var other in (RankingModel[])[model with { Features = [.. model.Features.Reverse()] }, model with { Kind = "guessed" }, model with { Weights = [1, 2] }])
        {
            using var file = new MemoryStream();
            new RankingModels(other, Factors: null).Save(file);
            Assert.Throws<InvalidDataException>(() => RankingModels.Load(new MemoryStream(file.ToArray()), "ranker.json"));
        }
    }

    [Fact]
    public void Too_few_rows_or_only_one_sort_of_them_are_told()
    {
        var table = RankingTables.Planted(499, 24, row => row[3]);
        var same = RankingTables.Planted(600, 24, _ => 99);

        Assert.Contains("There are 499 shown tracks", Assert.Throws<ArgumentException>(() => Compare(table, null, RankerKinds.Logistic)).Message, StringComparison.Ordinal);
        Assert.Contains("of which 600 were taken", Assert.Throws<ArgumentException>(() => Compare(same, null, RankerKinds.Logistic)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_for_a_person_tell_weights_and_differences()
    {
        var table = RankingTables.Planted(8000, 25, row => 1.5 * row[12]);
        var model = Compare(table, previous: null, RankerKinds.Logistic)[^1].Model!;

        var (weight, difference) = (FeatureReport.Weights(model)[12], FeatureReport.Differences(table)[12]);

        Assert.Equal(("heard", "heard"), (weight.Feature.Name, difference.Feature.Name));
        Assert.Equal(1.5, weight.Weight, 0.15);
        Assert.True(difference.Taken > 0.4 && difference.Refused < -0.4 && difference.Difference > 0.8);
        Assert.All(FeatureReport.Differences(table).Where(other => other.Feature.Name != "heard"), other => Assert.InRange(other.Difference, -0.1, 0.1));
        Assert.Throws<ArgumentException>(() => FeatureReport.Weights(model with { Kind = RankerKinds.Neural }));
    }

    [Fact]
    public void Rows_weigh_the_inverse_of_their_propensity_up_to_ten_and_one_in_the_mean()
    {
        RankingRow Row(double propensity, int position) => new(0, default, new("t"), position, propensity, "000001", new(new float[RankingFeatures.Kept], [], []), Taken: true);

        var table = RankingTable.OfContext([Row(1, 0), Row(0.5, 3), Row(0.001, 0)]);

        Assert.Equal([1 / (13f / 3), 2 / (13f / 3), 10 / (13f / 3)], table.Weights.Select(weight => weight), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([0, 2, 0], Enumerable.Range(0, 3).Select(n => table.Features.Row(n)[RankingFeatures.Position]));
    }
}
