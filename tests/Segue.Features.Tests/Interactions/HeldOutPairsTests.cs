using Segue.Core;
using Segue.Features.Interactions;
using Segue.Numerics;

namespace Segue.Features.Tests.Interactions;

public sealed class HeldOutPairsTests
{
    [Fact]
    public void What_is_held_out_and_what_is_kept_make_the_whole()
    {
        var data = Data();

        var split = HeldOutPairs.Of(data, 0.3, seed: 4);

        for (var user = 0; user < data.Users; user++)
        {
            var held = split.Answers.GetValueOrDefault(user) ?? new HashSet<int>();
            var kept = split.Train.Strengths.Row(user).Columns.ToArray();
            Assert.Empty(kept.Intersect(held));
            Assert.Equal(data.Strengths.Row(user).Columns.ToArray(), kept.Concat(held).Order());
            Assert.DoesNotContain(split.Train.Actions.Row(user).ToArray(), action => held.Contains(action.Item));
            Assert.DoesNotContain(split.Train.Sequence(user).ToArray(), held.Contains);
        }
    }

    [Fact]
    public void A_share_of_the_likings_is_held_out_rounded_up_and_no_refusal()
    {
        var split = HeldOutPairs.Of(Data(), 0.3, seed: 4);

        Assert.Equal([3, 2], split.Answers.Values.Select(held => held.Count));   // of 10 and of 5 likings; of a single one none
        Assert.DoesNotContain(19, split.Answers[1]);
    }

    [Fact]
    public void The_seed_decides_and_nothing_else()
    {
        Assert.Equal(Answers(4), Answers(4));
        Assert.NotEqual(Answers(4), Answers(5));

        static string Answers(ulong seed) => string.Join(' ', HeldOutPairs.Of(Data(), 0.3, seed).Answers.SelectMany(a => a.Value.Order()));
    }

    // The first user likes ten items, the second five and refuses one, the third likes one, the fourth nothing.
    private static TrainingSet Data() => new(
        CsrMatrix.FromTriplets(4, 20,
        [
            .. Enumerable.Range(0, 10).Select(item => (0, item, 1f)), .. Enumerable.Range(10, 5).Select(item => (1, item, 2f)), (1, 19, -1f), (2, 7, 1f),
        ]),
        [[.. Enumerable.Range(0, 10)], [.. Enumerable.Range(10, 5)], [7], []],
        ActionRows.Gather(4, [.. Enumerable.Range(0, 10).Select(item => (0, new PairAction(item, InteractionAction.Listen, 1, 0))), (1, new(19, InteractionAction.Skip, 1, 0))]));
}
