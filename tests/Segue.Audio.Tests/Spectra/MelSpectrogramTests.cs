using System.Numerics;
using Segue.Audio.Spectra;
using Segue.Numerics;

namespace Segue.Audio.Tests.Spectra;

public sealed class MelSpectrogramTests
{
    private static LaneWidth[] Widths => [.. Enum.GetValues<LaneWidth>().Where(LaneWidths.Has)];

    [Fact]
    public void Ten_seconds_of_production_are_199_frames_of_128_bands()
    {
        Assert.Equal(TrackFeatures.FramesOfWindow, new MelSpectrogram(SpectrogramOptions.Production).Frames(220_500));
        Assert.Equal(TrackFeatures.Bands, SpectrogramOptions.Production.Bands);
    }

    [Fact]
    public void Thirty_seconds_of_the_seed_are_599_frames()
        => Assert.Equal(599 * 128, new MelSpectrogram(SpectrogramOptions.Seed).Compute(new float[661_500]).Length);

    [Theory]
    [InlineData(SpectrogramPadding.None, 0, 0)]
    [InlineData(SpectrogramPadding.None, 63, 0)]
    [InlineData(SpectrogramPadding.None, 64, 1)]
    [InlineData(SpectrogramPadding.None, 73, 1)]
    [InlineData(SpectrogramPadding.None, 74, 2)]
    [InlineData(SpectrogramPadding.Zero, 0, 0)]
    [InlineData(SpectrogramPadding.Zero, 1, 1)]
    [InlineData(SpectrogramPadding.Zero, 10, 2)]
    [InlineData(SpectrogramPadding.Reflect, 100, 11)]
    public void Frames_are_counted(SpectrogramPadding padding, int samples, int frames)
        => Assert.Equal(frames, new MelSpectrogram(new() { FftLength = 64, Hop = 10, Bands = 4, Padding = padding }).Frames(samples));

    /// <summary>Lengths of both kinds: powers of four, and twice such.</summary>
    [Theory]
    [InlineData(16), InlineData(32), InlineData(64), InlineData(128), InlineData(256), InlineData(512), InlineData(1024), InlineData(2048), InlineData(4096)]
    public void Power_spectrum_is_that_of_the_definition(int length)
    {
        var random = new SeededRandom((ulong)length);
        var samples = Enumerable.Range(0, 3 * length).Select(_ => (float)random.NextNormal()).ToArray();
        var bins = Enumerable.Range(0, length / 2 + 1).Where(bin => bin % (1 + length / 512) == 0 || bin == length / 2).ToArray();   // of long ones not all
        var expected = Directly(samples.AsSpan(3, length), bins);
        foreach (var width in Widths)
        {
            var frames = new PowerFrames(length, length / 2 + 1, SpectrogramPadding.None, SpectrumEngine.Of(width));

            var power = frames.Compute(samples, 3, 5, 1).Span;

            var greatest = expected.Max();
            for (var i = 0; i < bins.Length; i++)
            {
                Assert.Equal(expected[i], power[bins[i] * (int)width], 3e-6 * greatest);
            }
        }
    }

    [Fact]
    public void All_widths_of_lanes_give_equal_bits()
    {
        var random = new SeededRandom(7);
        for (var round = 0; round < 25; round++)
        {
            var options = RandomOptions(ref random);
            var samples = TestSignals.Noise(options.FftLength * (1 + 20 * random.NextDouble()) / TestSignals.Rate, 0.5, (ulong)round);

            var plain = new MelSpectrogram(options, LaneWidth.One).Compute(samples);

            Assert.All(Widths, width => Assert.Equal(plain, new MelSpectrogram(options, width).Compute(samples)));
        }
    }

    [Fact]
    public void A_frame_is_the_same_wherever_it_stands()
    {
        var options = SpectrogramOptions.Production with { Compression = SpectrumCompression.None };
        var samples = TestSignals.Noise(2, 0.5);
        var all = new MelSpectrogram(options).Compute(samples);

        var one = new MelSpectrogram(options).Compute(samples.AsSpan(21 * options.Hop, options.FftLength));

        Assert.Equal(all[(21 * 128)..(22 * 128)], one);
    }

    [Fact]
    public void An_instance_keeps_nothing_of_what_it_saw()
    {
        var spectrogram = new MelSpectrogram(new());
        var first = spectrogram.Compute(TestSignals.Tone(0.3, 440));
        spectrogram.Compute(TestSignals.Noise(0.5, 1));

        Assert.Equal(first, spectrogram.Compute(TestSignals.Tone(0.3, 440)));
    }

    [Fact]
    public void Silence_is_zero_in_production_and_the_floor_in_decibels()
    {
        Assert.All(new MelSpectrogram(SpectrogramOptions.Production).Compute(new float[22_050]), value => Assert.Equal(0, value, 1e-7f));
        Assert.All(new MelSpectrogram(new() { Compression = SpectrumCompression.Decibels() }).Compute(new float[22_050]), value => Assert.Equal(-100, value, 1e-4f));
    }

    [Fact]
    public void A_tone_is_loudest_in_its_band()
    {
        var filters = MelFilters.Create(SpectrogramOptions.Production);
        foreach (var band in new[] { 10, 40, 80, 120 })
        {
            var row = filters.ToDense().AsSpan(band * filters.Columns, filters.Columns).ToArray();
            var hertz = Array.IndexOf(row, row.Max()) * TestSignals.Rate / 2048.0;

            var frame = new MelSpectrogram(SpectrogramOptions.Production).Compute(TestSignals.Tone(0.1, hertz))[..128];

            Assert.Equal(band, Array.IndexOf(frame, frame.Max()));
        }
    }

