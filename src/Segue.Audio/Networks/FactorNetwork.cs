using Segue.Audio.Embedding;
using Segue.Numerics.Networks;
using Segue.Numerics.Networks.Losses;

namespace Segue.Audio.Networks;

/// <summary>Predicts a track's latent factors from its sound.</summary>
/// <remarks>
/// The network of Dieleman, "Recommending music on Spotify with deep learning", 2014: four convolutions over time with filters of 4 steps and rectifiers,
/// max-pooled by 4, 2 and 2; mean, maximum and root mean square over time (the pooled layer); two dense layers with rectifiers; linear outputs. By default
/// 8.6 million weights: a training step of 32 crops of 599 frames takes about 300 MB.
/// </remarks>
public sealed class FactorNetwork : ISoundEncoder
{
    private readonly FactorNetworkOptions _options;
    private readonly Network _whole, _convolutions;
    private readonly int _fewestFrames;

    /// <param name="seed">Of the first weights and of dropout.</param>
    /// <exception cref="ArgumentException">There are not four numbers of channels, or a number lies outside of its range.</exception>
    public FactorNetwork(FactorNetworkOptions options, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Hidden);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Outputs);
        if (!(options.Temperature > 0 && float.IsFinite(options.Temperature)))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Temperature, "A temperature is positive and finite.");
        }
        _options = options;
        Layer[] convolutions = [.. PooledConvolutions.Create(options.Channels, normalized: false), new GlobalPool()];
        PooledSize = 3 * options.Channels[^1];
        _whole = new(
            [
                .. convolutions, .. Hidden(PooledSize), .. Hidden(options.Hidden),
                new Dense(options.Hidden, options.Outputs), new Bias(options.Outputs),
            ],
            seed);
        _convolutions = new(convolutions, seed: null);
        _fewestFrames = Crops.FewestFrames(_convolutions);
    }

    public FactorNetworkOptions Options => _options;

    /// <summary>Values of the pooled layer: three for each channel of the last convolution.</summary>
    public int PooledSize { get; }

    /// <summary>Values predicted.</summary>
    public int Outputs => _options.Outputs;

    int ISoundEncoder.Size => PooledSize;

    /// <summary>Numbers that are learnt.</summary>
    public long Weights => _whole.Weights;

    /// <summary>Everything a model file or a checkpoint keeps.</summary>
    public NetworkState State => _whole.State;

    /// <summary>The pooled layer of crops. Safe for many callers at once while nobody trains.</summary>
    /// <param name="crops">Log-mel values, shape [<paramref name="count"/> × <paramref name="frames"/> × 128].</param>
    /// <param name="embeddings">Receives [count × <see cref="PooledSize"/>].</param>
    /// <exception cref="ArgumentException">A length does not agree, or the frames are too few.</exception>
    public void Embed(ReadOnlySpan<float> crops, int count, int frames, Span<float> embeddings, int threads = 1)
    {
        Crops.Require(frames, _fewestFrames);
        _convolutions.Infer(crops, count, Crops.Shape(frames), embeddings, threads);
    }

    /// <summary>Predicts factors of crops. Safe for many callers at once while nobody trains.</summary>
    /// <param name="crops">Shape [<paramref name="count"/> × <paramref name="frames"/> × 128].</param>
    /// <param name="outputs">Receives [count × <see cref="Outputs"/>].</param>
    /// <exception cref="ArgumentException">A length does not agree, or the frames are too few.</exception>
    public void Predict(ReadOnlySpan<float> crops, int count, int frames, Span<float> outputs, int threads = 1)
    {
        Crops.Require(frames, _fewestFrames);
        _whole.Infer(crops, count, Crops.Shape(frames), outputs, threads);
    }

    /// <summary>One step of Adam; the same for any number of threads.</summary>
    /// <param name="crops">Shape [<paramref name="count"/> × <paramref name="frames"/> × 128].</param>
    /// <param name="targets">True factors, shape [count × <see cref="Outputs"/>].</param>
    /// <returns>The loss before the step.</returns>
    /// <exception cref="ArgumentException">A length does not agree, the frames are too few, or the rate is not positive.</exception>
    public float TrainStep(ReadOnlySpan<float> crops, int count, int frames, ReadOnlySpan<float> targets, float learningRate, int threads)
    {
        Crops.Require(frames, _fewestFrames);
        Crops.RequireRate(learningRate);
        Numerics.Shape.RequireSame(checked(count * Outputs), targets.Length);
        var outputs = _whole.Forward(crops, count, Crops.Shape(frames), threads).AsSpan();
        var gradient = _whole.OutputGradient.AsSpan();
        var loss = _options.Loss switch
        {
            FactorLoss.SquaredError => MeanSquaredError.Loss(outputs, targets, gradient),
            FactorLoss.Cosine => CosineLoss.Loss(outputs, targets, Outputs, gradient),
            _ => MatchedPairsLoss.Loss(outputs, targets, Outputs, _options.Temperature, gradient),
        };
        _whole.Step(learningRate, threads);
        return loss;
    }

    private IEnumerable<Layer> Hidden(int inputs)
    {
        yield return new Dense(inputs, _options.Hidden);
        yield return new Bias(_options.Hidden);
        yield return new Relu();
        yield return new Dropout(_options.Dropout);
    }
}
