using System.Runtime.Intrinsics;
using Segue.Audio.Spectra;
using Segue.Numerics;

namespace Segue.Audio.Descriptors;

/// <summary>What repeats in a track's onsets: the autocorrelation of its spectral flux.</summary>
/// <remarks>Flux is the sum over 40 mel bands of what log10(1 + 10⁴ S) rose since the frame before, 50 frames a second, as of Böck and Widmer,
/// "Maximum Filter Vibrato Suppression for Onset Detection", DAFx 2013, without the filter. Products of frames that lie a lag apart are summed within
/// stretches; the mean of a stretch is taken off first.</remarks>
internal sealed class OnsetRhythm(SpectrumEngine engine)
{
    /// <summary>Frames a second.</summary>
    public const int Rate = 50;

    // 4.8 s.
    private const int LongestLag = 240;
    private const float FirstLag = 2;

    // Variance of the flux of a sound that does not change, far below that of any music.
    private const double LeastVariance = 1e-4;

    // An onset rises more than its neighbors, than twice the mean, and than a fortieth in each band.
    private const float OverMean = 2, LeastRise = 1;

    private readonly MelSpectrogram _spectrogram = new(
        new()
        {
            FftLength = 1024,
            Hop = AudioLimits.SampleRate / Rate,
            Bands = 40,
            Highest = 9_000,
            Padding = SpectrogramPadding.None,
            Compression = SpectrumCompression.LogOnePlus(10_000),
        },
        engine);

    private readonly double[] _products = new double[LongestLag + 1];
    private readonly long[] _pairs = new long[LongestLag + 1];
    private float[] _bands = [], _flux = [];
    private long _frames, _onsets;

    /// <summary>Hears a stretch.</summary>
    public void Add(ReadOnlySpan<float> stretch)
    {
        var frames = _spectrogram.Frames(stretch.Length);
        if (frames < 2)
        {
            return;
        }
        var flux = Flux(stretch, frames);
        var mean = 0.0;
        foreach (var rise in flux)
        {
            mean += rise;
        }
        mean /= flux.Length;
        _onsets += CountOnsets(flux, (float)mean);
        _frames += frames;
        foreach (ref var rise in flux)
        {
            rise -= (float)mean;
        }
        for (var lag = 0; lag <= Math.Min(LongestLag, flux.Length - 1); lag++)
        {
            _products[lag] += Vectors.Dot(flux[..^lag], flux[lag..]);
            _pairs[lag] += flux.Length - lag;
        }
    }

    public void Finish(Span<float> values)
    {
        Span<float> correlation = stackalloc float[LongestLag + 1];
        var variance = _products[0] / Math.Max(1, _pairs[0]) + LeastVariance;
        for (var lag = 0; lag <= LongestLag; lag++)
        {
            correlation[lag] = (float)Math.Clamp(_products[lag] / Math.Max(1, _pairs[lag]) / variance, -1, 1);
        }
        for (var i = 0; i < SoundDescriptors.RhythmLength; i++)
        {
            values[SoundDescriptors.RhythmAt + i] = At(correlation, Lag(i));
        }
        (values[SoundDescriptors.TempoAt], values[SoundDescriptors.TempoStrengthAt]) = TempoSearch.Find(correlation);
        values[SoundDescriptors.OnsetRateAt] = _onsets * Rate / (float)Math.Max(1, _frames);
        Array.Clear(_products);
        Array.Clear(_pairs);
        (_frames, _onsets) = (0, 0);
    }

    /// <summary>Number <paramref name="index"/> of the lags of <see cref="SoundDescriptors.Rhythm"/>, in frames.</summary>
    public static float Lag(int index) => FirstLag * MathF.Pow(LongestLag / FirstLag, index / (SoundDescriptors.RhythmLength - 1f));

    /// <summary>Between two lags, linearly.</summary>
    public static float At(ReadOnlySpan<float> correlation, float lag)
    {
        var below = Math.Min((int)lag, correlation.Length - 2);
        return correlation[below] + (lag - below) * (correlation[below + 1] - correlation[below]);
    }

    private Span<float> Flux(ReadOnlySpan<float> stretch, int frames)
    {
        var bands = _spectrogram.Options.Bands;
        if (_flux.Length < frames)
        {
            (_bands, _flux) = (new float[frames * bands], new float[frames]);
        }
        _spectrogram.Compute(stretch, _bands.AsSpan(0, frames * bands));
        for (var frame = 1; frame < frames; frame++)
        {
            var before = _bands.AsSpan((frame - 1) * bands, bands);
            var now = _bands.AsSpan(frame * bands, bands);
            var rises = Vector128<float>.Zero;
            for (var band = 0; band < now.Length; band += Vector128<float>.Count)
            {
                rises += Vector128.MaxNative(Vector128.Create<float>(now[band..]) - Vector128.Create<float>(before[band..]), Vector128<float>.Zero);
            }
            _flux[frame - 1] = Vector128.Sum(rises);
        }
        return _flux.AsSpan(0, frames - 1);
    }

    private static int CountOnsets(ReadOnlySpan<float> flux, float mean)
    {
        var count = 0;
        for (var i = 1; i + 1 < flux.Length; i++)
        {
            if (flux[i] > flux[i - 1] && flux[i] >= flux[i + 1] && flux[i] > Math.Max(OverMean * mean, LeastRise))
            {
                count++;
            }
        }
        return count;
    }
}