    [Fact]
    public void Computing_into_memory_of_the_caller_allocates_nothing()
    {
        var spectrogram = new MelSpectrogram(SpectrogramOptions.Production);
        var samples = TestSignals.Noise(1, 0.5);
        var values = new float[spectrogram.Frames(samples.Length) * 128];
        spectrogram.Compute(samples, values);
        var before = GC.GetAllocatedBytesForCurrentThread();

        spectrogram.Compute(samples, values);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Logarithm_is_within_a_few_units_of_the_last_place()
    {
        var random = new SeededRandom(3);
        foreach (var width in Widths)
        {
            var engine = SpectrumEngine.Of(width);
            var values = new AlignedFloats(512 * (int)width);
            for (var i = 0; i < values.Length; i++)
            {
                values.Span[i] = i % 8 == 0 ? (float)(random.NextDouble() * 1e-4) : (float)Math.Pow(10, random.NextDouble() * 18 - 14);
            }
            var given = values.Span.ToArray();

            Compress(engine, values);

            for (var i = 0; i < given.Length; i++)
            {
                var expected = Math.Log10(1 + 1e4 * given[i]);
                Assert.Equal(expected, values.Span[i], 1e-7 + 1e-7 * expected);
            }
        }
    }

    public static TheoryData<SpectrogramOptions, string> Wrong => new()
    {
        { new() { FftLength = 1000 }, "FftLength is 1000; it must be a power of two in [16, 65536]" },
        { new() { FftLength = 8 }, "FftLength is 8" },
        { new() { Hop = 0 }, "Hop is 0; it must be at least 1" },
        { new() { Bands = 0 }, "Bands is 0; it must be in [1, 1024]" },
        { new() { SampleRate = 0 }, "SampleRate is 0" },
        { new() { Highest = 11_026 }, "Highest is 11026; it must be above 0 and at most 11025" },
        { new() { Lowest = 11_025 }, "Lowest is 11025; it must be in [0, 11025)" },
        { new() { Lowest = double.NaN }, "Lowest is NaN" },
        { new() { Power = 3 }, "Power is 3; it must be 1 or 2" },
        { new() { Power = 1, Compression = SpectrumCompression.Decibels() }, "Power is 1; it must be 2, for decibels are of power" },
        { new() { Scale = (MelScale)9 }, "Scale is 9" },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void Options_outside_their_range_are_told(SpectrogramOptions options, string message)
        => Assert.Contains(message, Assert.Throws<ArgumentException>(() => new MelSpectrogram(options)).Message, StringComparison.Ordinal);

    [Fact]
    public void Memory_of_a_wrong_length_is_told()
        => Assert.Contains(
            "22050 samples make 44 frames of 128 bands; memory for 10 values was given",
            Assert.Throws<ArgumentException>(() => new MelSpectrogram(new()).Compute(new float[22_050], new float[10])).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Less_than_half_a_frame_cannot_be_mirrored()
        => Assert.Contains(
            "more than 1024 samples; 1024 were given",
            Assert.Throws<ArgumentException>(() => new MelSpectrogram(new() { Padding = SpectrogramPadding.Reflect }).Compute(new float[1024])).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData(0), InlineData(-1), InlineData(float.NaN), InlineData(float.PositiveInfinity)]
    public void Compression_takes_positive_numbers_only(float value)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SpectrumCompression.LogOnePlus(value));
        Assert.Throws<ArgumentOutOfRangeException>(() => SpectrumCompression.Decibels(reference: value));
        Assert.Throws<ArgumentOutOfRangeException>(() => SpectrumCompression.Decibels(floor: value));
        Assert.Throws<ArgumentOutOfRangeException>(() => SpectrumCompression.Decibels(top: value));
    }

    private static unsafe void Compress(SpectrumEngine engine, AlignedFloats values)
        => engine.Compress(SpectrumCompression.LogOnePlus(10_000), values.Start, values.Start, values.Length / engine.Width);

    private static SpectrogramOptions RandomOptions(ref SeededRandom random) => new()
    {
        FftLength = 16 << random.NextInt(8),
        Hop = 1 + random.NextInt(700),
        Bands = 1 + random.NextInt(70),
        Lowest = random.NextDouble() * 500,
        Highest = 4_000 + random.NextDouble() * 7_000,
        Scale = (MelScale)random.NextInt(2),
        Norm = (MelNorm)random.NextInt(2),
        Padding = (SpectrogramPadding)random.NextInt(3),
        Compression = random.NextInt(3) switch
        {
            0 => SpectrumCompression.None,
            1 => SpectrumCompression.LogOnePlus(10_000),
            _ => SpectrumCompression.Decibels(),
        },
    };

    // |Σ w(t) y(t) e^(−2πikt/N)|², term by term.
    private static double[] Directly(ReadOnlySpan<float> frame, int[] bins)
    {
        var length = frame.Length;
        var windowed = new double[length];
        for (var t = 0; t < length; t++)
        {
            windowed[t] = frame[t] * (0.5 - 0.5 * Math.Cos(2 * Math.PI * t / length));
        }
        var turns = Enumerable.Range(0, length).Select(t => Complex.FromPolarCoordinates(1, -2 * Math.PI * t / length)).ToArray();
        return [.. bins.Select(k =>
        {
            var sum = Complex.Zero;
            for (var t = 0; t < length; t++)
            {
                sum += windowed[t] * turns[(int)((long)k * t % length)];
            }
            return sum.Magnitude * sum.Magnitude;
        })];
    }
}
