using Segue.Audio.Spectra;

namespace Segue.Audio.Descriptors;

/// <summary>How much of a track sounds in each of the twelve pitch classes, tuned to A = 440 Hz.</summary>
/// <remarks>Peaks of the spectrum between 80 Hz and 5 kHz, placed between bins by a parabola through their logarithms, weighed by amplitude and
/// shared between the two nearest classes, after Gómez, "Tonal Description of Polyphonic Audio", INFORMS Journal on Computing 2006. Each frame (0.19 s, three a second) counts the same, whatever its level.</remarks>
internal sealed unsafe class PitchClasses
{
    private const int FftLength = 4096, Hop = AudioLimits.SampleRate / 3;
    private const float Lowest = 80, Highest = 5_000, HertzOfBin = (float)AudioLimits.SampleRate / FftLength;
    private const int FirstBin = (int)(Lowest / HertzOfBin) + 1, Bins = (int)(Highest / HertzOfBin) + 2;

    // Peaks 40 dB below the frame's highest, and all below −90 dB of full scale, are no tones.
    private const float Share = 1e-4f, Floor = 1e-9f * FftLength * FftLength / 16;

    private readonly PowerFrames _frames;
    private readonly float[] _spectra;
    private readonly double[] _classes = new double[12];
    private readonly float[] _frame = new float[12];

    public PitchClasses(SpectrumEngine engine)
    {
        _frames = new(FftLength, Bins, SpectrogramPadding.None, engine);
        _spectra = new float[engine.Width * Bins];
    }

    /// <summary>Hears a stretch; what is shorter than a frame is one, filled with silence.</summary>
    public void Add(ReadOnlySpan<float> stretch)
    {
        var frames = stretch.Length < FftLength ? 1 : 1 + (stretch.Length - FftLength) / Hop;
        var engine = _frames.Engine;
        for (var frame = 0; frame < frames; frame += engine.Width)
        {
            var count = Math.Min(engine.Width, frames - frame);
            var power = _frames.Compute(stretch, (long)frame * Hop, Hop, count);
            fixed (float* to = _spectra)
            {
                engine.Spread(power.Start, Bins, to, Bins, count);
            }
            for (var lane = 0; lane < count; lane++)
            {
                AddFrame(_spectra.AsSpan(lane * Bins, Bins));
            }
        }
        GC.KeepAlive(this);
    }

    public void Finish(Span<float> values)
    {
        var chroma = values.Slice(SoundDescriptors.ChromaAt, 12);
        var sum = _classes.Sum();
        for (var i = 0; i < 12; i++)
        {
            chroma[i] = sum > 0 ? (float)(_classes[i] / sum) : 0;
        }
        var (key, major, strength) = KeySearch.Find(chroma);
        (values[SoundDescriptors.KeyAt], values[SoundDescriptors.ModeAt], values[SoundDescriptors.KeyStrengthAt]) = (key, major ? 1 : 0, strength);
        Array.Clear(_classes);
    }

    private void AddFrame(ReadOnlySpan<float> power)
    {
        Array.Clear(_frame);
        var least = Floor;
        foreach (var value in power[FirstBin..])
        {
            least = value * Share > least ? value * Share : least;
        }
        for (var bin = FirstBin; bin < Bins - 1; bin++)
        {
            if (power[bin] > least && power[bin] > power[bin - 1] && power[bin] >= power[bin + 1])
            {
                AddPeak(power, bin);
            }
        }
        double sum = _frame.Sum();
        for (var i = 0; i < 12 && sum > 0; i++)
        {
            _classes[i] += _frame[i] / sum;
        }
    }

    private void AddPeak(ReadOnlySpan<float> power, int bin)
    {
        // Neighbors may be 0; 1e-12 of the peak is as good.
        float before = MathF.Log(Math.Max(power[bin - 1] / power[bin], 1e-12f)), after = MathF.Log(Math.Max(power[bin + 1] / power[bin], 1e-12f));
        var shift = before + after < 0 ? 0.5f * (before - after) / (before + after) : 0;
        var pitch = 69 + 12 * MathF.Log2((bin + shift) * (HertzOfBin / 440));   // positive: from 80 Hz on
        var below = (int)pitch;
        var rest = pitch - below;
        var amplitude = MathF.Sqrt(power[bin]);
        _frame[below % 12] += amplitude * (1 - rest);
        _frame[(below + 1) % 12] += amplitude * rest;
    }
}
