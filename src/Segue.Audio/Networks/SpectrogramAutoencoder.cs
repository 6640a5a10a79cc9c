using Segue.Numerics.Networks;

namespace Segue.Audio.Networks;

/// <summary>Learns to give spectrograms back through a bottleneck; its embedding is the bottleneck's mean and deviation over time.</summary>
/// <remarks>
/// Four convolutions over time with filters of 4 steps and a stride of 2, so that 16 frames become one step of the bottleneck; four transposed ones lead back.
/// Rectifiers follow all but the bottleneck and the end. The loss is the mean squared error of the frames given back: the last frames, fewer than
/// 16, that fill no step are left out.
/// </remarks>
public sealed class SpectrogramAutoencoder : CropNetwork
{
    private const int Width = 4, Stride = 2, Depth = 4;

    /// <param name="seed">Of the first weights.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not positive.</exception>
    public SpectrogramAutoencoder(SpectrogramAutoencoderOptions options, ulong seed) : base(Create(options, seed), 2 * options.Bottleneck) => Options = options;

    public SpectrogramAutoencoderOptions Options { get; }

    /// <summary>One step of Adam; the same for any number of threads.</summary>
    /// <param name="crops">Shape [<paramref name="count"/> × <paramref name="frames"/> × 128].</param>
    /// <returns>The loss before the step.</returns>
    /// <exception cref="ArgumentException">A length does not agree, the frames are too few, or the rate is not positive.</exception>
    public float TrainStep(ReadOnlySpan<float> crops, int count, int frames, float learningRate, int threads)
    {
        var outputs = Forward(crops, count, frames, learningRate, threads);
        double sum = 0;
        for (var crop = 0; crop < count; crop++)
        {
            Span<float> output = outputs.Sample(crop), gradient = Whole.OutputGradient.Sample(crop);
            var target = crops.Slice(crop * frames * TrackFeatures.Bands, output.Length);
            for (var i = 0; i < output.Length; i++)
            {
                var difference = output[i] - target[i];
                sum += (double)difference * difference;
                gradient[i] = 2 * difference / ((float)output.Length * count);
            }
        }
        Whole.Step(learningRate, threads);
        return (float)(sum / ((double)outputs.SampleSize * count));
    }

    private static (Network, Network) Create(SpectrogramAutoencoderOptions options, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Bottleneck);
        Layer[] encoder = [.. Encoder(options)];
        return (new([.. encoder, .. Decoder(options)], seed), new([.. encoder, new MomentPool()], seed: null));
    }

    private static IEnumerable<Layer> Encoder(SpectrogramAutoencoderOptions options)
    {
        for (var n = 0; n < Depth; n++)
        {
            var outputs = n == Depth - 1 ? options.Bottleneck : options.Channels;
            yield return new TimeConvolution(n == 0 ? TrackFeatures.Bands : options.Channels, outputs, Width, Stride);
            yield return new Bias(outputs);
            if (n < Depth - 1)
            {
                yield return new Relu();
            }
        }
    }

    private static IEnumerable<Layer> Decoder(SpectrogramAutoencoderOptions options)
    {
        for (var n = 0; n < Depth; n++)
        {
            var outputs = n == Depth - 1 ? TrackFeatures.Bands : options.Channels;
            yield return new TimeUpsampling(n == 0 ? options.Bottleneck : options.Channels, outputs, Width, Stride);
            yield return new Bias(outputs);
            if (n < Depth - 1)
            {
                yield return new Relu();
            }
        }
    }
}
