using Segue.Audio.Spectra;

namespace Segue.Audio.Descriptors;

/// <summary>Listens to one track, window by window, and describes it.</summary>
/// <remarks>
/// Windows longer than 10 s are heard in stretches of 10 s; what is kept between windows are sums, so memory does not depend on the length of a track.
/// Not thread-safe. The work space (about 2 MB) serves track after track: <see cref="Finish"/> begins anew. Costs about 2 ms for 10 s of sound.
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
            var stretch = window[..Math.Min(Stretch, window.Length)];
            _shape.Add(stretch);
            _rhythm.Add(stretch);
            _pitches.Add(stretch);
            _samples += stretch.Length;
            _crossings += ZeroCrossings.Count(stretch);
        }
    }

    /// <summary>What was heard since the beginning, or since the last call; of nothing, that it is silent.</summary>
    public SoundDescriptors Finish()
    {
        Span<float> values = stackalloc float[SoundDescriptors.Length];
        values.Clear();
        _shape.Finish(values);
        _rhythm.Finish(values);
        _pitches.Finish(values);
        values[SoundDescriptors.ZeroCrossingsAt] = _crossings / (float)Math.Max(1, _samples);
        values[SoundDescriptors.EnergyAt] = 0.5f * Share(values[SoundDescriptors.LoudnessAt], -40, -6)
            + 0.3f * Share(values[SoundDescriptors.OnsetRateAt], 0, 5)
            + 0.2f * Share(values[SoundDescriptors.CentroidAt], 200, 2_000);
        (_samples, _crossings) = (0, 0);
        return new(values);
    }

    private static float Share(float value, float from, float to) => Math.Clamp((value - from) / (to - from), 0, 1);
}
