namespace Segue.Audio.Spectra;

/// <summary>Power spectra of frames cut from a signal, a lane set at a time. One thread at a time.</summary>
internal sealed unsafe class PowerFrames
{
    private readonly FftTables _tables;
    private readonly SpectrogramPadding _edges;
    private readonly AlignedFloats _re, _im, _power, _copies;

    /// <param name="length">Samples of a frame: a power of two.</param>
    /// <param name="bins">Frequencies wanted, at most length / 2 + 1.</param>
    public PowerFrames(int length, int bins, SpectrogramPadding edges, SpectrumEngine engine)
    {
        (_tables, _edges, Bins, Engine) = (new(length), edges, bins, engine);
        (_re, _im) = (new(_tables.Half * engine.Width), new(_tables.Half * engine.Width));
        (_power, _copies) = (new((_tables.Half + 1) * engine.Width), new(length * engine.Width));
    }

    public int Bins { get; }

    public SpectrumEngine Engine { get; }

    /// <summary>|X[k]|² of up to a lane set of frames; lanes from <paramref name="count"/> on repeat the last frame.</summary>
    /// <param name="first">Sample at which the first frame begins; may lie before the signal.</param>
    /// <returns>Shape [bins × width]; valid until the next call.</returns>
    public AlignedFloats Compute(ReadOnlySpan<float> samples, long first, int hop, int count)
    {
        var starts = stackalloc float*[Engine.Width];
        fixed (float* signal = samples)
        {
            for (var lane = 0; lane < Engine.Width; lane++)
            {
                var start = first + (long)Math.Min(lane, count - 1) * hop;
                starts[lane] = start >= 0 && start + _tables.Length <= samples.Length ? signal + start
                    : lane < count ? Copy(samples, start, lane)
                    : starts[lane - 1];
            }
            Engine.Power(_tables, starts, _re.Start, _im.Start, _power.Start, Bins);
        }
        return _power;
    }

    // A frame that reaches beyond the signal.
    private float* Copy(ReadOnlySpan<float> samples, long start, int lane)
    {
        var copy = _copies.Span.Slice(lane * _tables.Length, _tables.Length);
        for (var i = 0; i < copy.Length; i++)
        {
            var at = start + i;
            if (_edges == SpectrogramPadding.Reflect)
            {
                at = at < 0 ? -at : at < samples.Length ? at : 2L * (samples.Length - 1) - at;
            }
            copy[i] = at >= 0 && at < samples.Length ? samples[(int)at] : 0;
        }
        return _copies.Start + lane * _tables.Length;
    }
}
