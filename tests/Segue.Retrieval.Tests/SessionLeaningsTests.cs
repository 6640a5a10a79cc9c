namespace Segue.Retrieval.Tests;

public sealed class SessionLeaningsTests
{
    [Fact]
    public void Strengths_are_summed_by_group_in_the_order_of_first_signals_and_what_has_no_group_is_left_out()
    {
        SessionSignal[] signals = [new(20, 1, IsSeed: true), new(7, 2, IsSeed: false), new(21, -0.5f, IsSeed: false), new(9, 1, IsSeed: false), new(8, -1, IsSeed: false)];

        var sums = SessionLeanings.By(signals, track => track == 9 ? -1 : track / 10);

        Assert.Equal([(2, 0.5f), (0, 1f)], sums);
    }
}
