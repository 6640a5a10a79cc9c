namespace Segue.Audio.Networks;

/// <summary>What a <see cref="FactorNetwork"/> may vary.</summary>
public sealed record FactorNetworkOptions
{
    /// <summary>A setting of a fifteenth of the weights: 64-64-64-128 filters, two layers of 512.</summary>
    public static FactorNetworkOptions Small { get; } = new() { Channels = [64, 64, 64, 128], Hidden = 512 };

    /// <summary>Filters of the four convolutions.</summary>
    public IReadOnlyList<int> Channels { get; init; } = [256, 256, 256, 512];

    /// <summary>Width of the two dense layers.</summary>
    public int Hidden { get; init; } = 2048;

    /// <summary>Values predicted: the dimensions of a factor.</summary>
    public int Outputs { get; init; } = 40;

    /// <summary>Share of the dense layers' values left out in training, in [0, 1).</summary>
    public double Dropout { get; init; }

    /// <summary>What is minimized.</summary>
    public FactorLoss Loss { get; init; } = FactorLoss.Cosine;

    /// <summary>τ of <see cref="FactorLoss.MatchedPairs"/>, positive.</summary>
    public float Temperature { get; init; } = 0.1f;
}

/// <summary>How far predicted factors are from true ones.</summary>
public enum FactorLoss
{
    /// <summary>Mean squared error.</summary>
    SquaredError,

    /// <summary>1 − cosine: direction alone.</summary>
    Cosine,

    /// <summary>InfoNCE: nearer to the own factor than to those of the other tracks of the batch.</summary>
    MatchedPairs,
}
