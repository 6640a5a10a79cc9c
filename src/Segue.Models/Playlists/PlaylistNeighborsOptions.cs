namespace Segue.Models.Playlists;

/// <summary>What neighbors on playlists may vary.</summary>
public sealed record PlaylistNeighborsOptions
{
    internal static IReadOnlyList<Setting> Schema { get; } =
    [
        new("minListeners", 2, 2, 1e6, 2, 5, SettingScale.Whole, "a pair counts from so many users on who have both on one playlist; never less than 2, so that no single playlist can be read off"),
        new("lengthPower", 0.5, 0, 4, 0, 1.5, SettingScale.Linear, "a playlist of n items counts n^-lengthPower"),
        new("itemPower", 0.3, 0, 2, 0, 1, SettingScale.Linear, "damping of common neighbors: together ÷ alone^itemPower"),
        new("sourcePower", 0.75, 0, 2, 0, 1, SettingScale.Linear, "damping of what a common item tells: together ÷ alone^sourcePower"),
        new("shrinkage", 2, 0, 1e6, 0.1, 20, SettingScale.Logarithmic, "a pair of n users counts n ÷ (n + shrinkage)"),
        new("neighbors", 200, 1, 10000, 50, 500, SettingScale.Whole, "neighbors kept for each item"),
    ];

    public int MinListeners { get; init; } = 2;
    public double LengthPower { get; init; } = 0.5;
    public double ItemPower { get; init; } = 0.3;
    public double SourcePower { get; init; } = 0.75;
    public double Shrinkage { get; init; } = 2;
    public int Neighbors { get; init; } = 200;

    internal static PlaylistNeighborsOptions From(SettingValues values) => new()
    {
        MinListeners = (int)values["minListeners"],
        LengthPower = values["lengthPower"],
        ItemPower = values["itemPower"],
        SourcePower = values["sourcePower"],
        Shrinkage = values["shrinkage"],
        Neighbors = (int)values["neighbors"],
    };

    internal IReadOnlyDictionary<string, double> ToSettings() => new Dictionary<string, double>
    {
        ["minListeners"] = MinListeners,
        ["lengthPower"] = LengthPower,
        ["itemPower"] = ItemPower,
        ["sourcePower"] = SourcePower,
        ["shrinkage"] = Shrinkage,
        ["neighbors"] = Neighbors,
    };
}
