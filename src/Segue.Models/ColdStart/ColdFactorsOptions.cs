namespace Segue.Models.ColdStart;

/// <summary>What placing new tracks may vary.</summary>
public sealed record ColdFactorsOptions
{
    public static IReadOnlyList<Setting> Schema { get; } =
    [
        new("neighbors", 10, 1, 1000, 5, 50, SettingScale.Whole, "trained tracks that sound most like a new one, whose factors are averaged"),
        new("warmListens", 5, 1, 1e6, 1, 50, SettingScale.Logarithmic, "listens from which a track's own factors tell of others"),
        new("folds", 5, 2, 100, 2, 10, SettingScale.Fixed, "parts of the trained tracks that are held out in turn to fit the weights"),
        new("heldOut", 10_000, 10, 1e6, 1000, 20_000, SettingScale.Fixed, "trained tracks that are held out at most, in all parts"),
        new("blendListens", 20, 0, 1e6, 1, 200, SettingScale.Logarithmic, "after so many listens a track's own factors count as much as its place as a new one"),
        new("priorShare", 0.25, 0.01, 1, 0.05, 0.5, SettingScale.Linear, "share of the trained tracks, those of fewest listens, that a new track's length is taken from"),
    ];

    public int Neighbors { get; init; } = 10;
    public double WarmListens { get; init; } = 5;
    public int Folds { get; init; } = 5;
    public int HeldOut { get; init; } = 10_000;
    public double BlendListens { get; init; } = 20;
    public double PriorShare { get; init; } = 0.25;

    /// <param name="given">Values that differ from the defaults, by the names of <see cref="Schema"/>.</param>
    /// <exception cref="ArgumentException">A name is unknown or a value out of range.</exception>
    public static ColdFactorsOptions From(IReadOnlyDictionary<string, double> given)
    {
        var values = new SettingValues(Schema, given);
        return new()
        {
            Neighbors = (int)values["neighbors"],
            WarmListens = values["warmListens"],
            Folds = (int)values["folds"],
            HeldOut = (int)values["heldOut"],
            BlendListens = values["blendListens"],
            PriorShare = values["priorShare"],
        };
    }

    public IReadOnlyDictionary<string, double> ToSettings() => new Dictionary<string, double>
    {
        ["neighbors"] = Neighbors,
        ["warmListens"] = WarmListens,
        ["folds"] = Folds,
        ["heldOut"] = HeldOut,
        ["blendListens"] = BlendListens,
        ["priorShare"] = PriorShare,
    };
}
