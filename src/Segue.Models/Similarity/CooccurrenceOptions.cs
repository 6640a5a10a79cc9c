namespace Segue.Models.Similarity;

/// <summary>What the windowed co-occurrence model may vary.</summary>
public sealed record CooccurrenceOptions
{
    internal static IReadOnlyList<Setting> Schema { get; } =
    [
        new("window", 5, 1, 1000, 1, 20, SettingScale.Whole, "places between two items of one sequence that still count as together; without order, whole rows do"),
        new("distancePower", 0.5, 0, 4, 0, 1.5, SettingScale.Linear, "a pair n places apart counts n^-distancePower"),
        new("backward", 0.5, 0, 1, 0, 1, SettingScale.Linear, "what an earlier item counts for, where a later one counts 1"),
        new("itemPower", 0.5, 0, 2, 0.1, 1, SettingScale.Linear, "damping of popular neighbors: count ÷ users of the neighbor^itemPower"),
        new("neighbors", 200, 1, 10000, 50, 500, SettingScale.Whole, "neighbors kept for each item"),
        new("halfLife", 5, 0.1, 1e6, 0.5, 60, SettingScale.Logarithmic, "after so many later items an item of the history counts half"),
    ];

    public int Window { get; init; } = 5;
    public double DistancePower { get; init; } = 0.5;
    public double Backward { get; init; } = 0.5;
    public double ItemPower { get; init; } = 0.5;
    public int Neighbors { get; init; } = 200;
    public double HalfLife { get; init; } = 5;

    internal static CooccurrenceOptions From(SettingValues values) => new()
    {
        Window = (int)values["window"],
        DistancePower = values["distancePower"],
        Backward = values["backward"],
        ItemPower = values["itemPower"],
        Neighbors = (int)values["neighbors"],
        HalfLife = values["halfLife"],
    };

    internal IReadOnlyDictionary<string, double> ToSettings() => new Dictionary<string, double>
    {
        ["window"] = Window,
        ["distancePower"] = DistancePower,
        ["backward"] = Backward,
        ["itemPower"] = ItemPower,
        ["neighbors"] = Neighbors,
        ["halfLife"] = HalfLife,
    };
}
