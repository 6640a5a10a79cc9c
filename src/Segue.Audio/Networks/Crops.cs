using Segue.Numerics.Networks;

namespace Segue.Audio.Networks;

/// <summary>What all networks here take in: log-mel crops of <see cref="TrackFeatures.Bands"/> bands.</summary>
internal static class Crops
{
    public static SignalShape Shape(int frames) => new(frames, TrackFeatures.Bands);

    /// <summary>The fewest frames that a network gives an output for.</summary>
    public static int FewestFrames(Network network)
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

    /// <exception cref="ArgumentOutOfRangeException">The frames are too few.</exception>
    public static void Require(int frames, int fewest)
    {
        if (frames < fewest)
        {
            throw new ArgumentOutOfRangeException(nameof(frames), frames, $"A crop needs at least {fewest} frames for this network.");
        }
    }

    /// <exception cref="ArgumentOutOfRangeException">A learning rate that is not positive and finite.</exception>
    public static void RequireRate(float learningRate)
    {
        if (!(learningRate > 0 && float.IsFinite(learningRate)))
        {
            throw new ArgumentOutOfRangeException(nameof(learningRate), learningRate, "A learning rate is positive and finite.");
        }
    }
}
