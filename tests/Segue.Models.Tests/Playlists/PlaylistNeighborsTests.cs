using Segue.Features.Interactions;
using Segue.Models.Playlists;
using Segue.Numerics;

namespace Segue.Models.Tests.Playlists;

public sealed class PlaylistNeighborsTests
{
    private const int Items = 12;
    private static readonly PlaylistNeighborsOptions Cosine = new() { ItemPower = 0.5, SourcePower = 0.5 };

    [Fact]
    public void What_two_listeners_put_beside_each_other_continues_a_list()
    {
        var model = Train([(0, [0, 1, 2]), (1, [0, 1, 3]), (2, [4, 5]), (3, [4, 5])]);

        Assert.Equal([1], Neighbors(model, 0));
        Assert.Equal([0], Neighbors(model, 1));
        Assert.Equal([5], Neighbors(model, 4));
        Assert.Equal([1, 5], model.Continue([(0, 1), (4, 0.5f)], 9, _ => false).Select(scored => scored.Item));
        Assert.Equal([5], model.Continue([(0, 1), (4, 0.5f)], 9, item => item == 1).Select(scored => scored.Item));
    }

    [Fact]
    public void No_pair_is_told_that_one_listener_alone_put_together_however_often()
    {
        var model = Train([.. Enumerable.Repeat((0, (IReadOnlyList<int>)[6, 7, 8]), 50), (1, [6, 9]), (2, [7, 9])]);

        Assert.All(Enumerable.Range(0, Items), item => Assert.Empty(Neighbors(model, item)));
        Assert.Throws<ArgumentException>(() => ModelKinds.Get(PlaylistNeighborsModel.KindName).Trainer(new Dictionary<string, double> { ["minListeners"] = 1 }));
    }

    [Fact]
    public void Who_keeps_the_same_list_a_hundred_times_is_one_voice()
    {
        (int, IReadOnlyList<int>)[] others = [(1, [0, 1]), (2, [0, 1]), (3, [0, 2]), (4, [0, 2]), (5, [0, 2])];

        var model = Train([.. Enumerable.Repeat((0, (IReadOnlyList<int>)[0, 1]), 100), .. others]);

        Assert.Equal(Neighbors(Train([(0, [0, 1]), .. others]), 0), Neighbors(model, 0));
        Assert.Equal(model.Likeness(0, 1), model.Likeness(0, 2));
    }

    [Fact]
    public void A_pair_on_short_lists_is_nearer_than_one_on_long_ones()
    {
        var model = Train([(0, [0, 1]), (1, [0, 1]), (2, [0, 2, 6, 7, 8]), (3, [0, 2, 9, 10, 11])]);

        Assert.Equal([1, 2], Neighbors(model, 0));
        Assert.Equal(Math.Pow(5, 0.25) / Math.Pow(2, 0.25), model.Likeness(0, 1) / model.Likeness(0, 2), 1e-5);   // √(2^-½ ÷ 5^-½)
    }

    [Fact]
    public void Of_equal_company_the_item_that_is_on_every_list_is_the_farther_one()
    {
        (int, IReadOnlyList<int>)[] elsewhere = [.. Enumerable.Range(2, 20).Select(user => (user, (IReadOnlyList<int>)[2, 3 + user % 9]))];

        Assert.Equal([1, 2], Neighbors(Train([(0, [0, 1, 2]), (1, [0, 1, 2]), .. elsewhere]), 0));
    }

