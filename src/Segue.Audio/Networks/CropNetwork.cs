using Segue.Audio.Embedding;
using Segue.Numerics.Networks;

namespace Segue.Audio.Networks;

/// <summary>What all networks of crops here are: a whole that is trained, and a part of it that gives the embedding.</summary>
public abstract class CropNetwork : ISoundEncoder
{
    private readonly Network _embedding;
    private readonly int _fewestFrames;

    /// <param name="networks">The part shares its layers with the whole.</param>
    /// <param name="size">Values that the part gives.</param>
    private protected CropNetwork((Network Whole, Network Embedding) networks, int size)
    {
        (Whole, _embedding, Size) = (networks.Whole, networks.Embedding, size);
        _fewestFrames = FewestFrames(_embedding);
    }

    /// <summary>Values of an embedding.</summary>
    public int Size { get; }

    /// <summary>Numbers that are learnt.</summary>
    public long Weights => Whole.Weights;

    /// <summary>Everything a model file or a checkpoint keeps.</summary>
    public NetworkState State => Whole.State;

    private protected Network Whole { get; }

    /// <summary>Embeds crops, with the running statistics where there are batch norms. Safe for many callers at once while nobody trains.</summary>
    /// <param name="crops">Log-mel values, shape [<paramref name="count"/> × <paramref name="frames"/> × 128].</param>
    /// <param name="embeddings">Receives [count × <see cref="Size"/>].</param>
    /// <exception cref="ArgumentException">A length does not agree, or the frames are too few.</exception>
    public void Embed(ReadOnlySpan<float> crops, int count, int frames, Span<float> embeddings, int threads = 1)
    {
        Require(frames);
        _embedding.Infer(crops, count, Shape(frames), embeddings, threads);
    }

    /// <summary>What the whole gives for crops that are not learnt from.</summary>
    private protected void Infer(ReadOnlySpan<float> crops, int count, int frames, Span<float> outputs, int threads)
    {
        Require(frames);
        Whole.Infer(crops, count, Shape(frames), outputs, threads);
    }

    /// <summary>Begins a step of training.</summary>
    /// <exception cref="ArgumentException">A length does not agree, the frames are too few, or the rate is not positive.</exception>
    private protected Signal Forward(ReadOnlySpan<float> crops, int count, int frames, float learningRate, int threads)
    {
        Require(frames);
        RequirePositive(learningRate, nameof(learningRate), "A learning rate");
        return Whole.Forward(crops, count, Shape(frames), threads);
    }

    /// <exception cref="ArgumentOutOfRangeException">The value is not positive and finite.</exception>
    private protected static void RequirePositive(float value, string parameter, string what)
    {
        if (!(value > 0 && float.IsFinite(value)))
        {
            throw new ArgumentOutOfRangeException(parameter, value, $"{what} is positive and finite.");
        }
    }

    private static SignalShape Shape(int frames) => new(frames, TrackFeatures.Bands);

    private void Require(int frames)
    {
        if (frames < _fewestFrames)
        {
            throw new ArgumentOutOfRangeException(nameof(frames), frames, $"A crop needs at least {_fewestFrames} frames for this network.");
        }
    }

    // The fewest for which there is an output.
    private static int FewestFrames(Network network)
    {
        var (low, high) = (0, 1);
        while (network.OutputFor(Shape(high)).Length < 1)
        {
            (low, high) = (high, 2 * high);
        }
        while (high - low > 1)
        {
            var middle = low + (high - low) / 2;
            (low, high) = network.OutputFor(Shape(middle)).Length < 1 ? (middle, high) : (low, middle);
        }
        return high;
    }
}
