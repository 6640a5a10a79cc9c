namespace Segue.Models.Tags;

/// <summary>What the space of tags may vary.</summary>
public sealed record TagSpaceOptions
{
    internal static IReadOnlyList<Setting> Schema { get; } =
    [
        new("dimensions", 200, 1, 2000, 50, 500, SettingScale.Logarithmic, "dimensions of the space; a part of one is left out"),
        new("minItems", 10, 1, 1e6, 2, 30, SettingScale.Whole, "tags on fewer items are left out"),
        new("idfPower", 1, 0, 4, 0, 2, SettingScale.Linear, "how much rare tags tell: weight · idf^idfPower"),
        new("singularPower", 0.5, 0, 2, 0, 1, SettingScale.Linear, "a direction counts singular value^singularPower"),
        new("playPower", 0.25, 0, 4, 0, 2, SettingScale.Linear, "an item of the history counts ln(1 + strength)^playPower"),
        new("popularityWeight", 0.5, 0, 100, 0, 1, SettingScale.Linear, "weight of popularity, where a cosine counts 1"),
        new("freshnessWeight", 0.1, 0, 100, 0, 0.5, SettingScale.Linear, "weight of freshness, where a cosine counts 1") { NeedsTime = true },
        new("freshDays", 180, 0.01, 1e6, 10, 1000, SettingScale.Logarithmic, "days after its first listen at which an item is half as fresh") { NeedsTime = true },
    ];

    public int Dimensions { get; init; } = 200;
    public int MinItems { get; init; } = 10;
    public double IdfPower { get; init; } = 1;
    public double SingularPower { get; init; } = 0.5;
    public double PlayPower { get; init; } = 0.25;
    public double PopularityWeight { get; init; } = 0.5;
    public double FreshnessWeight { get; init; } = 0.1;
    public double FreshDays { get; init; } = 180;

    internal static TagSpaceOptions From(SettingValues values) => new()
    {
        Dimensions = (int)values["dimensions"],
        MinItems = (int)values["minItems"],
        IdfPower = values["idfPower"],
        SingularPower = values["singularPower"],
        PlayPower = values["playPower"],
        PopularityWeight = values["popularityWeight"],
        FreshnessWeight = values["freshnessWeight"],
        FreshDays = values["freshDays"],
    };

    internal IReadOnlyDictionary<string, double> ToSettings() => new Dictionary<string, double>
    {
        ["dimensions"] = Dimensions,
        ["minItems"] = MinItems,
        ["idfPower"] = IdfPower,
        ["singularPower"] = SingularPower,
        ["playPower"] = PlayPower,
        ["popularityWeight"] = PopularityWeight,
        ["freshnessWeight"] = FreshnessWeight,
        ["freshDays"] = FreshDays,
    };
}
