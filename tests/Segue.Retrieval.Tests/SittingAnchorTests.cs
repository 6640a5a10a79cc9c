namespace Segue.Retrieval.Tests;

public sealed class SittingAnchorTests
{
    [Fact]
    public void Searches_are_due_after_each_of_the_first_eight_events_and_then_after_more_and_more_but_eight_at_most()
    {
        var (anchor, due) = (SittingAnchor.Of([]), new List<int>());
        for (var events = 1; events <= 40; events++)
        {
            if (anchor.IsPast(events))
            {
                due.Add(events);
                anchor = anchor.Then(events, [], []);
            }
        }

        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 18, 22, 27, 33], due);
    }
}
