using System.Globalization;
using Segue.Audio.Networks;
using Segue.Numerics;
using Segue.Numerics.Networks;

namespace Segue.Audio.Tests.Networks;

/// <summary>Twenty steps of each network give the losses that PyTorch gave from the same weights and crops: <c>reference/loss_curves.py</c>.</summary>
/// <remarks>Losses agree within 10⁻³, absolute, or relative where they are above 1; the embedding after them, by the running statistics, within 1 %
/// of its largest value.</remarks>
public sealed class LossCurveTests
{
    private const int Batches = 4;
    private const float Rate = 1e-3f;
    private static readonly Dictionary<string, double[]> References = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Networks", "reference", "loss_curves.txt"))
        .Select(line => line.Split(' '))
        .ToDictionary(words => words[0], words => words[1..].Select(word => double.Parse(word, CultureInfo.InvariantCulture)).ToArray());

    [Theory]
    [InlineData("factors-squared", FactorLoss.SquaredError)]
    [InlineData("factors-cosine", FactorLoss.Cosine)]
    [InlineData("factors-matched", FactorLoss.MatchedPairs)]
    public void A_factor_network_learns_as_in_PyTorch(string name, FactorLoss loss)
        => CompareFactors(name, new() { Channels = [16, 16, 16, 32], Hidden = 32, Outputs = 8, Loss = loss }, crops: 16, frames: 120);

    [Fact]
    public void The_large_factor_network_learns_as_in_PyTorch() => CompareFactors("factors-full-size", new(), crops: 6, frames: 130);

    [Theory]
    [InlineData("encoder-pairs", 2)]
    [InlineData("encoder-groups", 4)]
    public void An_encoder_learns_as_in_PyTorch(string name, int groupSize)
        => CompareEncoder(name, new() { Channels = [16, 16, 16, 24], Projection = 16 }, frames: 120, groupSize);

    [Fact]
    public void The_encoder_of_full_size_learns_as_in_PyTorch() => CompareEncoder("encoder-full-size", new(), frames: 199, groupSize: 2);

    [Fact]
    public void An_autoencoder_learns_as_in_PyTorch()
    {
        var network = new SpectrogramAutoencoder(new() { Channels = 16, Bottleneck = 8 }, 1);
        SetByFormula(network.State);

        Compare("autoencoder", step => network.TrainStep(Uniform(step % Batches, 8 * 120 * 128), 8, 120, Rate, threads: 2));
    }

    private static void CompareFactors(string name, FactorNetworkOptions options, int crops, int frames)
    {
        var network = new FactorNetwork(options, 1);
        SetByFormula(network.State);

        Compare(name, step => network.TrainStep(
            Uniform(step % Batches, crops * frames * 128), crops, frames, Uniform(100 + step % Batches, crops * options.Outputs), Rate, threads: 2));
    }

    private static void CompareEncoder(string name, ContrastiveEncoderOptions options, int frames, int groupSize)
    {
        const int Crops = 16;
        var network = new ContrastiveEncoder(options, 1);
        SetByFormula(network.State);
        int[] groups = [.. Enumerable.Range(0, Crops).Select(crop => crop / groupSize)];

        Compare(name, step => network.TrainStep(Uniform(step % Batches, Crops * frames * 128), Crops, frames, groups, Rate, threads: 2));

        var embedding = new float[network.Size];
        network.Embed(Uniform(0, frames * 128), 1, frames, embedding);
        var expected = References[name + "-embedding"];
        Assert.Equal(expected.Length, embedding.Length);
        Assert.All(expected.Zip(embedding), pair => Assert.Equal(pair.First, pair.Second, 0.01 * expected.Max()));
    }

    private static void Compare(string name, Func<int, float> step)
    {
        var expected = References[name];
        Assert.Equal(20, expected.Length);
        for (var n = 0; n < expected.Length; n++)
        {
            var loss = step(n);
            Assert.True(Math.Abs(loss - expected[n]) <= 1e-3 * Math.Max(1, expected[n]), $"{name}, step {n}: {loss} instead of {expected[n]}");
        }
    }

    /// <summary>The weights that the script has: each parameter a stream of its own, in order.</summary>
    private static void SetByFormula(NetworkState state)
    {
        var weights = state.Weights;
        for (var n = 0; n < weights.Count; n++)
        {
            var (name, values) = weights[n];
            // Weights lie as [fan-in × outputs], the outputs being as many as the next layer's biases or scales, or what is left at the end.
            var (size, offset) = name.Split('.')[^1] switch
            {
                "weights" => (Math.Sqrt(6.0 * Outputs(weights, n) / values.Length), 0f),
                "bias" or "shift" => (0.1, 0f),
                "scale" => (0.2, 1f),
                _ => (0, 0f),
            };
            if (size > 0)
            {
                var drawn = Uniform(1000 + n, values.Length);
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = drawn[i] * (float)size + offset;
                }
            }
        }
        state.Restore(weights);
    }

    private static int Outputs(IReadOnlyList<(string Name, float[] Values)> weights, int n)
        => weights[n].Name.Contains("TimeUpsampling", StringComparison.Ordinal)
            ? weights[n - 1].Values.Length                                  // drawn by the inputs' fan
            : n + 1 < weights.Count ? weights[n + 1].Values.Length : weights[n].Values.Length / (3 * weights[n - 1].Values.Length);

    /// <summary>Numbers in [−1, 1): the same bits as in the script.</summary>
    private static float[] Uniform(int stream, int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = (SeededRandom.Mix(((ulong)stream << 32) + (ulong)i) >> 40) * (1f / (1 << 23)) - 1;
        }
        return values;
    }
}
