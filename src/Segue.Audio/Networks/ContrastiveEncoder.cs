using Segue.Numerics.Networks;
using Segue.Numerics.Networks.Losses;

namespace Segue.Audio.Networks;

/// <summary>Learns where crops lie to each other: those of one group (a track, an album, a session) near, all others far.</summary>
/// <remarks>
/// Four convolutions over time with filters of 4 steps, max-pooled by 4, 2, 2 and 1, each with batch norm and a rectifier; then mean, maximum and root mean square
/// over time: the pooled layer, three values for each channel of the last convolution, which is the embedding. A projection of unit length on top serves the loss alone, for what lies before a projection
/// compares better (Chen et al., "A Simple Framework for Contrastive Learning of Visual Representations", ICML 2020). The loss is supervised contrastive;
/// see <see cref="ContrastiveLoss"/>.
/// </remarks>
public sealed class ContrastiveEncoder : CropNetwork
{
    /// <param name="seed">Of the first weights.</param>
    /// <exception cref="ArgumentException">There are not four numbers of channels, or a number is not positive.</exception>
    public ContrastiveEncoder(ContrastiveEncoderOptions options, ulong seed) : base(Create(options, seed), 3 * options.Channels[^1]) => Options = options;

    public ContrastiveEncoderOptions Options { get; }

    /// <summary>One step of Adam; the same for any number of threads.</summary>
    /// <param name="crops">Shape [<paramref name="count"/> × <paramref name="frames"/> × 128].</param>
    /// <param name="groups">Group of each crop; a crop alone in its group is only pushed away from.</param>
    /// <returns>The loss before the step.</returns>
    /// <exception cref="ArgumentException">A length does not agree, the frames are too few, or the rate is not positive.</exception>
    public float TrainStep(ReadOnlySpan<float> crops, int count, int frames, ReadOnlySpan<int> groups, float learningRate, int threads)
    {
        Numerics.Shape.RequireSame(count, groups.Length);
        var outputs = Forward(crops, count, frames, learningRate, threads).AsSpan();
        var loss = ContrastiveLoss.Loss(outputs, groups, Options.Projection, Options.Temperature, Whole.OutputGradient.AsSpan());
        Whole.Step(learningRate, threads);
        return loss;
    }

    private static (Network, Network) Create(ContrastiveEncoderOptions options, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Projection);
        RequirePositive(options.Temperature, nameof(options), "A temperature");
        Layer[] encoder = [.. PooledConvolutions.Create(options.Channels, normalized: true), new GlobalPool()];
        return (new([.. encoder, new Dense(3 * options.Channels[^1], options.Projection), new UnitLength()], seed), new(encoder, seed: null));
    }
}
