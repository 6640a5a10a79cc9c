using Segue.Audio.Embedding;
using Segue.Audio.Onnx;
using Segue.Features.Sound;
using Segue.Numerics;

namespace Segue.Server.Music;

/// <summary>Sees to it that the library has a backbone's layer of each track. A layer is made once for a content, however many models are trained with it.</summary>
internal sealed class BackboneLayers(SoundLibrary library, Backbone backbone, HearAgain hear)
{
    private const int Batch = 64;   // what a stop loses at most
    private volatile string? _fault;

    /// <summary>Why the backbone gave no layer of the last track of which it gave none; null where it did not fail.</summary>
    public string? Fault => _fault;

    private string Sha256 => backbone.Description.Sha256;

    /// <summary>Makes the layers that are missing. A track that cannot be heard has none, one at which the backbone fails an empty one.</summary>
    /// <param name="progress">Told the share that is done.</param>
    /// <exception cref="OperationCanceledException">Cancelled; what was made is kept.</exception>
    public void Fill(int threads, IProgress<double>? progress, CancellationToken cancellation)
    {
        var (missing, done) = (library.TracksWithoutLayer(Sha256), 0);
        foreach (var batch in missing.Chunk(Batch))
        {
            var layers = new SoundLayer?[batch.Length];
            Workers.For(batch.Length, threads, n => layers[n] = Make(batch[n], cancellation), cancellation);
            library.UpsertLayers(Sha256, [.. layers.OfType<SoundLayer>()]);
            progress?.Report((double)(done += batch.Length) / missing.Count);
        }
    }

    private SoundLayer? Make(TrackContent track, CancellationToken cancellation)
    {
        try
        {
            var spectra = backbone.Description.Input == OnnxInput.LogMel ? library.FindSpectra(track.Track) : null;
            var layer = spectra is { } kept && kept.Sound == track.Sound ? backbone.OfSpectra(kept.Values)
                : library.FindFile(track.Track) is { } path ? hear(path, backbone, cancellation)?.Layer
                : null;
            return layer is null ? null : new(track.Sound, layer);
        }
        catch (OnnxException fault)
        {
            _fault = fault.Message;
            return new(track.Sound, []);   // that is known now, and not tried with every scan
        }
    }
}
