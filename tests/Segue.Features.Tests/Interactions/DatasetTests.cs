using Segue.Core;
using Segue.Features.Interactions;

namespace Segue.Features.Tests.Interactions;

public sealed class DatasetTests
{
    private static readonly DateTimeOffset Start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Track[] Catalogue = [.. Enumerable.Range(0, 4).Select(n => new Track(new($"t{n}"), $"T{n}", new(new("a"), "A"), null, [], null))];

    private static Interaction Timed(string user, string item, double minute, InteractionAction action = InteractionAction.Listen, double value = 1)
        => new(user, item, value, Start.AddMinutes(minute), action);

    private static Interaction Untimed(string user, string item, InteractionAction action = InteractionAction.Listen, double value = 1)
        => new(user, item, value, null, action);

    private static float StrengthOf(ActionWeights? weights, params Interaction[] interactions)
        => Assert.Single(Dataset.Build(Catalogue, [], interactions, weights).Training.Strengths.Row(0).Values.ToArray());

    [Theory]
    [InlineData(InteractionAction.Listen, 1)]
    [InlineData(InteractionAction.Skip, -0.5)]
    [InlineData(InteractionAction.VoteUp, 3)]
    [InlineData(InteractionAction.PlaylistAdd, 3)]
    [InlineData(InteractionAction.Click, 0.2)]
    public void Each_action_has_its_weight(InteractionAction action, float weight)
    {
        Assert.Equal(weight, StrengthOf(null, Untimed("u", "t0", action)));
        Assert.Equal(2 * weight, StrengthOf(null, Untimed("u", "t0", action, value: 2)));
    }

    [Fact]
    public void Weights_can_be_given() => Assert.Equal(7, StrengthOf(new() { Click = 7 }, Untimed("u", "t0", InteractionAction.Click)));

    [Fact]
    public void Strengths_of_one_pair_add_up()
        => Assert.Equal(3.5f, StrengthOf(null,
            Untimed("u", "t0"), Untimed("u", "t0", InteractionAction.Skip), Untimed("u", "t0", InteractionAction.VoteUp)));

    [Fact]
    public void A_refusal_is_capped_and_a_liking_is_not()
    {
        Assert.Equal(-Dataset.MaxRefusal, StrengthOf(null, Untimed("u", "t0", InteractionAction.VoteDown)));
        Assert.Equal(-Dataset.MaxRefusal, StrengthOf(null, Untimed("u", "t0", InteractionAction.Skip, value: 100)));
        Assert.Equal(1000, StrengthOf(null, Untimed("u", "t0", value: 1000)));
    }

    [Fact]
    public void Users_are_the_listeners_and_then_the_others_in_order_of_appearance()
    {
        ListenerProfile[] listeners = [new(new("l1"), null, AgeBand.Unknown, Gender.Unknown), new(new("l0"), null, AgeBand.Unknown, Gender.Unknown)];

        var data = Dataset.Build(Catalogue, listeners, [Untimed("z", "t0"), Untimed("l0", "t1"), Untimed("b", "t2")]);

        Assert.Equal(["l1", "l0", "z", "b"], data.Users.Ids);
        Assert.Equal(listeners, data.Listeners);
        Assert.Equal((4, 4), (data.Training.Users, data.Training.Items));
        Assert.Equal([1], data.Training.Strengths.Row(1).Columns);
        Assert.Equal(0, data.Training.Strengths.Row(0).Count);
    }

    [Fact]
    public void Listens_are_kept_in_time_order_and_ties_in_the_order_of_the_source()
    {
        var data = Dataset.Build(Catalogue, [],
        [
            Timed("u", "t2", 30), Timed("v", "t3", 5), Timed("u", "t0", 10), Timed("u", "t1", 20), Timed("u", "t3", 10), Timed("u", "t0", 40),
        ]);

        Assert.True(data.Training.IsOrdered);
        Assert.Equal([0, 3, 1, 2, 0], data.Training.Sequence(0));
        Assert.Equal([3], data.Training.Sequence(1));
    }

    [Fact]
    public void Only_listens_stand_in_the_sequence()
    {
        var data = Dataset.Build(Catalogue, [],
            [Timed("u", "t0", 1, InteractionAction.VoteUp), Timed("u", "t1", 2), Timed("u", "t2", 3, InteractionAction.Skip)]);

        Assert.Equal([1], data.Training.Sequence(0));
    }

    [Fact]
    public void One_interaction_without_a_time_takes_the_order_from_all()
    {
        Assert.False(Dataset.Build(Catalogue, [], [Timed("u", "t0", 1), Untimed("u", "t1"), Timed("u", "t2", 3)]).Training.IsOrdered);
        Assert.False(Dataset.Build(Catalogue, [], []).Training.IsOrdered);
    }

    [Fact]
    public void A_history_ends_with_what_was_heard_last()
    {
        var data = Dataset.Build(Catalogue, [],
        [
            Timed("u", "t1", 10), Timed("u", "t3", 20), Timed("u", "t1", 30), Timed("u", "t0", 25),
            Timed("u", "t2", 40, InteractionAction.VoteDown), Timed("u", "t3", 50, InteractionAction.VoteUp),
        ]);

        var history = data.History(0);

        Assert.Equal([2, 3, 0, 1], history.Items);   // never heard, then by the last time of listening
        Assert.Equal([-3, 4, 1, 2], history.Strengths);
        Assert.Equal(0, history.Row);
    }

    [Fact]
    public void Without_time_a_history_goes_by_row()
    {
        var history = Dataset.Build(Catalogue, [], [Untimed("u", "t3"), Untimed("u", "t1")]).History(0);

        Assert.Equal([1, 3], history.Items);
        Assert.Equal([1, 1], history.Strengths);
    }

    [Fact]
    public void An_item_outside_the_catalogue_is_named()
    {
        var fault = Assert.Throws<InvalidDataException>(() => Dataset.Build(Catalogue, [], [Untimed("u", "t0"), Untimed("u", "nowhere")]));

        Assert.Contains("'nowhere'", fault.Message, StringComparison.Ordinal);
    }
}
