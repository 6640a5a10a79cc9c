using Segue.Core;
using Segue.Features.Interactions;
using Segue.Models.Tags;
using Segue.Numerics;

namespace Segue.Models.Tests.Tags;

public sealed class TagSpaceTests
{
    private const int Items = 30;

    [Fact]
    public void An_item_with_the_tags_of_what_was_played_comes_before_those_with_others()
    {
        var model = Train(new() { Dimensions = 4, PopularityWeight = 0 });

        var list = model.Recommend(UserHistory.OfItems([0, 3]), Items - 2, without: [0, 3]);

        Assert.All(list.Take(8), scored => Assert.Equal(0, scored.Item % 3));
        Assert.All(list.Skip(8), scored => Assert.NotEqual(0, scored.Item % 3));
    }

    [Fact]
    public void Of_items_with_the_same_tags_the_popular_one_comes_first_where_popularity_has_weight()
    {
        // All but the last item of a kind are liked by nobody.
        var strengths = CsrMatrix.FromTriplets(5, Items, [.. Enumerable.Range(0, 5).Select(user => (user, 27, 1f))]);

        Assert.Equal(27, Train(new() { Dimensions = 4, PopularityWeight = 0.5 }, strengths).Recommend(UserHistory.OfItems([0, 27, 3]), 1, without: [0, 3])[0].Item);
    }

    [Fact]
    public void What_was_refused_pushes_its_kind_behind_all_others()
    {
        var model = Train(new() { Dimensions = 4, PopularityWeight = 0 });

        var list = model.Recommend(new(null, [1, 2], [1, -1]), Items);

        Assert.All(list.Take(10), scored => Assert.Equal(1, scored.Item % 3));
        Assert.All(list.TakeLast(10), scored => Assert.Equal(2, scored.Item % 3));
    }

    [Fact]
    public void A_play_counts_by_the_logarithm_of_its_strength()
    {
        var model = (TagSpaceModel)Train(new() { Dimensions = 4, PopularityWeight = 0, PlayPower = 1 });

        var listener = model.Of(new(null, [0, 1], [MathF.Exp(3) - 1, MathF.Exp(1) - 1]));

        var (first, second) = (model.Of(UserHistory.OfItems([0])), model.Of(UserHistory.OfItems([1])));
        Assert.All(Enumerable.Range(0, 4), f => Assert.Equal(0.75 * first[f] + 0.25 * second[f], listener[f], 1e-4));
    }

    [Fact]
    public void Tags_on_too_few_items_tell_nothing()
    {
        var tags = new ItemTags(["rare"], CsrMatrix.FromTriplets(Items, 1, [(0, 0, 5f), (1, 0, 5f)]));
        var data = new TrainingSet(CsrMatrix.FromTriplets(1, Items, [])) { Tags = tags };

        var model = (TagSpaceModel)new TagSpaceTrainer(new() { MinItems = 3 }).Train(data, new(1, 1, Cancellation: TestContext.Current.CancellationToken));

        Assert.Equal(0, model.Dimensions);
    }

    [Fact]
    public void Of_items_without_tags_the_newer_one_comes_first_where_freshness_has_weight()
    {
        var actions = ActionRows.Gather(2, [(0, new PairAction(0, InteractionAction.Listen, 1, 300)), (1, new(1, InteractionAction.Listen, 1, 2)), (1, new(2, InteractionAction.Listen, 1, 40))]);
        var data = new TrainingSet(CsrMatrix.FromTriplets(2, 4, [(0, 0, 1f), (1, 1, 1f), (1, 2, 1f)]), actions: actions);

        var model = new TagSpaceTrainer(new() { PopularityWeight = 0, FreshnessWeight = 0.5 }).Train(data, new(1, 1, Cancellation: TestContext.Current.CancellationToken));

        Assert.Equal([1, 2, 0, 3], model.Recommend(UserHistory.OfItems([1]), 4).Select(scored => scored.Item));
    }

    // Item n has two tags of kind n % 3 and one that is its own group's; nobody listens to anything.
    private static IRecommenderModel Train(TagSpaceOptions options, CsrMatrix? strengths = null)
    {
        var elements = Enumerable.Range(0, Items).SelectMany(item => new[] { (item, item % 3 * 2, 3f), (item, item % 3 * 2 + 1, 2f), (item, 6 + item / 10, 1f) });
        var tags = new ItemTags([.. Enumerable.Range(0, 9).Select(tag => $"tag {tag}")], CsrMatrix.FromTriplets(Items, 9, [.. elements]));
        var data = new TrainingSet(strengths ?? CsrMatrix.FromTriplets(1, Items, [])) { Tags = tags };
        return new TagSpaceTrainer(options).Train(data, new(1, 1, Cancellation: TestContext.Current.CancellationToken));
    }
}
