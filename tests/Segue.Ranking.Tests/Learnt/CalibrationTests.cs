using Segue.Numerics;
using Segue.Ranking.Learnt;

namespace Segue.Ranking.Tests.Learnt;

public sealed class CalibrationTests
{
    private static (float[] Scores, float[] Taken) Drawn(double slope, double offset)
    {
        var (scores, taken) = (new float[40_000], new float[40_000]);
        for (var n = 0; n < scores.Length; n++)
        {
            var random = new SeededRandom(9, (ulong)n);
            scores[n] = 3 * (float)random.NextNormal();
            taken[n] = random.NextBool(1 / (1 + Math.Exp(-(slope * scores[n] + offset)))) ? 1 : 0;
        }
        return (scores, taken);
    }

    [Fact]
    public void The_line_that_made_the_outcomes_is_found()
    {
        var (scores, taken) = Drawn(0.5, -1);

        var found = PlattCalibration.Fit(scores, taken);

        Assert.Equal(0.5, found.Slope, 0.02);
        Assert.Equal(-1, found.Offset, 0.04);
        Assert.Equal(1 / (1 + Math.E), new PlattCalibration(0.5, -1).Probability(0), 1e-9);
    }

    [Fact]
    public void The_calibration_error_falls_to_that_of_chance()
    {
        var (scores, taken) = Drawn(0.3, -0.7);
        var calibration = PlattCalibration.Fit(scores, taken);

        Assert.True(RankerMeasures.CalibrationError([.. scores.Select(score => PlattCalibration.None.Probability(score))], taken) > 0.1);
        Assert.True(RankerMeasures.CalibrationError([.. scores.Select(score => calibration.Probability(score))], taken) < 0.01);
    }

    [Fact]
    public void Scores_that_tell_nothing_become_the_share_that_was_taken()
    {
        float[] taken = [1, 1, 1, 0];

        Assert.Equal(4.0 / 6, PlattCalibration.Fit([2, 2, 2, 2], taken).Probability(2), 0.001);
        Assert.True(PlattCalibration.Fit([-3, -2, -1, 5], taken).Slope > 0);   // the contrary: nearly level, never falling
    }

    [Fact]
    public void The_calibration_error_of_ten_known_parts_is_their_mean_distance()
    {
        // Half of each part is taken: |0.5 − p| over p = 0.05, 0.15 … 0.95 is 0.25 in the mean.
        double[] probabilities = [.. Enumerable.Range(0, 100).Select(n => n / 10 / 10.0 + 0.05)];

        Assert.Equal(0.25, RankerMeasures.CalibrationError(probabilities, [.. Enumerable.Range(0, 100).Select(n => n % 2f)]), 1e-9);
    }

    [Fact]
    public void The_area_under_the_curve_counts_pairs_and_ties_by_half()
    {
        Assert.Equal(1, RankerMeasures.AucOf([1, 2, 3, 4], [0, 0, 1, 1]));
        Assert.Equal(0.75, RankerMeasures.AucOf([1, 3, 2, 4], [0, 0, 1, 1]));
        Assert.Equal(0.5, RankerMeasures.AucOf([7, 7, 7, 7], [0, 1, 0, 1]));
        Assert.Equal(0.875, RankerMeasures.AucOf([1, 2, 2, 4], [0, 0, 1, 1]));
        Assert.Equal(double.NaN, RankerMeasures.AucOf([1, 2], [1, 1]));
    }
}
