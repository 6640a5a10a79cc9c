using System.Security.Cryptography;
using Segue.Audio.Onnx;

namespace Segue.Audio.Embedding;

/// <summary>What a sound model keeps of the backbone whose layer is a part of its vectors.</summary>
/// <param name="Sha256">Of the bytes of the backbone's file: 64 hexadecimal digits, small letters.</param>
/// <param name="Bytes">Of the file.</param>
/// <param name="Dimensions">Length of a layer.</param>
public sealed record BackboneDescription(string Sha256, long Bytes, OnnxInput Input, int Dimensions);

/// <summary>A model that somebody brings, as a part of sound vectors: its layer of a track is the mean of what it gives for the windows.</summary>
/// <remarks>
/// Of samples it gets windows of 10 s, of spectra [1 × frames × 128] values log10(1 + 10⁴·S) of windows of <see cref="TrackFeatures.FramesOfWindow"/> frames (see docs/sound.md). One whose
/// length is fixed gets the window in as many whole pieces as there are, one after the other. See <see cref="OnnxBackbone"/> for trust. Safe for any number of threads.
/// </remarks>
public sealed class Backbone : IDisposable
{
    /// <summary>Samples of a window.</summary>
    public const int WindowSamples = 10 * AudioLimits.SampleRate;

    /// <summary>Longest layer: beyond it a projection takes minutes.</summary>
    public const int MostDimensions = 2048;

    private const int MostPieces = 100;
    private readonly OnnxBackbone _model;

    private Backbone(OnnxBackbone model, BackboneDescription description) => (_model, Description) = (model, description);

    public BackboneDescription Description { get; }

    /// <summary>Opens a model whose input says by its shape what it hears: [1 × n] samples, [1 × frames × 128] spectra.</summary>
    /// <param name="path">An .onnx file, with all of its weights in it.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="OnnxMissingException">ONNX Runtime's library is not on this machine.</exception>
    /// <exception cref="OnnxException">The file is no model, or takes or gives shapes that do not fit; the message says which are allowed.</exception>
    public static Backbone Open(string path)
    {
        var model = OnnxBackbone.Open(path);
        try
        {
            Require(model, path);
            using var file = File.OpenRead(path);
            return new(model, new(Convert.ToHexStringLower(SHA256.HashData(file)), file.Length, model.Input, model.Dimensions));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The layer of a track of which the spectra are kept.</summary>
    /// <param name="spectra">As in <see cref="TrackFeatures.Spectra"/>.</param>
    /// <returns>Null without a window.</returns>
    /// <exception cref="InvalidOperationException">The model hears samples.</exception>
    /// <exception cref="OnnxException">The model failed, or its answer is not finite.</exception>
    public float[]? OfSpectra(ReadOnlySpan<byte> spectra)
    {
        if (Description.Input != OnnxInput.LogMel)
        {
            throw new InvalidOperationException("A backbone that hears samples makes nothing of spectra.");
        }
        var (mean, window) = (new BackboneMean(this), new float[TrackFeatures.WindowBytes]);
        for (var at = 0; at < spectra.Length; at += window.Length)
        {
            for (var n = 0; n < window.Length; n++)
            {
                window[n] = spectra[at + n] / Spectra.SpectrumBytes.Scale;
            }
            mean.Add(window);
        }
        return mean.Take();
    }

    public void Dispose() => _model.Dispose();

    /// <summary>Adds what the model makes of each piece of a window.</summary>
    /// <returns>How many pieces there were.</returns>
    internal int AddTo(Span<double> sum, ReadOnlySpan<float> window)
    {
        var length = _model.Length is { } fixedLength ? fixedLength * _model.Bands : window.Length;
        var (pieces, vector) = (window.Length / length, new float[_model.Dimensions]);
        for (var piece = 0; piece < pieces; piece++)
        {
            _model.Embed(window.Slice(piece * length, length), vector);
            for (var n = 0; n < vector.Length; n++)
            {
                sum[n] += vector[n];
            }
        }
        return pieces;
    }

    private static void Require(OnnxBackbone model, string path)
    {
        var (window, unit) = model.Input == OnnxInput.Samples ? (WindowSamples, "samples") : (TrackFeatures.FramesOfWindow, "frames");
        if (model.Input == OnnxInput.LogMel && model.Bands != TrackFeatures.Bands)
        {
            throw new OnnxException($"The model {path} takes [1 × frames × {model.Bands:N0}]; it must take [1 × frames × {TrackFeatures.Bands}] spectra, or [1 × n] samples at {AudioLimits.SampleRate:N0} a second.");
        }
        var least = (window + MostPieces - 1) / MostPieces;
        if (model.Length is { } length && (length < least || length > window))
        {
            throw new OnnxException($"The model {path} takes {length:N0} {unit}; allowed are {least:N0} to {window:N0}, or any number.");
        }
        if (model.Dimensions > MostDimensions)
        {
            throw new OnnxException($"The model {path} gives {model.Dimensions:N0} numbers; allowed are 1 to {MostDimensions:N0}.");
        }
    }
}

/// <summary>The mean of what a backbone makes of windows, in the order of adding. For one thread.</summary>
internal sealed class BackboneMean(Backbone backbone)
{
    private readonly double[] _sum = new double[backbone.Description.Dimensions];
    private int _pieces;

    /// <param name="window">Samples, or frames × bands.</param>
    public void Add(ReadOnlySpan<float> window) => _pieces += backbone.AddTo(_sum, window);

    /// <returns>Null where nothing was added.</returns>
    public float[]? Take() => _pieces == 0 ? null : Array.ConvertAll(_sum, sum => (float)(sum / _pieces));
}
