using Segue.Features.Interactions;
using Segue.Models.Factorization;
using Segue.Numerics;

namespace Segue.Models.Tests.Factorization;

public sealed class BprTests
{
    private static BprModel Train(TrainingSet data, BprOptions options, int threads = 2)
        => (BprModel)new BprTrainer(options).Train(data, new(3, threads, Cancellation: TestContext.Current.CancellationToken));

    private static BprOptions Few { get; } = new() { Factors = 4, Sweeps = 60, Rate = 0.05, Lambda = 0.01, Candidates = 4 };

    [Fact]
    public void Held_back_item_of_the_same_taste_comes_first()
    {
        var data = Worlds.TwoTastes(50);

        var model = Train(data, Few);

        Assert.All(Enumerable.Range(0, 50), user =>
            Assert.Equal([user], model.Recommend(new(user, [], []), 1, data.Strengths.Row(user).Columns.ToArray()).Select(scored => scored.Item)));
    }

    [Fact]
    public void A_stranger_is_answered_by_the_taste_of_a_few_items_and_who_likes_nothing_by_popularity()
    {
        var elements = Enumerable.Range(0, 60).SelectMany(user => Enumerable.Range(0, 30).Where(item => item % 2 == user % 2 && item < 10 + user % 20).Select(item => (user, item, 1f)));
        var model = Train(new(CsrMatrix.FromTriplets(60, 30, [.. elements])), Few);

        foreach (var taste in new[] { 0, 1 })
        {
            var known = new[] { taste, 2 + taste, 4 + taste };
            Assert.All(model.Recommend(UserHistory.OfItems(known), 2, known), scored => Assert.Equal(taste, scored.Item % 2));
        }
        var popular = Worlds.Scores(model, UserHistory.Empty);
        Assert.Equal(popular, Worlds.Scores(model, new(null, [3], [-2])));
        Assert.True(popular[..10].Average() > popular[20..].Average(), "items that many like have the greater biases");
    }

    [Fact]
    public void Blocks_learnt_by_any_number_of_threads_give_equal_bytes()
    {
        var data = Worlds.Chance(4, 1500, 1100, ordered: false);   // four parts
        var options = new BprOptions { Factors = 12, Sweeps = 3 };

        var one = Worlds.Bytes(Train(data, options, threads: 1));

        Assert.Equal(one, Worlds.Bytes(Train(data, options, threads: 2)));
        Assert.Equal(one, Worlds.Bytes(Train(data, options, threads: 5)));
        Assert.NotEqual(one, Worlds.Bytes(new BprTrainer(options).Train(data, new(4, 2))));
    }

    [Fact]
    public void What_the_items_of_a_history_contribute_and_the_bias_add_up_to_the_score()
    {
        var model = Train(Worlds.Chance(6, 80, 40, ordered: false), Few);
        var strangers = Worlds.Scores(model, UserHistory.Empty);   // the biases
        var (options, items, biases) = (Few, Rows(model), strangers);
        foreach (var user in new[] { UserHistory.OfItems([1, 5, 9]), new(null, [2, 8, 11, 8], [1, -1, 3, -2]), new(null, [4, 7, 9], [-1, 2, 0]) })
        {
            var scores = Worlds.Scores(model, user);
            Assert.All(Enumerable.Range(0, 40), item =>
                Assert.Equal(scores[item], biases[item] + new BprFoldIn(options, items, biases, user).Contributions(item).Sum(part => part.Value), 1e-4));
        }
    }

    // The factors of the items, as the model's file holds them.
    private static DenseMatrix Rows(BprModel model)
    {
        using var stream = new MemoryStream(Worlds.Bytes(model));
        return ModelFile.ReadFrom(stream).GetMatrix("itemFactors", model.Items, 4);
    }

    [Fact]
    public void A_refused_item_scores_below_its_liked_twin_in_training_and_folding_in()
    {
        // Items 0 and 1 are loved by the same users; the last user refuses item 1 and likes what they like beside it.
        var elements = Enumerable.Range(0, 20).SelectMany(user => new[] { (user, 0, 1f), (user, 1, 1f), (user, 2, 1f) });
        var data = new TrainingSet(CsrMatrix.FromTriplets(21, 4, [.. elements, (20, 2, 1f), (20, 3, 1f), (20, 1, -3f)]));
        var model = Train(data, Few with { Candidates = 1 });

        foreach (var user in new[] { UserHistory.Of(data, 20), UserHistory.Of(data, 20) with { Row = null } })
        {
            var scores = Worlds.Scores(model, user);
            Assert.True(scores[1] < scores[0], $"{scores[1]} is not below {scores[0]}");
        }
    }

    [Fact]
    public void Repeats_in_a_history_add_up_as_in_the_matrix()
    {
        var model = Train(Worlds.Chance(6, 80, 40, ordered: false), Few);

        Assert.Equal(model.FoldIn(new(null, [3, 5], [1, 1])), model.FoldIn(new(null, [5, 3, 3, 3], [1, 2, -2, 1])));
        Assert.All(model.FoldIn(UserHistory.Empty), value => Assert.Equal(0, value));
    }

    [Fact]
    public void A_rate_that_is_too_large_is_told_with_what_helps()
    {
        var fault = Assert.Throws<ModelDivergedException>(() => Train(Worlds.TwoTastes(30), Few with { Rate = 10, Lambda = 1 }));

        Assert.Contains("lower the rate", fault.Message, StringComparison.Ordinal);
    }
}
