using Segue.Features.Interactions;
using Segue.Numerics;

namespace Segue.Features.Tests.Interactions;

public sealed class UserHistoryTests
{
    private static readonly CsrMatrix Strengths = CsrMatrix.FromTriplets(2, 4, [(0, 0, 1), (0, 2, -1), (0, 3, 2)]);

    [Fact]
    public void Nothing_is_known_of_a_new_listener()
    {
        Assert.Null(UserHistory.Empty.Row);
        Assert.Empty(UserHistory.Empty.Items);
        Assert.Empty(UserHistory.Empty.Strengths);
    }

    [Fact]
    public void Without_time_a_history_is_the_row_with_its_strengths()
    {
        var history = UserHistory.Of(new(Strengths), 0);

        Assert.Equal(0, history.Row);
        Assert.Equal([0, 2, 3], history.Items);
        Assert.Equal([1, -1, 2], history.Strengths);
        Assert.Empty(UserHistory.Of(new(Strengths), 1).Items);
    }

    [Fact]
    public void With_time_a_history_is_the_sequence_with_its_repeats()
    {
        var history = UserHistory.Of(new(Strengths, [[3, 0, 3], []]), 0);

        Assert.Equal([3, 0, 3], history.Items);
        Assert.Equal([1, 1, 1], history.Strengths);
    }

    [Fact]
    public void Foreign_items_count_one_each()
    {
        var history = UserHistory.OfItems([5, 1]);

        Assert.Null(history.Row);
        Assert.Equal([1, 1], history.Strengths);
    }

    [Fact]
    public void Items_and_strengths_pair_up()
        => Assert.Contains("2 items and 1 strengths", Assert.Throws<ArgumentException>(() => new UserHistory(0, [1, 2], [1])).Message, StringComparison.Ordinal);
}
