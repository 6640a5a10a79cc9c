using Segue.Evaluation.Cold;
using Segue.Evaluation.Lab;

namespace Segue.Evaluation.Tests.Cold;

public sealed class ColdListenerComparisonTests
{
    private static readonly LabOptions Sizes = new() { Listeners = 50, Tracks = 120, Days = 8 };

    [Fact]
    public void Every_arm_hears_the_same_sittings_and_threads_change_nothing()
    {
        var (cold, changed) = ColdListenerComparison.Run(Sizes with { Threads = 1 }, [3], new(), withIdeal: false, cancellation: TestContext.Current.CancellationToken);
        var (again, changedAgain) = ColdListenerComparison.Run(Sizes with { Threads = 2 }, [3], new(), withIdeal: false, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(ColdListenerComparison.Known, cold[0].Arm);
        Assert.Equal(ColdListenerComparison.NewTaste, changed[0].Arm);
        foreach (var (one, two) in cold.Concat(changed).Zip(again.Concat(changedAgain)))
        {
            Assert.Equal(one.Arm, two.Arm);
            Assert.Equal(ColdListenerComparison.Tracks, one.Kept.Single().Length);
            Assert.All(one.Kept.Single(), share => Assert.InRange(share, 0, 1));
            if (one.Arm != ColdListenerComparison.Exploring)   // its chance is seeded by the ids of sittings, which are new each time
            {
                Assert.Equal(one.Kept.Single(), two.Kept.Single());
            }
        }
    }

    [Fact]
    public void A_learner_that_knows_the_laws_of_the_lab_keeps_more_than_a_radio_that_does_not_adapt_and_most_where_it_knows_the_taste()
    {
        var (cold, _) = ColdListenerComparison.Run(new() { Listeners = 60, Tracks = 150, Days = 5 }, [4], new(), withIdeal: true, cancellation: TestContext.Current.CancellationToken);

        double Share(string arm) => cold.Single(curve => curve.Arm == arm).Kept.Single().Average();
        Assert.True(Share(ColdListenerComparison.Ideal) > Share(ColdListenerComparison.Blind), $"{Share(ColdListenerComparison.Ideal)}");
        Assert.True(Share(ColdListenerComparison.IdealKnown) >= Share(ColdListenerComparison.Ideal), $"{Share(ColdListenerComparison.IdealKnown)}");
    }

    [Fact]
    public void A_sitting_of_a_given_length_is_the_drawn_one_but_for_its_end()
    {
        var world = LabWorld.Create(Sizes);
        var (drawn, given) = (world.Sit(4, 1, world.End), world.Sit(4, 1, world.End, length: 40));

        Assert.Equal(40, given.Length);
        Assert.Equal(drawn.MoodGenre, given.MoodGenre);
        for (var track = 0; drawn.Heard < drawn.Length && track < 40; track++)
        {
            Assert.Equal(drawn.React(track), given.React(track));
        }
    }
}
