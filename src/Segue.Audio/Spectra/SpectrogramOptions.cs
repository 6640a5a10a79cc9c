using System.Numerics;

namespace Segue.Audio.Spectra;

/// <summary>How frequency becomes mel.</summary>
public enum MelScale
{
    /// <summary>Linear below 1 kHz (200/3 Hz a mel), logarithmic above (ln 6.4 / 27 a mel): Slaney, "Auditory Toolbox", 1998; librosa's default.</summary>
    Slaney,

    /// <summary>2595 · log10(1 + f / 700): "The HTK Book".</summary>
    Htk,
}

/// <summary>How tall a filter is.</summary>
public enum MelNorm
{
    /// <summary>Every filter has the same area: 2 / (width in Hz); librosa's default.</summary>
    Slaney,

    /// <summary>Every filter reaches 1.</summary>
    None,
}

/// <summary>What stands before the first and behind the last sample.</summary>
public enum SpectrogramPadding
{
    /// <summary>Nothing: frame t begins at sample t · hop, and only whole frames count.</summary>
    None,

    /// <summary>Silence: frame t is centered on sample t · hop; librosa's default since 0.10.</summary>
    Zero,

    /// <summary>The signal mirrored about its first and last sample: frame t is centered on sample t · hop.</summary>
    Reflect,
}

/// <summary>What a mel spectrogram may vary; the definitions are librosa's, so that equal settings give equal values.</summary>
/// <remarks>The window is a periodic Hann of the FFT's length. Ranges are checked where a <see cref="MelSpectrogram"/> is made.</remarks>
public sealed record SpectrogramOptions
{
    /// <summary>What is kept of a track: 10 s are 199 frames; nothing above 9 kHz, where resamplers differ.</summary>
    public static SpectrogramOptions Production { get; } = new()
    {
        FftLength = 2048,
        Hop = 1102,
        Highest = 9_000,
        Padding = SpectrogramPadding.None,
        Compression = SpectrumCompression.LogOnePlus(10_000),
    };

    /// <summary>The input of Dieleman's network of 2014: 30 s are 599 frames of 128 bands up to 11,025 Hz.</summary>
    public static SpectrogramOptions Seed { get; } = Production with { Highest = 11_025 };

    /// <summary>Samples a second, in [1, 1,000,000].</summary>
    public int SampleRate { get; init; } = AudioLimits.SampleRate;

    /// <summary>Samples of a frame: a power of two in [16, 65,536].</summary>
    public int FftLength { get; init; } = 2048;

    /// <summary>Samples from one frame to the next, at least 1.</summary>
    public int Hop { get; init; } = 512;

    /// <summary>Mel bands, in [1, 1024].</summary>
    public int Bands { get; init; } = 128;

    /// <summary>Where the lowest filter begins, in Hz, in [0, <see cref="Highest"/>).</summary>
    public double Lowest { get; init; }

    /// <summary>Where the highest filter ends, in Hz, at most half of <see cref="SampleRate"/>.</summary>
    public double Highest { get; init; } = AudioLimits.SampleRate / 2.0;

    public MelScale Scale { get; init; } = MelScale.Slaney;

    public MelNorm Norm { get; init; } = MelNorm.Slaney;

    /// <summary>2: filters weigh |X|²; 1: they weigh |X|.</summary>
    public int Power { get; init; } = 2;

    public SpectrogramPadding Padding { get; init; } = SpectrogramPadding.Zero;

    public SpectrumCompression Compression { get; init; } = SpectrumCompression.None;

    /// <exception cref="ArgumentException">A value lies outside its range.</exception>
    internal void Check()
    {
        Require(SampleRate is >= 1 and <= 1_000_000, nameof(SampleRate), SampleRate, "in [1, 1000000]");
        Require(FftLength is >= 16 and <= 65_536 && BitOperations.IsPow2(FftLength), nameof(FftLength), FftLength, "a power of two in [16, 65536]");
        Require(Hop >= 1, nameof(Hop), Hop, "at least 1");
        Require(Bands is >= 1 and <= 1024, nameof(Bands), Bands, "in [1, 1024]");
        Require(Highest > 0 && Highest <= SampleRate / 2.0, nameof(Highest), Highest, $"above 0 and at most {SampleRate / 2.0}, half of the sample rate");
        Require(Lowest >= 0 && Lowest < Highest, nameof(Lowest), Lowest, $"in [0, {Highest})");
        Require(Enum.IsDefined(Scale), nameof(Scale), (int)Scale, "a scale that is known");
        Require(Enum.IsDefined(Norm), nameof(Norm), (int)Norm, "a norm that is known");
        Require(Enum.IsDefined(Padding), nameof(Padding), (int)Padding, "a padding that is known");
        Require(Power is 1 or 2, nameof(Power), Power, "1 or 2");
        Require(Power == 2 || !Compression.IsDecibels, nameof(Power), Power, "2, for decibels are of power");
    }

    private static void Require(bool holds, string name, double value, string range)
    {
        if (!holds)
        {
            throw new ArgumentException($"{nameof(SpectrogramOptions)}.{name} is {value}; it must be {range}.");
        }
    }
}
