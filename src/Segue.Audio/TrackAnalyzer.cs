using Segue.Audio.Decoding;
using Segue.Audio.Descriptors;
using Segue.Audio.Embedding;
using Segue.Audio.Onnx;
using Segue.Numerics;

namespace Segue.Audio;

/// <summary>Listens to files: decodes the windows of a plan, describes them, keeps their spectra, and says what became of the file. For one file at a time.</summary>
/// <remarks>Memory does not depend on the length of a file but for what is kept, 25 kB for each whole window of 10 s; of a file heard whole
/// the spectra of <see cref="WindowPlan.Spread"/>'s number of windows are kept, evenly.</remarks>
/// <param name="decoder">Disposed of with this.</param>
public sealed class TrackAnalyzer(IAudioDecoder decoder, WindowPlan plan) : IDisposable
{
    /// <summary>Changes when another analysis of the same file gives other numbers.</summary>
    public const int Version = 1;

    private const int WindowSamples = 10 * AudioLimits.SampleRate;

    // Of a long file every second spectrum is dropped when there are more, again and again.
    private const int MostSpectra = 60;

    private readonly TrackDescriber _describer = new();
    private readonly List<byte[]> _spectra = [];
    private readonly float[] _window = new float[WindowSamples];
    private int _every, _windows;
    private long _samples;
    private double _loudest;
    private BackboneMean? _layer;

    /// <param name="backbone">Makes a layer of what is heard; null: there is none.</param>
    /// <exception cref="OnnxException">The backbone failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public TrackAnalysis Analyze(string path, CancellationToken cancellation, Backbone? backbone = null)
    {
        (_every, _windows, _samples, _loudest) = (1, 0, 0, 0);
        _layer = backbone?.Description.Input == OnnxInput.Samples ? new(backbone) : null;
        _spectra.Clear();
        DecodeReport report;
        SoundDescriptors descriptors;
        try
        {
            report = decoder.Decode(path, plan, Take, cancellation);
        }
        finally
        {
            descriptors = Finish();
        }
        var heard = TimeSpan.FromSeconds((double)_samples / AudioLimits.SampleRate);
        var duration = report.Duration > heard ? report.Duration : heard;
        return report.Outcome != AudioOutcome.Ok ? new(report.Outcome, report.Fault, report.Duration, null)
            : heard < AudioLimits.Shortest ? new(AudioOutcome.TooShort, FormattableString.Invariant($"It holds {heard.TotalSeconds:F1} s of sound; at least {AudioLimits.Shortest.TotalSeconds:F0} s make a track."), duration, null)
            : _loudest < AudioLimits.SilentBelow ? new(AudioOutcome.Silent, "It holds no sound louder than -80 dB.", duration, null)
            : !double.IsFinite(_loudest) ? new(AudioOutcome.Corrupt, "Its samples lie far beyond full scale.", duration, null)
            : new(AudioOutcome.Ok, null, duration, Features(descriptors, backbone));
    }

    public void Dispose() => decoder.Dispose();

    private void Take(AudioWindow heard)
    {
        var samples = heard.Samples.Span;
        for (var at = 0; at < samples.Length; at += WindowSamples)
        {
            TakeStretch(samples[at..Math.Min(at + WindowSamples, samples.Length)]);
        }
    }

    private void TakeStretch(ReadOnlySpan<float> stretch)
    {
        _samples += stretch.Length;
        var loudness = Vectors.Norm(stretch) / Math.Sqrt(stretch.Length);
        _loudest = loudness > _loudest || !double.IsFinite(loudness) ? loudness : _loudest;
        if (!double.IsFinite(_loudest))
        {
            return;   // beyond what descriptors are made of
        }
        if (stretch.Length == WindowSamples)
        {
            var spectrum = new byte[TrackFeatures.WindowBytes];
            _describer.Add(stretch, spectrum);
            Keep(spectrum);
            _layer?.Add(stretch);
            return;
        }
        _describer.Add(stretch);
        if (_windows == 0)   // should no whole window come, this one fills one again and again
        {
            for (var at = 0; at < _window.Length; at += stretch.Length)
            {
                stretch[..Math.Min(stretch.Length, _window.Length - at)].CopyTo(_window.AsSpan(at));
            }
        }
    }

    private void Keep(byte[] spectrum)
    {
        if (_windows++ % _every == 0)
        {
            _spectra.Add(spectrum);
        }
        if (_spectra.Count > MostSpectra)
        {
            for (var n = _spectra.Count - 1; n > 0; n -= 2)
            {
                _spectra.RemoveAt(n);
            }
            _every *= 2;
        }
    }

    private SoundDescriptors Finish()
    {
        try
        {
            return _describer.Finish();
        }
        catch (ArgumentException)
        {
            _loudest = double.PositiveInfinity;   // told as corrupt
            return _describer.Finish();
        }
    }

    private TrackFeatures Features(SoundDescriptors descriptors, Backbone? backbone)
    {
        var spectra = Spectra();
        return new(descriptors.Values.ToArray(), spectra, _layer is null ? backbone?.OfSpectra(spectra) : _layer.Take());
    }

    private byte[] Spectra()
    {
        if (_windows == 0)
        {
            _layer?.Add(_window);
            var spectrum = new byte[TrackFeatures.WindowBytes];
            _describer.Add(_window, spectrum);
            _ = _describer.Finish();   // its descriptors are told already
            return spectrum;
        }
        var kept = Math.Min(_spectra.Count, WindowPlan.Spread.Count);
        return [.. Enumerable.Range(0, kept).SelectMany(n => _spectra[(int)((n + 0.5) * _spectra.Count / kept)])];
    }
}
