using Segue.Features.Interactions;
using Segue.Models.Popularity;
using Segue.Numerics;

namespace Segue.Models.Tests.Popularity;

public sealed class BaselineTests
{
    [Fact]
    public void The_most_popular_item_is_the_one_that_most_users_like_not_the_most_played()
    {
        var data = new TrainingSet(CsrMatrix.FromTriplets(3, 4, [(0, 0, 1000), (0, 2, 1), (1, 2, 1), (2, 1, -5), (1, 1, -1), (2, 3, 1)]));

        var model = (MostPopularModel)new MostPopularTrainer().Train(data, new(1, 1));

        Assert.Equal([2, 0, 3, 1], model.MostLiked);
        Assert.Equal([1, 0, 2, 1], Enumerable.Range(0, 4).Select(model.Likes));
        Assert.Equal(ExplanationBasis.Popularity, model.Explain(UserHistory.Empty, 0).Basis);
    }

    [Fact]
    public void Chance_gives_each_user_an_order_of_its_own()
    {
        var model = new RandomModel(users: 50, items: 100, seed: 3);
        var lists = Enumerable.Range(0, 50).Select(user => string.Join(',', model.Recommend(new(user, [], []), 100).Select(s => s.Item)));

        Assert.Equal(50, lists.Distinct().Count());
        Assert.NotEqual(
            new RandomModel(50, 100, seed: 4).Recommend(new(0, [], []), 5),
            model.Recommend(new(0, [], []), 5));
    }

    [Fact]
    public void Chance_puts_every_item_first_about_equally_often()
    {
        var model = new RandomModel(users: 10_000, items: 20, seed: 5);
        var firsts = new int[20];
        for (var user = 0; user < 10_000; user++)
        {
            firsts[model.Recommend(new(user, [], []), 1)[0].Item]++;
        }

        Assert.All(firsts, count => Assert.InRange(count, 500 - 90, 500 + 90));
    }
}
