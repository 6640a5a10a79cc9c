namespace Segue.Models.Sittings;

/// <summary>What the model of neighboring sittings may vary.</summary>
public sealed record SessionNeighborsOptions
{
    internal static IReadOnlyList<Setting> Schema { get; } =
    [
        new("window", 20, 2, 10000, 5, 200, SettingScale.Logarithmic, "most items of a past sitting; longer ones are cut from their end"),
        new("gap", 30, 1, 1e6, 10, 240, SettingScale.Logarithmic, "minutes of pause that end a past sitting") { NeedsTime = true },
        new("recent", 10, 1, 1000, 3, 60, SettingScale.Whole, "items at the end of a history that are the current sitting"),
        new("positionPower", 1, 0, 4, 0, 3, SettingScale.Linear, "an item n places before the end of the m recent ones counts (1 - n/m)^positionPower"),
        new("idfPower", 1, 0, 4, 0, 2, SettingScale.Linear, "a rare item tells more: its weight is ln(1 + sittings ÷ sittings with it)^idfPower"),
        new("sample", 1000, 1, 100000, 500, 5000, SettingScale.Logarithmic, "newest sittings of each item that are looked at"),
        new("lengthPower", 0.5, 0, 2, 0, 1, SettingScale.Linear, "damping of long past sittings: likeness ÷ items^lengthPower"),
        new("halfLife", 0, 0, 100000, 3, 365, SettingScale.Logarithmic, "days after which a past sitting counts half; 0: never") { NeedsTime = true },
        new("neighbors", 100, 1, 10000, 30, 1000, SettingScale.Logarithmic, "past sittings most like the current one that propose items"),
        new("reach", 5, 0.1, 1e6, 0.5, 100, SettingScale.Logarithmic, "so many places from the newest common item a neighbor's item counts half"),
        new("backward", 0.5, 0, 1, 0, 1, SettingScale.Linear, "what an item before the newest common one counts for, where one after it counts 1"),
        new("itemPower", 0, 0, 2, 0, 1, SettingScale.Linear, "damping of popular items: score ÷ users of the item^itemPower"),
    ];

    public int Window { get; init; } = 20;
    public double Gap { get; init; } = 30;
    public int Recent { get; init; } = 10;
    public double PositionPower { get; init; } = 1;
    public double IdfPower { get; init; } = 1;
    public int Sample { get; init; } = 1000;
    public double LengthPower { get; init; } = 0.5;
    public double HalfLife { get; init; }
    public int Neighbors { get; init; } = 100;
    public double Reach { get; init; } = 5;
    public double Backward { get; init; } = 0.5;
    public double ItemPower { get; init; }

    /// <param name="value">Gives a setting's value by its name.</param>
    internal static SessionNeighborsOptions From(Func<string, double> value) => new()
    {
        Window = (int)value("window"),
        Gap = value("gap"),
        Recent = (int)value("recent"),
        PositionPower = value("positionPower"),
        IdfPower = value("idfPower"),
        Sample = (int)value("sample"),
        LengthPower = value("lengthPower"),
        HalfLife = value("halfLife"),
        Neighbors = (int)value("neighbors"),
        Reach = value("reach"),
        Backward = value("backward"),
        ItemPower = value("itemPower"),
    };

    internal IReadOnlyDictionary<string, double> ToSettings() => new Dictionary<string, double>
    {
        ["window"] = Window,
        ["gap"] = Gap,
        ["recent"] = Recent,
        ["positionPower"] = PositionPower,
        ["idfPower"] = IdfPower,
        ["sample"] = Sample,
        ["lengthPower"] = LengthPower,
        ["halfLife"] = HalfLife,
        ["neighbors"] = Neighbors,
        ["reach"] = Reach,
        ["backward"] = Backward,
        ["itemPower"] = ItemPower,
    };
}
