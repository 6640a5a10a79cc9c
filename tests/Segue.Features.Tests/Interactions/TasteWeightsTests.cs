using Segue.Core;
using Segue.Features.Interactions;
using Segue.Numerics;

namespace Segue.Features.Tests.Interactions;

public sealed class TasteWeightsTests
{
    private static readonly Dictionary<InteractionAction, ActionTerm> Terms = new()
    {
        [InteractionAction.Listen] = new(1, 1, 30),
        [InteractionAction.Skip] = new(0.5, -0.2),
        [InteractionAction.VoteUp] = new(4, 1),
    };

    [Fact]
    public void The_actions_of_a_pair_become_their_summed_weight_and_their_mean_target()
        => Assert.Equal([(7, 5f, 0.88f)], Weigh(countWeight: 0, new(7, InteractionAction.Listen, 3, 30), new(7, InteractionAction.Skip, 1, 0), new(7, InteractionAction.VoteUp, 1, 0)),
            Near);   // 1/2 + 1/2 + 4; (0.5 − 0.1 + 4) / 5 = 0.88

    [Fact]
    public void A_listen_weighs_half_after_its_half_life_and_a_vote_without_one_never_fades()
        => Assert.Equal(
            [(1, 1f, 1f), (2, 0.5f, 1f), (3, 0.25f, 1f), (4, 4f, 1f)],
            Weigh(
                countWeight: 0, new(1, InteractionAction.Listen, 1, 0), new(2, InteractionAction.Listen, 1, 30), new(3, InteractionAction.Listen, 1, 60),
                new(4, InteractionAction.VoteUp, 1, 900)),
            Near);

    [Fact]
    public void Counts_add_the_logarithm_of_what_they_are_to_the_users_mean()
    {
        var weighed = Weigh(countWeight: 2, new(1, InteractionAction.Listen, 1, 0), new(2, InteractionAction.Listen, 9, 0));   // the mean is 5

        Assert.Equal([(1, (float)(1 + 2 * Math.Log(1.2)), 1f), (2, (float)(1 + 2 * Math.Log(2.8)), 1f)], weighed, Near);
    }

    [Fact]
    public void Skips_add_up_by_the_logarithm_of_one_and_their_sum()
        => Assert.Equal([(1, 1f, -0.2f)], Weigh(countWeight: 0, new PairAction(1, InteractionAction.Skip, 3, 0)), Near);

    [Fact]
    public void A_pair_of_which_only_weightless_actions_are_known_is_left_out()
        => Assert.Equal([(2, 1f, 1f)], Weigh(countWeight: 0, new(1, InteractionAction.Click, 5, 0), new(2, InteractionAction.Click, 1, 0), new(2, InteractionAction.Listen, 1, 0)), Near);

    [Theory]
    [InlineData(-1, 1, 0)]
    [InlineData(double.NaN, 1, 0)]
    [InlineData(double.PositiveInfinity, 1, 0)]
    [InlineData(1, 1.5, 0)]
    [InlineData(1, double.NaN, 0)]
    [InlineData(1, 1, -5)]
    public void A_number_out_of_range_is_named_with_its_action(double weight, double target, double halfLife)
    {
        var fault = Assert.Throws<ArgumentException>(
            () => new TasteWeights(new Dictionary<InteractionAction, ActionTerm> { [InteractionAction.VoteDown] = new(weight, target, halfLife) }, 0));

        Assert.Contains("VoteDown", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_actions_do_not_depend_on_the_order_in_which_things_happened()
    {
        var random = new SeededRandom(4);
        var happened = Enumerable.Range(0, 500)
            .Select(_ => (random.NextInt(5), new PairAction(random.NextInt(9), (InteractionAction)random.NextInt(6), (float)random.NextDouble() + 0.1f, random.NextInt(40))))
            .ToArray();
        var first = ActionRows.Gather(5, happened);
        random.Shuffle<(int, PairAction)>(happened);

        var again = ActionRows.Gather(5, happened);

        for (var user = 0; user < 5; user++)
        {
            Assert.Equal(first.Row(user).ToArray(), again.Row(user).ToArray());
            Assert.Equal(
                happened.Where(h => h.Item1 == user).GroupBy(h => (h.Item2.Item, h.Item2.Action)).OrderBy(g => g.Key)
                    .Select(g => (g.Key, Math.Round(g.Sum(h => (double)h.Item2.Amount), 3), g.Min(h => h.Item2.Age))),
                again.Row(user).ToArray().Select(a => ((a.Item, a.Action), Math.Round(a.Amount, 3), a.Age)));
        }
    }

    [Theory]
    [InlineData(3, 1, 0)]
    [InlineData(0, 0, 0)]
    [InlineData(0, float.NaN, 0)]
    [InlineData(0, 1, -1)]
    [InlineData(0, 1, float.PositiveInfinity)]
    public void What_cannot_have_happened_is_refused(int user, float amount, float age)
        => Assert.Contains("item 2 by user", Assert.Throws<ArgumentException>(
            () => ActionRows.Gather(3, [(user, new(2, InteractionAction.Listen, amount, age))])).Message, StringComparison.Ordinal);

    private static (int, float, float)[] Weigh(double countWeight, params PairAction[] row)
    {
        var (items, weights, targets) = (new int[row.Length], new float[row.Length], new float[row.Length]);
        var count = new TasteWeights(Terms, countWeight).Weigh(row, items, weights, targets);
        return [.. Enumerable.Range(0, count).Select(n => (items[n], weights[n], targets[n]))];
    }

    private static bool Near((int Item, float Weight, float Target) a, (int Item, float Weight, float Target) b)
        => a.Item == b.Item && Math.Abs(a.Weight - b.Weight) < 1e-5 * b.Weight && Math.Abs(a.Target - b.Target) < 1e-5;
}
