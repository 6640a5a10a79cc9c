using Segue.Ranking.Rules;

namespace Segue.Ranking.Tests.Rules;

public sealed class RestWindowTests
{
    private static readonly RestOptions Options = new() { Usual = 30, Least = 5, Most = 60 };

    [Fact]
    public void Where_no_order_is_known_the_usual_rest_holds()
        => Assert.Equal(30, RestWindow.Of([], Options));

    [Fact]
    public void Who_never_returns_to_a_track_has_the_longest_rest()
        => Assert.Equal(60, RestWindow.Of([.. Enumerable.Range(0, 50)], Options));

    [Fact]
    public void Who_plays_one_track_only_has_the_shortest()
        => Assert.Equal(5, RestWindow.Of([.. Enumerable.Repeat(7, 50)], Options));

    [Fact]
    public void Habits_worked_by_hand()
    {
        // Twenty tracks in turn, twice: half of the listens are repeats, 19 others lie between: 0.5 · 9.5 + 0.5 · 60 = 34.75.
        int[] inTurn = [.. Enumerable.Range(0, 40).Select(n => n % 20)];
        Assert.Equal(35, RestWindow.Of(inTurn, Options));
        // 1 1 2 1 2: gaps 0, 1 and 1, three of five are repeats: 0.6 · 0.5 + 0.4 · 60 = 24.3.
        Assert.Equal(24, RestWindow.Of([1, 1, 2, 1, 2], Options));
        // 1 2 1 1: gaps 1 and 0, the median lies between them: 0.5 · 0.25 + 0.5 · 60 = 30.125.
        Assert.Equal(30, RestWindow.Of([1, 2, 1, 1], Options));
    }
}
