using Segue.Numerics;

namespace Segue.Audio.Networks;

/// <summary>What a network that predicts factors is to learn.</summary>
/// <param name="Name">As it is asked for and told.</param>
/// <param name="UnitTargets">Factors are brought to length 1; else all by one number, so that their root mean square is 1.</param>
public sealed record FactorObjective(string Name, FactorLoss Loss, bool UnitTargets)
{
    public static FactorObjective Cosine { get; } = new("cosine", FactorLoss.Cosine, true);

    /// <summary>All that there are.</summary>
    public static IReadOnlyList<FactorObjective> All { get; } =
    [
        new("MSE", FactorLoss.SquaredError, false),
        new("MSE on unit factors", FactorLoss.SquaredError, true),
        Cosine,
        new("contrastive", FactorLoss.MatchedPairs, true),
    ];

    /// <summary>What brings an output to the length of the factors that were learnt: their root mean square length, or that of their values.</summary>
    /// <param name="factors">A row for each track, at least one.</param>
    public float ScaleOf(DenseMatrix factors)
    {
        var square = Enumerable.Range(0, factors.Rows).Average(row => (double)Vectors.Dot(factors.Row(row), factors.Row(row)));
        return (float)Math.Sqrt(UnitTargets ? square : square / factors.Columns);
    }

    /// <summary>What the network is to answer.</summary>
    /// <param name="factors">A row for each track, at least one.</param>
    /// <returns>The same shape.</returns>
    public DenseMatrix Targets(DenseMatrix factors)
    {
        var (targets, scale) = (new DenseMatrix(factors.Rows, factors.Columns), ScaleOf(factors));
        for (var row = 0; row < factors.Rows; row++)
        {
            Vectors.AddScaled(targets.Row(row), factors.Row(row), 1 / Math.Max(1e-12f, UnitTargets ? Vectors.Norm(factors.Row(row)) : scale));
        }
        return targets;
    }
}
