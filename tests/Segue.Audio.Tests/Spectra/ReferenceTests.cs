using System.Reflection;
using System.Text.Json;
using Segue.Audio.Spectra;

namespace Segue.Audio.Tests.Spectra;

/// <summary>Values that <c>reference/spectra.py</c> computed in float64, at every width of lanes.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, SpectrogramOptions> Variants = new()
    {
        ["production"] = SpectrogramOptions.Production,
        ["seed"] = SpectrogramOptions.Seed,
        ["centered"] = new() { Hop = 1024 },
        ["magnitude"] = new() { FftLength = 1024, Hop = 2000, Bands = 64, Power = 1 },
        ["decibels"] = new()
        {
            FftLength = 512,
            Hop = 700,
            Bands = 40,
            Lowest = 50,
            Highest = 8_000,
            Scale = MelScale.Htk,
            Norm = MelNorm.None,
            Padding = SpectrogramPadding.Reflect,
            Compression = SpectrumCompression.Decibels(reference: 2, top: 60),
        },
    };

    public static TheoryData<string, int> All => new(
        from variant in Variants.Keys
        from width in Enum.GetValues<LaneWidth>().Where(LaneWidths.Has)
        select (variant, (int)width));

    [Theory]
    [MemberData(nameof(All))]
    public void Spectrogram_is_that_of_the_reference(string variant, int width)
    {
        var expected = Expected(variant);
        var options = Variants[variant];

        var ours = new MelSpectrogram(options, (LaneWidth)width).Compute(TestSignals.ToneChirpNoiseAndSilence());

        Assert.Equal(expected.Length, ours.Length);
        var greatest = expected.Max();
        Assert.All(expected.Zip(ours), pair => Assert.Equal(pair.First, pair.Second, Tolerance(options.Compression, pair.First, greatest)));
    }

    private static double Tolerance(SpectrumCompression compression, double expected, double greatest)
        => compression.IsDecibels ? 1e-3 : compression.IsLogarithm ? 2e-5 : 1e-4 * expected + 1e-8 * greatest;

    private static double[] Expected(string variant)
    {
        var assembly = Assembly.GetExecutingAssembly();
        using var file = assembly.GetManifestResourceStream(assembly.GetManifestResourceNames().Single(name => name.EndsWith("spectra.json", StringComparison.Ordinal)))!;
        using var values = JsonDocument.Parse(file);
        return [.. values.RootElement.GetProperty(variant).EnumerateArray().SelectMany(frame => frame.EnumerateArray()).Select(value => value.GetDouble())];
    }
}
