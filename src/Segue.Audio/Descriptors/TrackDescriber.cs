using Segue.Audio.Spectra;

namespace Segue.Audio.Descriptors;

/// <summary>Listens to one track, window by window, and describes it.</summary>
/// <remarks>
/// Windows longer than 10 s are heard in stretches of 10 s; what is kept between windows are sums, so memory does not depend on the length of a track.
/// Not thread-safe. The work space (about 1.5 MB) serves track after track: <see cref="Finish"/> begins anew. Costs about 2 ms for 10 s of sound.
/// </remarks>
public sealed class TrackDescriber
{
    /// <summary>Samples of a stretch: 10 s.</summary>
    private const int Stretch = 10 * AudioLimits.SampleRate;

    private readonly SpectralShape _shape;
    private readonly OnsetRhythm _rhythm;
    private readonly PitchClasses _pitches;
    private long _samples, _crossings;

    public TrackDescriber()
        : this(LaneWidths.Best)
    {
    }

    internal TrackDescriber(LaneWidth width)
    {
        var engine = SpectrumEngine.Of(width);
        (_shape, _rhythm, _pitches) = (new(engine), new(engine), new(engine));
    }

    /// <summary>Hears a window.</summary>
    /// <param name="window">Mono, <see cref="AudioLimits.SampleRate"/>, full scale ±1, finite; of any length.</param>
    public void Add(ReadOnlySpan<float> window)
    {
        for (; window.Length > 0; window = window[Math.Min(Stretch, window.Length)..])
        {
            Hear(window[..Math.Min(Stretch, window.Length)], []);
        }
    }

    /// <summary>Hears a window and gives its spectrogram too, which costs next to nothing here.</summary>
    /// <param name="window">As above, of one frame (2,048 samples) to 10 s.</param>
    /// <param name="spectrum">Receives the bytes that <see cref="SpectrumBytes"/> makes of <see cref="SpectrogramOptions.Production"/>, shape
    /// [frames × <see cref="TrackFeatures.Bands"/>]; 10 s are <see cref="TrackFeatures.WindowBytes"/>.</param>
    /// <exception cref="ArgumentException">The window is shorter or longer, or the memory is not exactly as long.</exception>
    public void Add(ReadOnlySpan<float> window, Span<byte> spectrum)
    {
        var (shortest, frames) = (SpectrogramOptions.Production.FftLength, SpectralShape.Frames(window.Length));
        if (window.Length < shortest || window.Length > Stretch)
        {
            throw new ArgumentException($"A window with a spectrogram has {shortest} to {Stretch} samples; {window.Length} were given.");
        }
        if (spectrum.Length != frames * TrackFeatures.Bands)
        {
            throw new ArgumentException($"{window.Length} samples make {frames} frames of {TrackFeatures.Bands} bytes; memory for {spectrum.Length} bytes was given.");
        }
        Hear(window, spectrum);
    }

    /// <summary>What was heard since the beginning, or since the last call; of nothing, that it is silent.</summary>
    /// <exception cref="ArgumentException">The sound was not finite, or so far beyond full scale (10⁹ and more) that its power is not.</exception>
    public SoundDescriptors Finish()
    {
        Span<float> values = stackalloc float[SoundDescriptors.Length];
        values.Clear();
        var movement = _shape.Finish(values);
        _rhythm.Finish(values);
        _pitches.Finish(values);
        values[SoundDescriptors.ZeroCrossingsAt] = _crossings / (float)Math.Max(1, _samples);
        values[SoundDescriptors.EnergyAt] = 0.5f * Share(values[SoundDescriptors.LoudnessAt], -40, -6)
            + 0.3f * Share(values[SoundDescriptors.OnsetRateAt], 0, 5)
            + 0.2f * Share(values[SoundDescriptors.CentroidAt], 200, 2_000);
        values[SoundDescriptors.SpeechAt] = Share((float)movement, 5, 9) * (1 - Share(values[SoundDescriptors.TempoStrengthAt], 0.1f, 0.4f));
        (_samples, _crossings) = (0, 0);
        return new(values);
    }

    private void Hear(ReadOnlySpan<float> stretch, Span<byte> spectrum)
    {
        _shape.Add(stretch, spectrum);
        _rhythm.Add(stretch);
        _pitches.Add(stretch);
        _samples += stretch.Length;
        _crossings += ZeroCrossings.Count(stretch);
    }

    private static float Share(float value, float from, float to) => Math.Clamp((value - from) / (to - from), 0, 1);
}
