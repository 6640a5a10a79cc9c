using Segue.Evaluation.Sound;

namespace Segue.Evaluation.Tests.Sound;

public sealed class LabBlendComparisonTests
{
    [Fact]
    public void A_blend_ranks_what_one_has_heard_better_than_that_one_alone_tells()
    {
        var options = new LabSoundOptions { World = new() { Listeners = 200, Tracks = 80, Days = 30, Threads = 2 }, ColdShare = 0.4, EncoderSteps = 2 };
        var told = new List<double>();

        var results = LabBlendComparison.Run(options, [1], new Told(told), TestContext.Current.CancellationToken);

        Assert.Equal(results.Select(result => result.Listeners).Order(), results.Select(result => result.Listeners));
        var (one, many) = (results[0], results[^1]);
        Assert.Equal((1, 1.0), (one.Listeners, told[^1]));
        Assert.True(many.Listeners >= 2 && many.Tracks <= one.Tracks, $"{many}");
        Assert.True(one.Blended.Auc > one.Own.Auc && one.Place.Auc > 0.55, $"{one}");
        Assert.All(results, result => Assert.True(result.Blended.Auc > Math.Min(result.Own.Auc, result.Place.Auc) - 0.02, $"{result}"));
    }

    private sealed class Told(List<double> values) : IProgress<double>
    {
        public void Report(double value) => values.Add(value);
    }
}
