using Segue.Evaluation.Cold;

namespace Segue.Evaluation.Tests.Cold;

public sealed class ListeningCurveTests
{
    private static ListeningCurve Curve(params double[][] worlds) => new("arm", worlds);

    [Fact]
    public void Shares_are_means_over_tracks_counted_from_one()
        => Assert.Equal([0.3, 0.5], Curve([0.2, 0.4, 0.9], [0.4, 0.6, 0.1]).Shares(1, 2).Select(share => Math.Round(share, 12)));

    [Fact]
    public void A_ratio_has_an_interval_over_the_worlds()
    {
        var ratio = Curve([0.4, 0.4], [0.6, 0.6]).RatioTo(Curve([0.8, 0.8], [0.8, 0.8]), 1, 2);

        Assert.Equal(0.625, ratio.Mean, 12);
        Assert.True(ratio.Low < 0.5 && ratio.High > 0.75);   // of two worlds Student's interval is wide
        Assert.Equal(0.5, Curve([0.4]).RatioTo(Curve([0.8]), 1, 1).Mean, 12);
    }

    [Fact]
    public void A_share_is_reached_where_five_tracks_in_a_row_reach_it()
    {
        var known = Curve([1, 1, 1, 1, 1, 1, 1, 1]);

        Assert.Equal(3, Curve([0, 0.5, 0.8, 0.8, 0.8, 0.8, 0.8, 0]).Reaches(known, 0.8 - 1e-9));
        Assert.Null(Curve([0.9, 0.5, 0.8, 0.8, 0.8, 0.8, 0.2, 0]).Reaches(known, 0.8 - 1e-9));
    }
}
