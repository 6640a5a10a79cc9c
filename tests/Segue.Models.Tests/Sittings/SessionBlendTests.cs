using Segue.Features.Interactions;
using Segue.Models.Sittings;
using Segue.Numerics;

namespace Segue.Models.Tests.Sittings;

public sealed class SessionBlendTests
{
    private static readonly TrainingSet Data = Worlds.Chance(4, 80, 40, ordered: true);

    private static SittingModel Train(IModelTrainer trainer, TrainingSet? data = null)
        => (SittingModel)trainer.Train(data ?? Data, new(1, 2, Cancellation: TestContext.Current.CancellationToken));

    private static ScoredItem[] Ask(SittingModel model, params int[] sitting) => model.Propose(UserHistory.OfItems(sitting), Data.Items);

    [Fact]
    public void Each_part_counts_by_its_weight_with_its_best_as_the_measure()
    {
        var options = new SessionBlendOptions { Transitions = 0.25 };
        ScoredItem[] neighbors = Ask(Train(new SessionNeighborsTrainer(new())), 3, 5), transitions = Ask(Train(new TransitionsTrainer(new())), 3, 5);
        float Of(ScoredItem[] part, int item) => part.FirstOrDefault(scored => scored.Item == item).Score / part[0].Score;

        var blend = Ask(Train(new SessionBlendTrainer(options)), 3, 5);

        Assert.NotEmpty(transitions);
        Assert.Equal(neighbors.Concat(transitions).Select(scored => scored.Item).Distinct().Count(), blend.Length);
        Assert.All(blend, scored => Assert.Equal(0.75f * Of(neighbors, scored.Item) + 0.25f * Of(transitions, scored.Item), scored.Score, 1e-5f));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void At_either_end_one_part_decides_alone(double weight)
    {
        var part = Train(weight == 0 ? new SessionNeighborsTrainer(new()) : new TransitionsTrainer(new()));

        var blend = Train(new SessionBlendTrainer(new() { Transitions = weight }));

        Assert.Equal(Ask(part, 7, 9).Select(scored => scored.Item), Ask(blend, 7, 9).Select(scored => scored.Item));
    }

    [Fact]
    public void Where_one_part_says_nothing_the_other_answers()
    {
        // Nothing ever followed item 1.
        var blend = Train(new SessionBlendTrainer(new()), Sequences.Of(2, [0, 1]));

        Assert.Equal([0], Ask(blend, 1).Select(scored => scored.Item));
    }

    [Fact]
    public void An_explanation_adds_up_what_an_item_brought_to_both_parts()
    {
        var blend = Train(new SessionBlendTrainer(new() { Transitions = 0.5 }), Sequences.Of(3, [0, 1, 2]));

        var contributions = blend.Explain(UserHistory.OfItems([0, 1]), 2).Contributions;

        // Neighbors: item 0 brings 1/2 and item 1, the newer, 1 of 3/2; transitions: all from item 1.
        Assert.Equal([1, 0], contributions.Select(contribution => contribution.Item));
        Assert.Equal((1 / 3f) / 2, contributions[1].Share, 1e-4f);
    }
}
