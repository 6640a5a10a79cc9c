using Segue.Audio.Embedding;
using Segue.Audio.Spectra;
using Segue.Numerics;

namespace Segue.Audio.Tests.Embedding;

public sealed class SpectrumScaleTests
{
    private static byte[] Window(Func<int, int, int> value)
        => [.. Enumerable.Range(0, TrackFeatures.WindowBytes).Select(n => (byte)value(n / TrackFeatures.Bands, n % TrackFeatures.Bands))];

    [Fact]
    public void Each_band_has_its_mean_and_all_have_one_deviation()
    {
        var scale = SpectrumScale.Measure([Window((_, band) => band), Window((_, band) => band + 6)]);

        Assert.All(Enumerable.Range(0, TrackFeatures.Bands), band => Assert.Equal((band + 3) / SpectrumBytes.Scale, scale.Means[band], 1e-5f));
        Assert.Equal(3 / SpectrumBytes.Scale, scale.Deviation, 1e-5f);
        var crop = new float[TrackFeatures.WindowBytes];
        scale.Apply(Window((_, band) => band + 6), crop);
        Assert.DoesNotContain(crop, value => Math.Abs(value - 1) > 1e-3f);
    }

    [Fact]
    public void Windows_that_are_all_alike_or_none_at_all_leave_the_deviation_above_0()
    {
        Assert.True(SpectrumScale.Measure([Window((_, _) => 9)]).Deviation > 0);
        Assert.Equal((0, true), (SpectrumScale.Measure([]).Means[5], SpectrumScale.Measure([]).Deviation > 0));
    }

    [Fact]
    public void Lengths_that_disagree_are_refused()
        => Assert.Throws<ArgumentException>(() => new SpectrumScale(new float[TrackFeatures.Bands], 1).Apply(new byte[256], new float[128]));

    [Fact]
    public void Silence_stays_silence_in_every_augmentation_but_for_the_bands_that_are_masked()
    {
        var scale = new SpectrumScale([.. Enumerable.Range(1, TrackFeatures.Bands).Select(band => (float)band)], 2);
        var crop = new float[TrackFeatures.WindowBytes];
        for (var seed = 0UL; seed < 20; seed++)
        {
            var random = new SeededRandom(seed);
            new CropAugmentation(scale).Apply(new byte[TrackFeatures.WindowBytes], crop, ref random);

            Assert.DoesNotContain(Enumerable.Range(0, crop.Length), n => crop[n] != 0 && crop[n] != -(n % TrackFeatures.Bands + 1) / 2f);
            Assert.InRange(crop.Take(TrackFeatures.Bands).Count(value => value == 0), 0, 16);
        }
    }

    [Fact]
    public void An_augmentation_changes_every_frame_alike_and_on_the_average_nothing()
    {
        const int Draws = 600;
        var (window, crop, augmentation) = (Window((_, _) => 128), new float[TrackFeatures.WindowBytes], new CropAugmentation(new(new float[TrackFeatures.Bands], 1)));
        var (means, random) = (new List<float>(), new SeededRandom(4));
        for (var draw = 0; draw < Draws; draw++)
        {
            augmentation.Apply(window, crop, ref random);
            Assert.Equal(crop[..TrackFeatures.Bands], crop[^TrackFeatures.Bands..]);
            means.Add(crop[..TrackFeatures.Bands].Where(value => value != 0).Average());
        }

        Assert.Equal(128 / SpectrumBytes.Scale, means.Average(), 0.05f);
        Assert.InRange(Math.Sqrt(means.Average(mean => Math.Pow(mean - means.Average(), 2))), 0.2, 0.3);   // 2.5 dB of level
    }

    [Fact]
    public void A_draw_decides_an_augmentation()
    {
        var window = ToyTracks.Window(3, 1);
        float[] Crop(ulong seed)
        {
            var (crop, random) = (new float[TrackFeatures.WindowBytes], new SeededRandom(seed));
            new CropAugmentation(SpectrumScale.Measure([window])).Apply(window, crop, ref random);
            return crop;
        }

        Assert.Equal(Crop(1), Crop(1));
        Assert.NotEqual(Crop(1), Crop(2));
    }
}
