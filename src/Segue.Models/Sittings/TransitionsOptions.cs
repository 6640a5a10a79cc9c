namespace Segue.Models.Sittings;

/// <summary>What the model of transitions may vary.</summary>
public sealed record TransitionsOptions
{
    internal static IReadOnlyList<Setting> Schema { get; } =
    [
        new("window", 200, 2, 10000, 20, 500, SettingScale.Logarithmic, "most items of a past sitting; longer ones are cut from their end"),
        new("gap", 30, 1, 1e6, 10, 240, SettingScale.Logarithmic, "minutes of pause that end a past sitting") { NeedsTime = true },
        new("span", 10, 1, 1000, 1, 30, SettingScale.Whole, "places between two items of one sitting that still count as a transition"),
        new("distancePower", 1, 0, 4, 0, 2, SettingScale.Linear, "a transition over n places counts n^-distancePower"),
        new("backward", 0, 0, 1, 0, 1, SettingScale.Linear, "what a transition counts for in the other direction"),
        new("smoothing", 1, 0, 1e6, 0.1, 30, SettingScale.Logarithmic, "weight ÷ (all weight that leaves the item + smoothing): how far few transitions are believed"),
        new("itemPower", 0, 0, 2, 0, 1, SettingScale.Linear, "damping of popular items: weight ÷ users of the item^itemPower"),
        new("rules", 200, 1, 10000, 50, 500, SettingScale.Whole, "transitions kept for each item"),
        new("recent", 1, 1, 1000, 1, 20, SettingScale.Whole, "items at the end of a history that are left from; 1: the last alone"),
        new("positionPower", 1, 0, 4, 0, 3, SettingScale.Linear, "an item n places before the end of the m recent ones counts (1 - n/m)^positionPower"),
    ];

    public int Window { get; init; } = 200;
    public double Gap { get; init; } = 30;
    public int Span { get; init; } = 10;
    public double DistancePower { get; init; } = 1;
    public double Backward { get; init; }
    public double Smoothing { get; init; } = 1;
    public double ItemPower { get; init; }
    public int Rules { get; init; } = 200;
    public int Recent { get; init; } = 1;
    public double PositionPower { get; init; } = 1;

    /// <param name="value">Gives a setting's value by its name.</param>
    internal static TransitionsOptions From(Func<string, double> value) => new()
    {
        Window = (int)value("window"),
        Gap = value("gap"),
        Span = (int)value("span"),
        DistancePower = value("distancePower"),
        Backward = value("backward"),
        Smoothing = value("smoothing"),
        ItemPower = value("itemPower"),
        Rules = (int)value("rules"),
        Recent = (int)value("recent"),
        PositionPower = value("positionPower"),
    };

    internal IReadOnlyDictionary<string, double> ToSettings() => new Dictionary<string, double>
    {
        ["window"] = Window,
        ["gap"] = Gap,
        ["span"] = Span,
        ["distancePower"] = DistancePower,
        ["backward"] = Backward,
        ["smoothing"] = Smoothing,
        ["itemPower"] = ItemPower,
        ["rules"] = Rules,
        ["recent"] = Recent,
        ["positionPower"] = PositionPower,
    };
}
