using Segue.Features.Interactions;
using Segue.Models.Sittings;
using Segue.Numerics;

namespace Segue.Models.Tests.Sittings;

public sealed class TransitionsTests
{
    private static readonly TransitionsOptions Plain = new() { Smoothing = 0 };

    private static ScoredItem[] After(TrainingSet data, TransitionsOptions options, params int[] sitting)
        => Train(data, options).Propose(UserHistory.OfItems(sitting), data.Items);

    private static TransitionsModel Train(TrainingSet data, TransitionsOptions options)
        => (TransitionsModel)new TransitionsTrainer(options).Train(data, new(1, 2, Cancellation: TestContext.Current.CancellationToken));

    [Fact]
    public void What_follows_counts_by_its_distance_as_a_share_of_all_that_follows()
        => Assert.Equal([new(1, 2 / 3f), new(2, 1 / 3f)], After(Sequences.Of(3, [0, 1, 2]), Plain, 0));

    [Fact]
    public void Beyond_the_span_nothing_follows()
        => Assert.Equal([new(1, 1)], After(Sequences.Of(3, [0, 1, 2]), Plain with { Span = 1 }, 0));

    [Fact]
    public void A_sitting_that_ended_leads_nowhere()
        => Assert.Empty(After(Sequences.Of(4, [0, 1, 2, 3]), Plain with { Window = 2 }, 1));

    [Fact]
    public void What_came_before_counts_as_much_as_backward_says()
    {
        Assert.Empty(After(Sequences.Of(2, [0, 1]), Plain, 1));
        Assert.Equal([new(2, 0.8f), new(0, 0.2f)], After(Sequences.Of(3, [0, 1, 2]), Plain with { Backward = 0.25 }, 1));
    }

    [Fact]
    public void An_item_does_not_follow_itself()
        => Assert.Equal([new(1, 1)], After(Sequences.Of(2, [0, 0, 1]), Plain, 0));

    [Fact]
    public void Few_transitions_are_believed_less()
        => Assert.Equal([new(1, 0.25f)], After(Sequences.Of(2, [0, 1]), Plain with { Smoothing = 3 }, 0));

    [Fact]
    public void Popular_items_are_damped()
        => Assert.Equal([new(2, 0.5f), new(1, 0.5f / 4)], After(Sequences.Of(3, [0, 1], [0, 2], [1], [1], [1]), Plain with { ItemPower = 1 }, 0));

    [Fact]
    public void Only_the_best_transitions_are_kept()
        => Assert.Equal([new(1, 2 / 3f)], After(Sequences.Of(3, [0, 1], [0, 1], [0, 2]), Plain with { Rules = 1 }, 0));

    [Fact]
    public void Only_the_last_items_lead_on()
    {
        var data = Sequences.Of(4, [0, 1], [2, 3]);

        Assert.Equal([new(3, 1)], After(data, Plain, 0, 2));
        Assert.Equal([new(3, 1), new(1, 0.5f)], After(data, Plain with { Recent = 2 }, 0, 2));
    }

    [Fact]
    public void Without_time_whole_rows_follow_each_other()
    {
        var data = new TrainingSet(CsrMatrix.FromTriplets(2, 4, [(0, 0, 1), (0, 3, 1), (1, 0, 1), (1, 1, 1), (1, 3, 1)]));

        Assert.Equal([new(0, 2 / 3f), new(1, 1 / 3f)], After(data, Plain with { Span = 1 }, 3));
    }

    [Fact]
    public void An_explanation_names_the_items_that_lead_to_it()
    {
        var model = Train(Sequences.Of(4, [0, 1], [2, 1]), Plain with { Recent = 3 });

        var contributions = model.Explain(UserHistory.OfItems([0, 2, 3]), 1).Contributions;

        Assert.Equal([(2, 2 / 3f), (0, 1 / 3f)], contributions.Select(contribution => (contribution.Item, contribution.Share)));
    }
}
