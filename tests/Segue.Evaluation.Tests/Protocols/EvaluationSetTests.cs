using Segue.Evaluation.Protocols;
using Segue.Features.Interactions;
using Segue.Numerics;

namespace Segue.Evaluation.Tests.Protocols;

public sealed class EvaluationSetTests
{
    private const int Users = 60, Items = 150;

    /// <summary>User n has n items, so every length of row occurs.</summary>
    private static TrainingSet Staircase()
        => new(CsrMatrix.FromTriplets(Users, Items,
            [.. from user in Enumerable.Range(0, Users) from n in Enumerable.Range(0, user) select (user, (user * 7 + n) % Items, 1f + n)]));

    private static EvaluationSet Of(Protocol protocol, params EvaluationCase[] cases) => new(protocol, Staircase(), cases);

    private static string Text(EvaluationSet set)
        => string.Join(';', set.Cases.Select(c => $"{c.History.Row}:{string.Join(',', c.History.Items)}>{string.Join(',', c.Answers.Order())}!{string.Join(',', c.Negatives ?? [])}"));

    [Fact]
    public void Next_item_holds_out_the_last_of_each_sequence()
    {
        var set = EvaluationSet.NextItem([[0, 1, 2], [3], [1, 3, 1], []], items: 4);

        Assert.Equal(2, set.Cases.Count);
        Assert.Equal([0, 1], set.Cases[0].History.Items);
        Assert.Equal([2], set.Cases[0].Answers);
        Assert.Equal([1, 3], set.Cases[1].History.Items);
        Assert.Equal([1], set.Cases[1].Answers);
        Assert.Equal([3], set.Train.Sequence(1));   // a single item stays in training
        Assert.Equal(0, set.Train.ItemUsers[2]);
        Assert.Equal(2, set.Answers);
    }

    [Fact]
    public void A_strength_from_sequences_is_how_often_an_item_occurs()
        => Assert.Equal([2, 1], EvaluationSet.FromSequences([[1, 3, 1]], items: 4).Strengths.Row(0).Values);

    [Theory]
    [InlineData(Protocol.Full)]
    [InlineData(Protocol.Sampled)]
    public void A_validation_part_is_disjoint_from_its_training_part_and_together_they_are_the_training_set(Protocol protocol)
    {
        var train = Staircase();
        var cut = Of(protocol).CutValidation(5);
        var answers = cut.Cases.GroupBy(c => c.History.Row!.Value).ToDictionary(c => c.Key, c => c.SelectMany(one => one.Answers).ToHashSet());

        Assert.Equal(Enumerable.Range(2, Users - 2), answers.Keys.Order());   // no items, or one, cannot be cut
        for (var user = 0; user < Users; user++)
        {
            var kept = cut.Train.Strengths.Row(user).Columns.ToArray();
            var held = answers.TryGetValue(user, out var found) ? found : new HashSet<int>();

            Assert.Empty(kept.Intersect(held));
            Assert.Equal(train.Strengths.Row(user).Columns.ToArray(), kept.Concat(held).Order());
            Assert.Equal(user < 2 ? 0 : (int)Math.Ceiling(user / (protocol == Protocol.Sampled ? 10.0 : 5.0)), held.Count);
        }
        Assert.All(cut.Cases, c => Assert.Empty(c.Answers.Intersect(c.History.Items)));
    }

    [Fact]
    public void Sampled_validation_draws_99_distinct_negatives_that_the_user_does_not_know()
    {
        var train = Staircase();
        var cut = Of(Protocol.Sampled).CutValidation(5);

        Assert.All(cut.Cases, c =>
        {
            var known = train.Strengths.Row(c.History.Row!.Value).Columns.ToArray();
            Assert.Equal(Math.Min(99, Items - known.Length), c.Negatives!.Distinct().Count());
            Assert.Equal(c.Negatives!.Length, c.Negatives.Distinct().Count());
            Assert.Empty(c.Negatives.Intersect(known));
        });
        Assert.All(Of(Protocol.Full).CutValidation(5).Cases, c => Assert.Null(c.Negatives));
    }

    [Fact]
    public void Next_item_validation_holds_out_the_last_of_what_is_left_for_training()
    {
        var cut = EvaluationSet.NextItem([[0, 1, 2, 3], [4, 5], [6, 7, 8]], items: 9).CutValidation(5);

        Assert.Equal([2, 7], cut.Cases.Select(c => c.Answers.Single()));
        Assert.Equal([0, 1], cut.Cases[0].History.Items);
        Assert.True(cut.Train.IsOrdered);
        Assert.Equal([0, 0, 0], new[] { 3, 5, 8 }.Select(item => cut.Train.ItemUsers[item]));   // the test answers are nowhere
    }

    [Theory]
    [InlineData(Protocol.Full)]
    [InlineData(Protocol.Sampled)]
    [InlineData(Protocol.NextItem)]
    public void The_test_answers_are_not_looked_at(Protocol protocol)
    {
        var other = Of(protocol, new EvaluationCase(UserHistory.Empty, new HashSet<int> { 3 }, [4, 5]));

        Assert.Equal(Text(Of(protocol).CutValidation(8)), Text(other.CutValidation(8)));
        Assert.Equal(protocol, other.CutValidation(8).Protocol);
    }

    [Theory]
    [InlineData(Protocol.Full)]
    [InlineData(Protocol.Sampled)]
    public void A_seed_decides_the_cut(Protocol protocol)
    {
        Assert.Equal(Text(Of(protocol).CutValidation(8)), Text(Of(protocol).CutValidation(8)));
        Assert.NotEqual(Text(Of(protocol).CutValidation(8)), Text(Of(protocol).CutValidation(9)));
    }

    [Fact]
    public void A_refusal_is_never_an_answer()
    {
        var train = new TrainingSet(CsrMatrix.FromTriplets(40, 4, [.. Enumerable.Range(0, 40).SelectMany(user => new[] { (user, 0, 1f), (user, 1, -1f), (user, 2, 1f) })]));

        var cut = new EvaluationSet(Protocol.Full, train, []).CutValidation(3);

        Assert.NotEmpty(cut.Cases);
        Assert.All(cut.Cases, c => Assert.Contains(c.Answers.Single(), new[] { 0, 2 }));
        Assert.All(Enumerable.Range(0, 40), user => Assert.True(cut.Train.Strengths.Row(user).Contains(1)));
    }
}
