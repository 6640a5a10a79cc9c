namespace Segue.Audio.Spectra;

/// <summary>Mel spectrograms of mono sound, by librosa's definitions in float32.</summary>
/// <remarks>
/// Not thread-safe: an instance keeps its work space (about 0.4 MB at 2048 samples a frame); take one for each thread. Frames are treated 16, 8 or 1 at a
/// time, as the processor allows, with equal bits. Against float64, values are within 1e-4 · S + 1e-8 · max S, and log10(1 + 10⁴ S) within 2e-5.
/// A frame costs O(N log N); the sound of a day takes about ten seconds of one core.
/// </remarks>
public sealed unsafe class MelSpectrogram
{
    private readonly PowerFrames _frames;
    private readonly BandedRows _filters;
    private readonly AlignedFloats _bands;

    /// <exception cref="ArgumentException">An option lies outside its range.</exception>
    public MelSpectrogram(SpectrogramOptions options)
        : this(options, LaneWidths.Best)
    {
    }

    internal MelSpectrogram(SpectrogramOptions options, LaneWidth width)
        : this(options, SpectrumEngine.Of(width))
    {
    }

    internal MelSpectrogram(SpectrogramOptions options, SpectrumEngine engine)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        Options = options;
        _filters = MelFilters.Create(options);
        _frames = new(options.FftLength, Math.Max(1, _filters.Reach), options.Padding, engine);
        _bands = new(options.Bands * engine.Width);
    }

    public SpectrogramOptions Options { get; }

    /// <summary>Frames of so many samples; 0 where there are none, or without padding less than one frame.</summary>
    public int Frames(int samples)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        return Options.Padding != SpectrogramPadding.None ? samples == 0 ? 0 : 1 + samples / Options.Hop
            : samples < Options.FftLength ? 0
            : 1 + (samples - Options.FftLength) / Options.Hop;
    }

    /// <summary>The spectrogram, shape [frames × bands].</summary>
    /// <inheritdoc cref="Compute(ReadOnlySpan{float}, Span{float})"/>
    public float[] Compute(ReadOnlySpan<float> samples)
    {
        var values = new float[checked(Frames(samples.Length) * Options.Bands)];
        Compute(samples, values);
        return values;
    }

    /// <summary>The spectrogram into a caller's memory. Allocates nothing.</summary>
    /// <param name="samples">Finite, full scale ±1.</param>
    /// <param name="values">Receives it, shape [<see cref="Frames"/> × bands]; exactly as long.</param>
    /// <exception cref="ArgumentException">A length does not agree, or padding by reflection finds no more samples than half a frame.</exception>
    public void Compute(ReadOnlySpan<float> samples, Span<float> values)
    {
        var (frames, bands) = (Frames(samples.Length), Options.Bands);
        Require(samples.Length, frames, values.Length);
        var engine = _frames.Engine;
        var before = Options.Padding == SpectrogramPadding.None ? 0 : Options.FftLength / 2;
        fixed (float* to = values)
        {
            for (var frame = 0; frame < frames; frame += engine.Width)
            {
                var count = Math.Min(engine.Width, frames - frame);
                var power = _frames.Compute(samples, (long)frame * Options.Hop - before, Options.Hop, count);
                if (Options.Power == 1)
                {
                    engine.Root(power.Start, _frames.Bins);
                }
                engine.Project(_filters, power.Start, _bands.Start);
                if (Options.Compression.IsLogarithm)
                {
                    engine.Compress(Options.Compression, _bands.Start, _bands.Start, bands);
                }
                engine.Spread(_bands.Start, bands, to + (nint)frame * bands, bands, count);
            }
        }
        GC.KeepAlive(this);
        CutBelowTop(values);
    }

    private void Require(int samples, int frames, int values)
    {
        if (values != (long)frames * Options.Bands)
        {
            throw new ArgumentException($"{samples} samples make {frames} frames of {Options.Bands} bands; memory for {values} values was given.");
        }
        if (Options.Padding == SpectrogramPadding.Reflect && samples > 0 && samples <= Options.FftLength / 2)
        {
            throw new ArgumentException($"Padding by reflection needs more than {Options.FftLength / 2} samples; {samples} were given.");
        }
    }

    private void CutBelowTop(Span<float> values)
    {
        if (Options.Compression.Top is not { } top || values.IsEmpty)
        {
            return;
        }
        var greatest = float.NegativeInfinity;
        foreach (var value in values)
        {
            greatest = Math.Max(greatest, value);
        }
        foreach (ref var value in values)
        {
            value = Math.Max(value, greatest - top);
        }
    }
}
