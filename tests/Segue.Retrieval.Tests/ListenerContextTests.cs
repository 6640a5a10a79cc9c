using Segue.Features.Interactions;
using Segue.Tests.Shared;

namespace Segue.Retrieval.Tests;

public sealed class ListenerContextTests
{
    private static ListenerContext Context(UserHistory history, float skipWeight = 1, params SessionSignal[] signals)
        => new(TinyWorld.Data.Catalogue, TinyWorld.Models, TinyWorld.Nearest, history, signals, ExcludedTracks.None, new(skipWeight));

    [Fact]
    public void A_known_listener_has_the_factors_of_the_training()
        => Assert.Equal(TinyWorld.Models.Taste.UserFactors(4), Context(TinyWorld.Data.History(4)).Taste);

    [Fact]
    public void A_stranger_has_none_and_a_foreign_history_is_folded_in()
    {
        Assert.All(Context(UserHistory.Empty).Taste, value => Assert.Equal(0, value));
        Assert.Equal(TinyWorld.Models.Taste.FoldIn(UserHistory.OfItems([1, 2])), Context(UserHistory.OfItems([1, 2])).Taste);
    }

    [Fact]
    public void A_listener_who_came_after_the_training_is_folded_in()
    {
        var history = UserHistory.OfItems([1, 2]) with { Row = TinyWorld.Models.Users };

        Assert.Equal(TinyWorld.Models.Taste.FoldIn(UserHistory.OfItems([1, 2])), Context(history).Taste);
    }

    [Fact]
    public void A_sitting_is_what_was_kept_minus_what_was_skipped()
    {
        var taste = TinyWorld.Models.Taste;
        var (kept, skipped) = (taste.FoldIn(UserHistory.OfItems([1])), taste.FoldIn([30], [0.5f]));

        var sitting = Context(UserHistory.Empty, 0.7f, new(1, 1, true), new(30, -0.5f, false)).SessionTaste!;

        Assert.All(Enumerable.Range(0, sitting.Length), f => Assert.Equal(kept[f] - 0.7f * skipped[f], sitting[f], 1e-6));
        Assert.Null(Context(UserHistory.Empty).SessionTaste);
    }
}
