using System.Runtime.InteropServices;
using Segue.Audio.Spectra;

namespace Segue.Audio.Descriptors;

/// <summary>Timbre, loudness and brightness, from the frames of <see cref="SpectrogramOptions.Production"/>.</summary>
internal sealed unsafe class SpectralShape
{
    private const int Total = 0, Moment = 1, Weighted = 2, Sums = 3;
    private const int CentroidPart = 0, RolloffPart = 1, FlatnessPart = 2, Parts = 3;

    // Mean square of a frame that is taken for silence (−90 dB), and the share of power below the rolloff.
    private const float Silence = 1e-9f, RolloffShare = 0.85f;
    private const int Coefficients = SoundDescriptors.Coefficients;

    private static readonly SpectrogramOptions Options = SpectrogramOptions.Production;
    private static readonly int Bins = Options.FftLength / 2 + 1;
    private static readonly SpectrumCompression OfGeometricMean = SpectrumCompression.Decibels(top: null);

    private readonly SpectrumEngine _engine;
    private readonly PowerFrames _frames;
    private readonly BandedRows _filters = MelFilters.Create(Options), _cosines = Cosines(), _sums = SumsOfBins(), _mean = Means();
    private readonly AlignedFloats _bands, _logarithms, _cepstra, _lanes, _perLane;
    private readonly RunningMoments _timbre = new(Coefficients), _differences = new(Coefficients), _brightness = new(Parts);
    private readonly LoudnessMeter _loudness = new();
    private readonly LevelMovement _movement = new();
    private readonly List<float> _powers = [];
    private readonly float[] _coefficients, _values;

    public SpectralShape(SpectrumEngine engine)
    {
        _engine = engine;
        _frames = new(Options.FftLength, Bins, SpectrogramPadding.None, engine);
        (_bands, _logarithms) = (new(Options.Bands * engine.Width), new(Options.Bands * engine.Width));
        (_cepstra, _lanes, _perLane) = (new(Coefficients * engine.Width), new(Sums * engine.Width), new(4 * engine.Width));
        (_coefficients, _values) = (new float[(engine.Width + 1) * Coefficients], new float[engine.Width * Options.Bands]);
    }

    /// <summary>Frames of a stretch; what is shorter than a frame is one, filled with silence.</summary>
    public static int Frames(int samples) => samples < Options.FftLength ? 1 : 1 + (samples - Options.FftLength) / Options.Hop;

    /// <summary>Hears a stretch.</summary>
    /// <param name="spectrum">Receives the logarithmic spectrogram as bytes, shape [frames × bands]; empty where none is wanted.</param>
    public void Add(ReadOnlySpan<float> stretch, Span<byte> spectrum)
    {
        var frames = Frames(stretch.Length);
        _powers.Clear();
        for (var frame = 0; frame < frames; frame += _engine.Width)
        {
            var count = Math.Min(_engine.Width, frames - frame);
            var power = _frames.Compute(stretch, (long)frame * Options.Hop, Options.Hop, count);
            _engine.Project(_filters, power.Start, _bands.Start);
            _engine.Compress(Options.Compression, _bands.Start, _logarithms.Start, Options.Bands);
            if (!spectrum.IsEmpty)
            {
                Quantize(count, spectrum.Slice(frame * Options.Bands, count * Options.Bands));
            }
            AddTimbre(count, first: frame == 0);
            AddBrightness(power, count);
        }
        _loudness.Add(CollectionsMarshal.AsSpan(_powers));
        _movement.Add(CollectionsMarshal.AsSpan(_powers));
        GC.KeepAlive(this);
    }

    /// <returns>How far the level moves within a second, in dB.</returns>
    public double Finish(Span<float> values)
    {
        for (var i = 0; i < Coefficients; i++)
        {
            values[SoundDescriptors.TimbreAt + i] = _timbre.Mean(i);
            values[SoundDescriptors.TimbreAt + Coefficients + i] = _timbre.Deviation(i);
            values[SoundDescriptors.TimbreAt + 2 * Coefficients + i] = _differences.Deviation(i);
        }
        (values[SoundDescriptors.LoudnessAt], values[SoundDescriptors.LoudnessRangeAt]) = _loudness.Finish();
        values[SoundDescriptors.CentroidAt] = _brightness.Mean(CentroidPart);
        values[SoundDescriptors.CentroidDeviationAt] = _brightness.Deviation(CentroidPart);
        values[SoundDescriptors.RolloffAt] = _brightness.Mean(RolloffPart);
        values[SoundDescriptors.FlatnessAt] = _brightness.Mean(FlatnessPart);
        _timbre.Clear();
        _differences.Clear();
        _brightness.Clear();
        return _movement.Finish();
    }

