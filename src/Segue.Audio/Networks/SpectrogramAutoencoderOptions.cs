namespace Segue.Audio.Networks;

/// <summary>What a <see cref="SpectrogramAutoencoder"/> may vary.</summary>
public sealed record SpectrogramAutoencoderOptions
{
    /// <summary>Filters of all convolutions but the bottleneck's.</summary>
    public int Channels { get; init; } = 128;

    /// <summary>Values of a step of the bottleneck; an embedding has twice as many.</summary>
    public int Bottleneck { get; init; } = 64;
}
