namespace Segue.Models.Sittings;

/// <summary>What the blend of neighboring sittings and transitions may vary: its weight, and the settings of both under their names.</summary>
public sealed record SessionBlendOptions
{
    private const string OfNeighbors = "neighbors.", OfTransitions = "transitions.";

    internal static IReadOnlyList<Setting> Schema { get; } =
    [
        new("transitions", 0.3, 0, 1, 0, 1, SettingScale.Linear, "weight of the transitions; the neighbors have the rest. Either's best item scores its weight"),
        .. SessionNeighborsOptions.Schema.Select(setting => setting with { Name = OfNeighbors + setting.Name }),
        .. TransitionsOptions.Schema.Select(setting => setting with { Name = OfTransitions + setting.Name }),
    ];

    public double Transitions { get; init; } = 0.3;
    public SessionNeighborsOptions NeighborsOptions { get; init; } = new();
    public TransitionsOptions TransitionsOptions { get; init; } = new();

    internal static SessionBlendOptions From(SettingValues values) => new()
    {
        Transitions = values["transitions"],
        NeighborsOptions = SessionNeighborsOptions.From(name => values[OfNeighbors + name]),
        TransitionsOptions = TransitionsOptions.From(name => values[OfTransitions + name]),
    };

    internal IReadOnlyDictionary<string, double> ToSettings()
    {
        var settings = new Dictionary<string, double> { ["transitions"] = Transitions };
        foreach (var (name, value) in NeighborsOptions.ToSettings())
        {
            settings[OfNeighbors + name] = value;
        }
        foreach (var (name, value) in TransitionsOptions.ToSettings())
        {
            settings[OfTransitions + name] = value;
        }
        return settings;
    }
}