    private void Quantize(int count, Span<byte> bytes)
    {
        fixed (float* to = _values)
        {
            _engine.Spread(_logarithms.Start, Options.Bands, to, Options.Bands, count);
        }
        SpectrumBytes.Quantize(_values.AsSpan(0, bytes.Length), bytes);
    }

    private void AddTimbre(int count, bool first)
    {
        _engine.Project(_cosines, _logarithms.Start, _cepstra.Start);
        var before = _coefficients.AsSpan(0, Coefficients);   // the last frame of the block before
        var now = _coefficients.AsSpan(Coefficients);
        fixed (float* to = now)
        {
            _engine.Spread(_cepstra.Start, Coefficients, to, Coefficients, count);
        }
        for (var lane = 0; lane < count; lane++)
        {
            _timbre.Add(now.Slice(lane * Coefficients, Coefficients));
            if (lane > 0 || !first)
            {
                _differences.AddDifference(_coefficients.AsSpan(lane * Coefficients, Coefficients), now.Slice(lane * Coefficients, Coefficients));
            }
        }
        now.Slice((count - 1) * Coefficients, Coefficients).CopyTo(before);
    }

    private void AddBrightness(AlignedFloats power, int count)
    {
        var width = _engine.Width;
        _engine.Project(_sums, power.Start, _lanes.Start);
        var sums = _lanes.Span;
        for (var lane = 0; lane < width; lane++)
        {
            _perLane.Span[lane] = RolloffShare * sums[Total * width + lane];
        }
        float* thresholds = _perLane.Start, below = thresholds + width, arithmetic = below + width, geometric = arithmetic + width;
        _engine.CountBelow(power.Start, Bins, thresholds, below);
        _engine.Project(_mean, _bands.Start, arithmetic);
        _engine.Compress(OfGeometricMean, _bands.Start, _logarithms.Start, Options.Bands);
        _engine.Project(_mean, _logarithms.Start, geometric);
        Span<float> parts = stackalloc float[Parts];
        for (var lane = 0; lane < count; lane++)
        {
            _powers.Add(sums[Weighted * width + lane]);
            var total = sums[Total * width + lane];
            if (total * MeanSquareOfPower >= Silence)
            {
                parts[CentroidPart] = sums[Moment * width + lane] / total;
                parts[RolloffPart] = below[lane] * Options.SampleRate / Options.FftLength;
                parts[FlatnessPart] = Math.Min(1, MathF.Pow(10, geometric[lane] / 10) / Math.Max(arithmetic[lane], 1e-10f));
                _brightness.Add(parts);
            }
        }
    }

    // Parseval: both halves of the spectrum, and the Hann window's mean square of 3/8.
    private static float MeanSquareOfPower => (float)(2 / (Options.FftLength * (Options.FftLength * 3 / 8.0)));

    private static BandedRows Cosines() => BandedRows.Create(Coefficients, Options.Bands, (k, i)
        => Math.Sqrt((k == 0 ? 1.0 : 2.0) / Options.Bands) * Math.Cos(Math.PI * k * (2 * i + 1) / (2 * Options.Bands)));

    private static BandedRows Means() => BandedRows.Create(1, Options.Bands, (_, _) => 1.0 / Options.Bands);

    private static BandedRows SumsOfBins() => BandedRows.Create(Sums, Bins, (sum, bin) =>
    {
        var hertz = (double)bin * Options.SampleRate / Options.FftLength;
        return sum switch
        {
            Total => 1,
            Moment => hertz,
            _ => LoudnessMeter.Weight(hertz) * MeanSquareOfPower * (bin == 0 || bin == Bins - 1 ? 0.5 : 1),
        };
    });
}
