using Segue.Core;
using Segue.Features.Interactions;
using Segue.Numerics;

namespace Segue.Features.Tests.Interactions;

public sealed class TrainingSetTests
{
    private static readonly CsrMatrix Strengths = CsrMatrix.FromTriplets(3, 4, [(0, 0, 1), (0, 2, -1), (0, 3, 2), (1, 3, 1)]);

    [Fact]
    public void Without_time_a_sequence_is_the_liked_items_by_row()
    {
        var set = new TrainingSet(Strengths);

        Assert.False(set.IsOrdered);
        Assert.Equal((3, 4), (set.Users, set.Items));
        Assert.Equal([0, 3], set.Sequence(0));
        Assert.Equal([3], set.Sequence(1));
        Assert.Equal([], set.Sequence(2));
    }

    [Fact]
    public void With_time_a_sequence_is_as_given()
    {
        var set = new TrainingSet(Strengths, [[3, 0, 3], [], [1]]);

        Assert.True(set.IsOrdered);
        Assert.Equal([3, 0, 3], set.Sequence(0));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(3, true)]
    public void Ages_are_known_where_an_action_is_older_than_the_moment_of_training(float age, bool known)
    {
        var set = new TrainingSet(Strengths, actions: ActionRows.Gather(3, [(0, new PairAction(0, InteractionAction.Listen, 1, age)), (1, new PairAction(3, InteractionAction.Listen, 1, 0))]));

        Assert.Equal(known, set.HasAges);
        Assert.Equal(known, set.WithItems(9).HasAges);
        Assert.False(new TrainingSet(Strengths).HasAges);
    }

    [Fact]
    public void An_items_users_are_those_who_like_it() => Assert.Equal([1, 0, 0, 2], new TrainingSet(Strengths).ItemUsers);

    [Fact]
    public void Sequences_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new TrainingSet(Strengths, [[0], [1]]));
        Assert.Throws<ArgumentException>(() => new TrainingSet(Strengths, [[0], [1], [4]]));
        Assert.Throws<ArgumentException>(() => new TrainingSet(Strengths, [[0], [-1], []]));
    }
}
