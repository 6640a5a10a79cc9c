using Segue.Numerics.Networks;

namespace Segue.Audio.Networks;

/// <summary>The convolutional part that the seed's network and the encoder share: filters of 4 steps over time alone, max pooling by 4, 2 and 2.</summary>
/// <remarks>Dieleman, "Recommending music on Spotify with deep learning", 2014. Bias, batch norm and rectifier come after the pooling: the first and
/// the last change nothing by that, for the maximum goes with both, and all work on a fourth of the values.</remarks>
internal static class PooledConvolutions
{
    private const int Width = 4;
    private static readonly int[] Pools = [4, 2, 2, 1];

    /// <param name="channels">Filters of each convolution.</param>
    /// <param name="normalized">With batch norm, else with a bias.</param>
    /// <exception cref="ArgumentException">There are not four numbers, or one is not positive.</exception>
    public static IEnumerable<Layer> Create(IReadOnlyList<int> channels, bool normalized)
    {
        if (channels.Count != Pools.Length || channels.Any(count => count < 1))
        {
            throw new ArgumentException($"There are {Pools.Length} convolutions, with 1 channel or more each; given: {string.Join(", ", channels)}.", nameof(channels));
        }
        var layers = new List<Layer>();
        for (var n = 0; n < Pools.Length; n++)
        {
            layers.Add(new TimeConvolution(n == 0 ? TrackFeatures.Bands : channels[n - 1], channels[n], Width));
            if (Pools[n] > 1)
            {
                layers.Add(new TimeMaxPool(Pools[n]));
            }
            layers.Add(normalized ? new BatchNorm(channels[n]) : new Bias(channels[n]));
            layers.Add(new Relu());
        }
        return layers;
    }
}
