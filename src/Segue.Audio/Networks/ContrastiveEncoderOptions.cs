namespace Segue.Audio.Networks;

/// <summary>What a <see cref="ContrastiveEncoder"/> may vary.</summary>
public sealed record ContrastiveEncoderOptions
{
    /// <summary>Filters of the four convolutions.</summary>
    public IReadOnlyList<int> Channels { get; init; } = [64, 64, 64, 128];

    /// <summary>Values of the projection that the loss sees.</summary>
    public int Projection { get; init; } = 64;

    /// <summary>τ of the loss, positive.</summary>
    public float Temperature { get; init; } = 0.1f;
}
