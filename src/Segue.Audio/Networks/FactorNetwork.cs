using Segue.Numerics.Networks;
using Segue.Numerics.Networks.Losses;

namespace Segue.Audio.Networks;

/// <summary>Predicts a track's latent factors from its sound.</summary>
/// <remarks>
/// The network of Dieleman, "Recommending music on Spotify with deep learning", 2014: four convolutions over time with filters of 4 steps and rectifiers,
/// max-pooled by 4, 2 and 2; mean, maximum and root mean square over time (the pooled layer); two dense layers with rectifiers; linear outputs. By default
/// 8.6 million weights: a training step of 32 crops of 599 frames takes about 300 MB.
/// </remarks>
public sealed class FactorNetwork : CropNetwork
{
    private readonly FactorNetworkOptions _options;

    /// <param name="seed">Of the first weights and of dropout.</param>
    /// <exception cref="ArgumentException">There are not four numbers of channels, or a number lies outside of its range.</exception>
    public FactorNetwork(FactorNetworkOptions options, ulong seed) : base(Create(options, seed), 3 * options.Channels[^1]) => _options = options;

    public FactorNetworkOptions Options => _options;

    /// <summary>Values predicted.</summary>
    public int Outputs => _options.Outputs;

    /// <summary>Predicts factors of crops. Safe for many callers at once while nobody trains.</summary>
    /// <param name="crops">Shape [<paramref name="count"/> × <paramref name="frames"/> × 128].</param>
    /// <param name="outputs">Receives [count × <see cref="Outputs"/>].</param>
    /// <exception cref="ArgumentException">A length does not agree, or the frames are too few.</exception>
    public void Predict(ReadOnlySpan<float> crops, int count, int frames, Span<float> outputs, int threads = 1) => Infer(crops, count, frames, outputs, threads);

    /// <summary>One step of Adam; the same for any number of threads.</summary>
    /// <param name="crops">Shape [<paramref name="count"/> × <paramref name="frames"/> × 128].</param>
    /// <param name="targets">True factors, shape [count × <see cref="Outputs"/>].</param>
    /// <returns>The loss before the step.</returns>
    /// <exception cref="ArgumentException">A length does not agree, the frames are too few, or the rate is not positive.</exception>
    public float TrainStep(ReadOnlySpan<float> crops, int count, int frames, ReadOnlySpan<float> targets, float learningRate, int threads)
    {
        Numerics.Shape.RequireSame(checked(count * Outputs), targets.Length);
        var outputs = Forward(crops, count, frames, learningRate, threads).AsSpan();
        var gradient = Whole.OutputGradient.AsSpan();
        var loss = _options.Loss switch
        {
            FactorLoss.SquaredError => MeanSquaredError.Loss(outputs, targets, gradient),
            FactorLoss.Cosine => CosineLoss.Loss(outputs, targets, Outputs, gradient),
            _ => MatchedPairsLoss.Loss(outputs, targets, Outputs, _options.Temperature, gradient),
        };
        Whole.Step(learningRate, threads);
        return loss;
    }

    private static (Network, Network) Create(FactorNetworkOptions options, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Hidden);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Outputs);
        RequirePositive(options.Temperature, nameof(options), "A temperature");
        Layer[] convolutions = [.. PooledConvolutions.Create(options.Channels, normalized: false), new GlobalPool()];
        Layer[] whole = [.. convolutions, .. Hidden(3 * options.Channels[^1], options), .. Hidden(options.Hidden, options), new Dense(options.Hidden, options.Outputs), new Bias(options.Outputs)];
        return (new(whole, seed), new(convolutions, seed: null));
    }

    private static IEnumerable<Layer> Hidden(int inputs, FactorNetworkOptions options)
    {
        yield return new Dense(inputs, options.Hidden);
        yield return new Bias(options.Hidden);
        yield return new Relu();
        yield return new Dropout(options.Dropout);
    }
}
