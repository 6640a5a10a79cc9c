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
