using Segue.Audio.Embedding;
using Segue.Numerics.Networks;
using Segue.Numerics.Networks.Losses;

namespace Segue.Audio.Networks;

/// <summary>Learns where crops lie to each other: those of one group (a track, an album, a session) near, all others far.</summary>
/// <remarks>
/// Four convolutions over time with filters of 4 steps, max-pooled by 4, 2, 2 and 1, each with batch norm and a rectifier; then mean, maximum and root mean square
/// over time: the pooled layer, which is the embedding. A projection of unit length on top serves the loss alone, for what lies before a projection
/// compares better (Chen et al., "A Simple Framework for Contrastive Learning of Visual Representations", ICML 2020). The loss is supervised contrastive;
/// see <see cref="ContrastiveLoss"/>.
/// </remarks>
public sealed class ContrastiveEncoder : ISoundEncoder
{
    private readonly ContrastiveEncoderOptions _options;
    private readonly Network _whole, _encoder;
    private readonly int _fewestFrames;

    /// <param name="seed">Of the first weights.</param>
    /// <exception cref="ArgumentException">There are not four numbers of channels, or a number is not positive.</exception>
    public ContrastiveEncoder(ContrastiveEncoderOptions options, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Projection);
        if (!(options.Temperature > 0 && float.IsFinite(options.Temperature)))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Temperature, "A temperature is positive and finite.");
        }
        _options = options;
        Layer[] encoder = [.. PooledConvolutions.Create(options.Channels, normalized: true), new GlobalPool()];
        PooledSize = 3 * options.Channels[^1];
        _whole = new([.. encoder, new Dense(PooledSize, options.Projection), new UnitLength()], seed);
        _encoder = new(encoder, seed: null);
        _fewestFrames = Crops.FewestFrames(_encoder);
    }

    public ContrastiveEncoderOptions Options => _options;

    /// <summary>Values of an embedding: three for each channel of the last convolution.</summary>
    public int PooledSize { get; }

    int ISoundEncoder.Size => PooledSize;

    /// <summary>Numbers that are learnt.</summary>
    public long Weights => _whole.Weights;

    /// <summary>Everything a model file or a checkpoint keeps.</summary>
    public NetworkState State => _whole.State;

    /// <summary>Embeds crops, with the running statistics of batch norm. Safe for many callers at once while nobody trains.</summary>
    /// <param name="crops">Log-mel values, shape [<paramref name="count"/> × <paramref name="frames"/> × 128].</param>
    /// <param name="embeddings">Receives [count × <see cref="PooledSize"/>].</param>
    /// <exception cref="ArgumentException">A length does not agree, or the frames are too few.</exception>
    public void Embed(ReadOnlySpan<float> crops, int count, int frames, Span<float> embeddings, int threads = 1)
    {
        Crops.Require(frames, _fewestFrames);
        _encoder.Infer(crops, count, Crops.Shape(frames), embeddings, threads);
    }

    /// <summary>One step of Adam; the same for any number of threads.</summary>
    /// <param name="crops">Shape [<paramref name="count"/> × <paramref name="frames"/> × 128].</param>
    /// <param name="groups">Group of each crop; a crop alone in its group is only pushed away from.</param>
    /// <returns>The loss before the step.</returns>
    /// <exception cref="ArgumentException">A length does not agree, the frames are too few, or the rate is not positive.</exception>
    public float TrainStep(ReadOnlySpan<float> crops, int count, int frames, ReadOnlySpan<int> groups, float learningRate, int threads)
    {
        Crops.Require(frames, _fewestFrames);
        Crops.RequireRate(learningRate);
        Numerics.Shape.RequireSame(count, groups.Length);
        var outputs = _whole.Forward(crops, count, Crops.Shape(frames), threads).AsSpan();
        var loss = ContrastiveLoss.Loss(outputs, groups, _options.Projection, _options.Temperature, _whole.OutputGradient.AsSpan());
        _whole.Step(learningRate, threads);
        return loss;
    }
}
