using Segue.Core;
using Segue.Features.Interactions;
using Segue.Models.Factorization;
using Segue.Numerics;

namespace Segue.Models.Tests.Factorization;

/// <summary>Learning from several actions, shared and separate.</summary>
public sealed class ActionsTests
{
    // Users 0 to 39 listen at random; they vote up what is of their own parity, and user 40 only ever voted, on items 0 and 2.
    private static TrainingSet Voters()
    {
        var random = new SeededRandom(8);
        var happened = new List<(int, PairAction)> { (40, new(0, InteractionAction.VoteUp, 1, 0)), (40, new(2, InteractionAction.VoteUp, 1, 0)) };
        for (var user = 0; user < 40; user++)
        {
            for (var item = 0; item < 30; item++)
            {
                if (random.NextBool(0.3))
                {
                    happened.Add((user, new(item, InteractionAction.Listen, 1, 0)));
                    if (item % 2 == user % 2)
                    {
                        happened.Add((user, new(item, InteractionAction.VoteUp, 1, 0)));
                    }
                }
            }
        }
        return new(CsrMatrix.FromTriplets(41, 30, []), null, ActionRows.Gather(41, happened));
    }

    [Theory]
    [InlineData("als")]
    [InlineData("als-separate")]
    public void Votes_show_what_listens_hide(string kind)
    {
        var data = Voters();
        var model = Train(kind, data, new() { ["voteUp.weight"] = 8, ["factors"] = 8 });
        var user = new UserHistory(40, [0, 2], [1, 1], data.Actions.Row(40).ToArray());

        var own = model.Recommend(user, 10, user.Items).Count(scored => scored.Item % 2 == 0);

        Assert.InRange(own, 9, 10);
    }

    [Fact]
    public void An_action_of_weight_zero_changes_nothing()
    {
        var data = Voters();
        var listens = ActionRows.Gather(41, Enumerable.Range(0, 41).SelectMany(user => data.Actions.Row(user).ToArray().Where(a => a.Action == InteractionAction.Listen).Select(a => (user, a))));
        var without = new TrainingSet(data.Strengths, null, listens);

        Assert.Equal(
            Worlds.Bytes(Train("als", without, new() { ["voteUp.weight"] = 0 })),
            Worlds.Bytes(Train("als", data, new() { ["voteUp.weight"] = 0 })));
    }

    [Fact]
    public void What_fades_counts_less()
    {
        // One user went from odd items to even ones a hundred days later; all others tell which go together.
        var happened = from user in Enumerable.Range(0, 40)
                       from item in Enumerable.Range(0, 30)
                       where item % 2 == user % 2 && (user * 7 + item) % 3 != 0
                       select (user, new PairAction(item, InteractionAction.Listen, 1, 0));
        var turned = Enumerable.Range(0, 6).Select(n => (40, new PairAction(2 * n, InteractionAction.Listen, 1, 0)))
            .Concat(Enumerable.Range(0, 8).Select(n => (40, new PairAction(2 * n + 1, InteractionAction.Listen, 1, 100))));
        var data = new TrainingSet(CsrMatrix.FromTriplets(41, 30, []), null, ActionRows.Gather(41, happened.Concat(turned)));

        double LeadOfEven(double halfLife)
        {
            var scores = Worlds.Scores(Train("als", data, new() { ["factors"] = 4, ["listen.halfLife"] = halfLife }), new(40, [], []));
            return Enumerable.Range(0, 30).Average(item => (item % 2 == 0 ? 2 : -2) * scores[item]);
        }

        Assert.True(LeadOfEven(10) > LeadOfEven(0) + 0.2, $"{LeadOfEven(10)} is not above {LeadOfEven(0)}");
    }

    [Fact]
    public void Separate_factors_share_the_dimensions_and_count_by_their_greatest_weight()
    {
        var parts = SeparateAlsModel.PartsOf(new() { Factors = 9, Terms = new Dictionary<InteractionAction, ActionTerm> { [InteractionAction.Click] = new(0, 1), [InteractionAction.Skip] = new(2, -1) } });

        Assert.Equal([3, 3, 3], parts.Select(part => part.Options.Factors));
        Assert.Equal([2, 3, 3], parts.Select(part => part.Greatest));
        Assert.Equal((0.5, 1.0, 0.0), (
            parts[0].Options.Terms[InteractionAction.Listen].Weight, parts[0].Options.Terms[InteractionAction.Skip].Weight, parts[0].Options.Terms[InteractionAction.VoteUp].Weight));
    }

    private static IRecommenderModel Train(string kind, TrainingSet data, Dictionary<string, double> settings)
    {
        settings.TryAdd("factors", 4);
        settings.TryAdd("lambda", 0.002);
        return ModelKinds.Get(kind).Trainer(settings).Train(data, new(3, 2, Cancellation: TestContext.Current.CancellationToken));
    }
}
