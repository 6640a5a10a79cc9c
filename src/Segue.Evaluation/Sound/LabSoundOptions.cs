using Segue.Evaluation.Lab;

namespace Segue.Evaluation.Sound;

/// <summary>What a comparison of sounding lab worlds may vary.</summary>
/// <exception cref="ArgumentOutOfRangeException">A value lies outside its range; the message names both.</exception>
public sealed record LabSoundOptions
{
    /// <summary>The size of each world; its seed is not looked at.</summary>
    public LabOptions World { get; init; } = new() { Listeners = 1000, Tracks = 800 };

    /// <summary>Share of the tracks that nothing is learnt from, in [0.05, 0.5]: half of them whole artists, half single tracks of artists that are known.</summary>
    public double ColdShare
    {
        get;
        init => field = value is >= 0.05 and <= 0.5 ? value : throw new ArgumentOutOfRangeException(nameof(ColdShare), $"The share of cold tracks is {value}; it must lie from 0.05 to 0.5.");
    } = 0.2;

    /// <summary>Steps of the encoder, of 96 windows each, 1 to 100,000.</summary>
    public int EncoderSteps { get; init => field = Require(value, nameof(EncoderSteps)); } = 300;

    /// <summary>Steps of the autoencoder and of each network that predicts factors, of 64 crops each, 1 to 100,000.</summary>
    public int NetworkSteps { get; init => field = Require(value, nameof(NetworkSteps)); } = 200;

    private static int Require(int value, string name) => value is >= 1 and <= 100_000
        ? value
        : throw new ArgumentOutOfRangeException(name, $"{name} is {value:N0}; it must lie from 1 to 100,000.");
}