    [Fact]
    public void Two_listeners_with_lists_of_two_have_the_likeness_of_a_cosine_shrunk_by_half()
    {
        var model = Train([(0, [0, 1]), (1, [0, 1])]);

        Assert.Equal(0.5, model.Likeness(0, 1), 1e-6);   // 2w ÷ √(2w · 2w) · 2 ÷ (2 + 2)
        Assert.Equal(0, model.Likeness(0, 2));
        Assert.Equal(0, model.Likeness(Items + 3, 0));   // came after the training
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void Counting_item_by_item_agrees_with_counting_pair_by_pair(ulong seed)
    {
        var options = new PlaylistNeighborsOptions { LengthPower = 0.3 + seed * 0.2, ItemPower = 0.2 * seed, SourcePower = 0.9 - 0.1 * seed, Shrinkage = seed, MinListeners = 2 + (int)(seed % 2) };
        var playlists = Worlds.Playlists(seed, 60, 25)!;
        var model = Train(playlists, 25, options);
        var plain = PlainLikeness(playlists, 25, options);

        Assert.Contains(plain.Values, likeness => likeness > 0);
        for (var item = 0; item < 25; item++)
        {
            for (var other = 0; other < 25; other++)
            {
                Assert.Equal(plain.GetValueOrDefault((item, other)), model.Likeness(item, other), 1e-5);
            }
        }
    }

    [Fact]
    public void Continuing_agrees_with_adding_up_the_likeness_of_every_item()
    {
        var model = Train(Worlds.Playlists(9, 80, 40)!, 40, new());
        (int Item, float Weight)[] list = [(3, 1), (5, 0.5f), (17, 2), (4, 0.25f)];

        var expected = Enumerable.Range(0, 40).Where(item => item % 5 != 0)
            .Select(item => new ScoredItem(item, list.Aggregate(0f, (sum, told) => sum + told.Weight * model.Likeness(told.Item, item))))
            .Where(scored => scored.Score > 0).OrderByDescending(scored => scored.Score).ThenBy(scored => scored.Item).ToList();

        Assert.NotEmpty(expected);
        foreach (var k in new[] { 0, 1, 4, 100 })
        {
            Assert.Equal(expected.Take(k), model.Continue(list, k, item => item % 5 == 0));
        }
    }

    [Fact]
    public void Without_playlists_there_are_no_neighbors_and_popularity_decides()
    {
        var data = new TrainingSet(CsrMatrix.FromTriplets(2, 3, [(0, 2, 1f), (1, 2, 1f), (1, 1, 1f)]));

        var model = new PlaylistNeighborsTrainer(new()).Train(data, new(1, 1, Cancellation: TestContext.Current.CancellationToken));

        Assert.Equal([2, 1, 0], model.Recommend(UserHistory.OfItems([0]), 3).Select(scored => scored.Item));
    }

    // The definition, pair by pair over dictionaries.
    private static Dictionary<(int, int), double> PlainLikeness(ItemPlaylists playlists, int items, PlaylistNeighborsOptions options)
    {
        double Together(int a, int b, out int users)
        {
            var most = new Dictionary<int, double>();
            for (var n = 0; n < playlists.Count; n++)
            {
                var list = playlists[n].ToArray();
                if (list.Contains(a) && list.Contains(b))
                {
                    var user = playlists.UserOf(n);
                    most[user] = Math.Max(most.GetValueOrDefault(user), Math.Pow(list.Length, -options.LengthPower));
                }
            }
            users = most.Count;
            return most.Values.Sum();
        }

        var likeness = new Dictionary<(int, int), double>();
        for (var a = 0; a < items; a++)
        {
            for (var b = 0; b < items; b++)
            {
                if (a != b && Together(a, b, out var users) is var together && users >= options.MinListeners)
                {
                    likeness[(a, b)] = together / (Math.Pow(Together(a, a, out _), options.SourcePower) * Math.Pow(Together(b, b, out _), options.ItemPower))
                        * users / (users + options.Shrinkage);
                }
            }
        }
        return likeness;
    }

    private static List<int> Neighbors(PlaylistNeighborsModel model, int item) => [.. model.Neighbors(item).ToArray().Select(scored => scored.Item)];

    private static PlaylistNeighborsModel Train((int, IReadOnlyList<int>)[] playlists) => Train(ItemPlaylists.Of(playlists)!, Items, Cosine);

    private static PlaylistNeighborsModel Train(ItemPlaylists playlists, int items, PlaylistNeighborsOptions options)
        => (PlaylistNeighborsModel)new PlaylistNeighborsTrainer(options).Train(
            new(CsrMatrix.FromTriplets(100, items, [])) { Playlists = playlists }, new(1, 2, Cancellation: TestContext.Current.CancellationToken));
}
