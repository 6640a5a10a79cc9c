using Segue.Evaluation.Lab;
using Segue.Evaluation.Taste;

namespace Segue.Evaluation.Tests.Taste;

public sealed class TasteComparisonTests
{
    private static readonly LabOptions Sizes = new() { Listeners = 120, Tracks = 300, Days = 15 };

    [Fact]
    public void Models_beat_chance_by_far_and_the_same_seeds_give_the_same_figures()
    {
        var situation = TasteComparison.Standard(Sizes)[0];
        situation = situation with { Variants = [.. situation.Variants.Take(4)] };

        var (once, again) = (TasteComparison.Run(situation, [3, 4], cancellation: TestContext.Current.CancellationToken), TasteComparison.Run(situation with { World = situation.World with { Threads = 1 } }, [3, 4], cancellation: TestContext.Current.CancellationToken));

        Assert.Equal(once.SelectMany(result => result.Ndcg), again.SelectMany(result => result.Ndcg));
        Assert.True(once[0].Mean > 1.3 * once[1].Mean, $"listens {once[0].Mean}, chance {once[1].Mean}");
    }

    [Fact]
    public void A_gain_is_a_share_of_the_controls_mean()
    {
        var gain = new TasteResult("a", [0.22, 0.33]).GainOver(new("b", [0.2, 0.3]));

        Assert.Equal(0.1, gain.Mean, 12);
        Assert.True(gain.Low < 0.1 && gain.High > 0.1);
    }

    [Fact]
    public void Folding_in_is_better_than_the_model_as_it_was()
    {
        var results = FoldInComparison.Run(Sizes with { Listeners = 300 }, [3], events: 10, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(2, results.Count);
        var newcomers = results[0].Results;
        Assert.Equal(["trained anew", "as it was", "folded in"], newcomers.Select(result => result.Name));
        Assert.True(newcomers[2].Mean > newcomers[1].Mean, $"folded in {newcomers[2].Mean}, as it was {newcomers[1].Mean}");
    }
}
