using Segue.Models;

namespace Segue.Ranking.Artists;

/// <summary>What the funnel of artists may vary; the defaults were chosen on the validation part of docs/artists.md.</summary>
public sealed record ArtistFunnelOptions
{
    /// <summary>Settings of the second stage and of how it is taught, with their ranges.</summary>
    public static IReadOnlyList<Setting> Schema { get; } =
    [
        new("factors", 64, 1, 1024, 32, 256, SettingScale.PowerOfTwo, "dimensions of taste in the funnel: the second stage has two weights for each"),
        new("perSource", 150, 1, 10000, 50, 300, SettingScale.Whole, "candidates asked of each source"),
        new("folds", 2, 1, 20, 1, 3, SettingScale.Fixed, "inner hold-outs that the second stage learns from; each trains all models once more"),
        new("heldOut", 0.2, 0.01, 0.9, 0.1, 0.3, SettingScale.Fixed, "share of each user's likings in an inner hold-out"),
        new("negatives", 60, 1, 10000, 30, 150, SettingScale.Whole, "candidates not taken that a user's taken ones are compared with, drawn from the pool"),
        new("steps", 200, 0, 10000, 100, 300, SettingScale.Fixed, "steps of Adam over all users"),
        new("penalty", 1e-3, 0, 1e6, 1e-4, 1e-1, SettingScale.Logarithmic, "L2 penalty on the weights of scores, ranks and popularity"),
        new("factorPenalty", 1e-2, 0, 1e6, 1e-3, 1, SettingScale.Logarithmic, "L2 penalty on the weights of factors and of their products"),
    ];

    /// <summary>Settings of each model, by name; what is not named is at its default. The dimensions of taste are <see cref="Factors"/> in any case.</summary>
    public IReadOnlyDictionary<string, double> Taste { get; init; } = new Dictionary<string, double>();
    public IReadOnlyDictionary<string, double> CoListen { get; init; } = new Dictionary<string, double>();
    public IReadOnlyDictionary<string, double> Tags { get; init; } = new Dictionary<string, double>();

    public int Factors { get; init; } = 64;
    public int PerSource { get; init; } = 150;
    public int Folds { get; init; } = 2;
    public double HeldOut { get; init; } = 0.2;
    public int Negatives { get; init; } = 60;
    public int Steps { get; init; } = 200;
    public double Penalty { get; init; } = 1e-3;
    public double FactorPenalty { get; init; } = 1e-2;

    /// <summary>The defaults with some values changed, by name.</summary>
    /// <exception cref="ArgumentException">A name is unknown or a value out of range.</exception>
    public static ArtistFunnelOptions FromSettings(IReadOnlyDictionary<string, double> settings)
    {
        var values = new SettingValues(Schema, settings);
        return new()
        {
            Factors = (int)values["factors"],
            PerSource = (int)values["perSource"],
            Folds = (int)values["folds"],
            HeldOut = values["heldOut"],
            Negatives = (int)values["negatives"],
            Steps = (int)values["steps"],
            Penalty = values["penalty"],
            FactorPenalty = values["factorPenalty"],
        };
    }
}
