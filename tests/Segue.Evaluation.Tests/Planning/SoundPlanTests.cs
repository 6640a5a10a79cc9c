using Segue.Audio;
using Segue.Evaluation.Planning;

namespace Segue.Evaluation.Tests.Planning;

public sealed class SoundPlanTests
{
    private static readonly SoundRates Rates = new(
        "MP3", Hear: 0.2, ReadTags: 0.1, EncoderWindow: 0.001, Embed: 0.01, NetworkCrop: 0.002, Predict: 0.005, TrackBytes: 2000, SpectraBytes: 150_000);

    [Fact]
    public void Time_and_disk_are_what_the_rates_give_and_what_was_not_kept_is_heard_again()
    {
        var steps = SoundPlan.Of(new(100_000, Cores: 4, SpectraCache: 150_000L * 30_000), Rates, dimensions: 128);

        Assert.Equal(
            [31_000, 800 * 96 * 0.001, 1000 + 70_000 * 0.2, 3 * 3750 * 64 * 0.002 + 150],
            steps.Select(step => Math.Round(step.Seconds, 6)));
        Assert.Equal(100_000 * 2000L + 30_000 * 150_000L, steps[0].Disk);
        Assert.Equal("networks that predict taste, 3 × 3,750 steps", steps[3].Name);
        Assert.Equal(1L << 30, steps[1].Memory - steps[3].Memory + 30_000L * TrackFeatures.WindowBytes);   // the sample is full there, here all have one window
        Assert.Equal(100_000 * 264L, steps[2].Disk);
    }

    [Fact]
    public void A_library_without_spectra_trains_no_networks_and_hears_all_again_for_new_vectors()
    {
        var steps = SoundPlan.Of(new(1000, Cores: 1, SpectraCache: 0), Rates, dimensions: 128);

        Assert.Equal(3, steps.Count);
        Assert.Equal(1000 * 2000, steps[0].Disk);
        Assert.Equal(1000 * 0.21, steps[2].Seconds, 6);
    }

    [Fact]
    public void What_a_library_keeps_of_a_track_is_measured()
    {
        var rates = SoundRates.Measure(TimeSpan.FromSeconds(20), factors: 4, worker: null, Path.GetTempPath(), new(1, 1, Cancellation: TestContext.Current.CancellationToken));

        Assert.InRange(rates.TrackBytes, 1_000, 10_000);
        Assert.InRange(rates.SpectraBytes, 2 * TrackFeatures.WindowBytes, 2.5 * TrackFeatures.WindowBytes);
    }
}
