using Segue.Numerics.Networks;

namespace Segue.Audio.Embedding;

/// <summary>A network that tells crops of spectrograms apart by some of its values.</summary>
public interface ISoundEncoder
{
    /// <summary>Values of an embedding.</summary>
    int Size { get; }

    /// <summary>Everything a model file or a checkpoint keeps.</summary>
    NetworkState State { get; }

    /// <summary>Embeds crops. Safe for many callers at once while nobody trains.</summary>
    /// <param name="crops">Log-mel values by <see cref="SpectrumScale"/>, shape [<paramref name="count"/> × <paramref name="frames"/> × <see cref="TrackFeatures.Bands"/>].</param>
    /// <param name="embeddings">Receives [count × <see cref="Size"/>].</param>
    /// <exception cref="ArgumentException">A length does not agree, or the frames are too few.</exception>
    void Embed(ReadOnlySpan<float> crops, int count, int frames, Span<float> embeddings, int threads = 1);
}
