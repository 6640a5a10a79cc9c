using System.Runtime.InteropServices;
using Segue.Audio.Spectra;

namespace Segue.Audio.Tests.Spectra;

/// <summary>Values that librosa 0.10.2 gave for a signal of two seconds (public data, no part of the project), at every width of lanes.</summary>
public sealed class LibrosaGoldenTests
{
    private static readonly SpectrogramOptions Librosa = new();

    private static readonly Dictionary<string, SpectrogramOptions> Variants = new()
    {
        ["librosa_default"] = Librosa,
        ["librosa_reflect"] = Librosa with { Padding = SpectrogramPadding.Reflect },
        ["librosa_htk_nonorm"] = Librosa with { Scale = MelScale.Htk, Norm = MelNorm.None },
        ["seed_599_hop1102_nocenter"] = SpectrogramOptions.Seed with { Compression = SpectrumCompression.None },
        ["librosa_power1"] = Librosa with { Power = 1 },
        ["log1p_10000"] = Librosa with { Compression = SpectrumCompression.LogOnePlus(10_000) },
        ["db_ref1_top80"] = Librosa with { Compression = SpectrumCompression.Decibels() },
    };

    public static TheoryData<string, int> All => new(
        from variant in Variants.Keys
        from width in Enum.GetValues<LaneWidth>().Where(LaneWidths.Has)
        select (variant, (int)width));

    [Theory]
    [MemberData(nameof(All))]
    public void Spectrogram_is_that_of_librosa(string variant, int width)
    {
        var (golden, bands, frames) = Npz.Read(GoldenFile(), variant);
        var options = Variants[variant];

        var ours = new MelSpectrogram(options, (LaneWidth)width).Compute(Signal());

        Assert.Equal((options.Bands, frames), (bands, ours.Length / options.Bands));
        var greatest = golden.Max();
        for (var frame = 0; frame < frames; frame++)
        {
            for (var band = 0; band < bands; band++)
            {
                var expected = golden[band * frames + frame];
                Assert.Equal(expected, ours[frame * bands + band], Tolerance(options.Compression, expected, greatest));
            }
        }
    }

    [Theory]
    [InlineData("fb_slaney_22050_2048_128", 22_050, 2048, 128, MelScale.Slaney, MelNorm.Slaney)]
    [InlineData("fb_htk_22050_2048_128_nonorm", 22_050, 2048, 128, MelScale.Htk, MelNorm.None)]
    [InlineData("fb_slaney_16000_512_96", 16_000, 512, 96, MelScale.Slaney, MelNorm.Slaney)]
    public void Filters_are_those_of_librosa(string name, int rate, int length, int bands, MelScale scale, MelNorm norm)
    {
        var (golden, rows, columns) = Npz.Read(GoldenFile(), name);

        var ours = MelFilters.Create(new() { SampleRate = rate, FftLength = length, Bands = bands, Highest = rate / 2.0, Scale = scale, Norm = norm });

        Assert.Equal((rows, columns), (ours.Count, ours.Columns));
        Assert.All(golden.Zip(ours.ToDense()), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    private static float Tolerance(SpectrumCompression compression, float expected, float greatest)
        => compression.IsDecibels ? 1e-3f : compression.IsLogarithm ? 2e-5f : 1e-4f * expected + 1e-8f * greatest;

    private static string GoldenFile() => Path.Combine(PublicData.Folder("audio-golden").FullName, "golden.npz");

    // 16-bit mono; the samples follow a header of 44 bytes.
    private static float[] Signal()
    {
        var bytes = File.ReadAllBytes(Path.Combine(PublicData.Folder("audio-golden").FullName, "signal_22050_2s.wav"));
        return [.. MemoryMarshal.Cast<byte, short>(bytes.AsSpan(44)).ToArray().Select(sample => sample / 32768f)];
    }
}
