using Segue.Audio.Descriptors;
using Segue.Numerics;

namespace Segue.Audio.Embedding;

/// <summary>Makes a track's vector of its descriptors and its spectra. Immutable; safe for any number of callers.</summary>
/// <remarks>Features of a track: blocks of the descriptors, then what each encoder makes of the windows, as a mean over them. A model without
/// encoders needs no training.</remarks>
public sealed class SoundModel
{
    // Timbre, rhythm, and the rest of the base vector: each is brought to its weight as length.
    private static readonly (int Length, float Weight)[] BaseBlocks =
        [(SoundDescriptors.TimbreLength, 1), (SoundDescriptors.RhythmLength, 0.35f), (SoundDescriptors.ShapeLength, 0.35f)];

    private readonly IReadOnlyList<ISoundEncoder> _encoders;
    private readonly SpectrumScale _scale;

    /// <param name="scale">What the encoders see windows by.</param>
    /// <param name="backbone">Whose layer is the last block; null: no backbone's.</param>
    /// <exception cref="ArgumentException">The blocks of the projection are not those of the descriptors, of the encoders and of the backbone.</exception>
    public SoundModel(IReadOnlyList<ISoundEncoder> encoders, SpectrumScale scale, SoundProjection projection, BackboneDescription? backbone = null)
    {
        if (!projection.Blocks.SequenceEqual(BlocksOf(encoders, backbone)))
        {
            throw new ArgumentException($"The projection has blocks of {string.Join(", ", projection.Blocks)} features; the model has {string.Join(", ", BlocksOf(encoders, backbone))}.", nameof(projection));
        }
        (_encoders, _scale, Projection, Backbone) = (encoders, scale, projection, backbone);
    }

    public IReadOnlyList<ISoundEncoder> Encoders => _encoders;
    public SpectrumScale Scale => _scale;
    public SoundProjection Projection { get; }

    /// <summary>The backbone whose layer each track must come with; null: none.</summary>
    public BackboneDescription? Backbone { get; }

    /// <summary>Length of a vector.</summary>
    public int Dimensions => Projection.Dimensions;

    /// <summary>Features of the blocks that descriptors, encoders and a backbone make.</summary>
    public static IReadOnlyList<int> BlocksOf(IReadOnlyList<ISoundEncoder> encoders, BackboneDescription? backbone = null)
        => [.. BaseBlocks.Select(block => block.Length), .. encoders.Select(encoder => encoder.Size), .. backbone is null ? Array.Empty<int>() : [backbone.Dimensions]];

    /// <summary>What the blocks weigh.</summary>
    public static IReadOnlyList<float> WeightsOf(IReadOnlyList<ISoundEncoder> encoders, BackboneDescription? backbone = null)
        => [.. BaseBlocks.Select(block => block.Weight), .. encoders.Select(_ => 1f), .. backbone is null ? Array.Empty<float>() : [1f]];

    /// <summary>Fits the projection of a model to tracks.</summary>
    /// <param name="albums">Album of each track, below 0 where it is not known.</param>
    /// <exception cref="ArgumentException">There are fewer than <see cref="SoundProjection.FewestTracks"/>, or lengths do not agree.</exception>
    public static SoundModel Fit(
        IReadOnlyList<ISoundEncoder> encoders, SpectrumScale scale, IReadOnlyList<TrackFeatures> tracks, ReadOnlySpan<int> albums, int threads, BackboneDescription? backbone = null)
    {
        var blocks = BlocksOf(encoders, backbone);
        var features = new DenseMatrix(tracks.Count, blocks.Sum());
        Workers.For(tracks.Count, threads, n => Describe(tracks[n], encoders, scale, features.Row(n)));
        return new(encoders, scale, SoundProjection.Fit(features, blocks, WeightsOf(encoders, backbone), albums, new(), threads), backbone);
    }

    /// <summary>What descriptors, encoders and a backbone tell of a track, before any projection.</summary>
    /// <param name="features">Receives the blocks, one after the other; the track's layer, where there is room behind the encoders' blocks.</param>
    /// <exception cref="ArgumentException">The track comes without the layer for which there is room.</exception>
    public static void Describe(TrackFeatures track, IReadOnlyList<ISoundEncoder> encoders, SpectrumScale scale, Span<float> features)
    {
        new SoundDescriptors(track.Descriptors).BaseVector.CopyTo(features);
        var end = SoundDescriptors.BaseLength + encoders.Sum(encoder => encoder.Size);
        Embed(track, encoders, scale, features[SoundDescriptors.BaseLength..end]);
        if (features.Length > end)
        {
            if (track.Layer?.Length != features.Length - end)
            {
                throw new ArgumentException($"A track comes with a layer of {track.Layer?.Length ?? 0} numbers; the model's backbone gives {features.Length - end}.", nameof(track));
            }
            track.Layer.CopyTo(features[end..]);
        }
    }

    private static void Embed(TrackFeatures track, IReadOnlyList<ISoundEncoder> encoders, SpectrumScale scale, Span<float> features)
    {
        if (encoders.Count == 0 || track.Windows == 0)
        {
            features.Clear();
            return;
        }
        var at = 0;
        var crops = new float[track.Spectra.Length];
        scale.Apply(track.Spectra, crops);
        foreach (var encoder in encoders)
        {
            var embedded = new float[track.Windows * encoder.Size];
            encoder.Embed(crops, track.Windows, TrackFeatures.FramesOfWindow, embedded);
            var mean = features.Slice(at, encoder.Size);
            mean.Clear();
            for (var window = 0; window < track.Windows; window++)
            {
                Vectors.AddScaled(mean, embedded.AsSpan(window * encoder.Size, encoder.Size), 1f / track.Windows);
            }
            at += encoder.Size;
        }
    }

    /// <summary>A track's vector, length <see cref="Dimensions"/>: of length 1, or 0 where nothing tells the track from the mean.</summary>
    public float[] VectorOf(TrackFeatures track)
    {
        var features = new float[Projection.Features];
        Describe(track, _encoders, _scale, features);
        var vector = new float[Dimensions];
        Projection.Apply(features, vector);
        return vector;
    }
}
