using Segue.Core;
using Segue.Features.Interactions;

namespace Segue.Models.Factorization;

/// <summary>What a run of implicit ALS may vary. Symbols as in <c>docs/notation.md</c>; values on public data in <c>docs/quality.md</c>.</summary>
public sealed record ImplicitAlsOptions
{
    private const double LongestHalfLife = 100_000;   // days

    private static readonly (InteractionAction Action, string Name, string Told, ActionTerm Default)[] Actions =
    [
        (InteractionAction.Listen, "listen", "listens", new(1, 1)),
        (InteractionAction.Skip, "skip", "skips", new(0.5, -0.1)),
        (InteractionAction.VoteUp, "voteUp", "up votes", new(3, 1)),
        (InteractionAction.VoteDown, "voteDown", "down votes", new(3, -0.1)),
        (InteractionAction.PlaylistAdd, "playlist", "places on playlists", new(3, 1)),
        (InteractionAction.Click, "click", "clicks", new(0.2, 1)),
    ];

    internal static IReadOnlyList<Setting> Schema { get; } =
    [
        new("factors", 64, 1, 1024, 32, 512, SettingScale.PowerOfTwo, "latent dimensions d; memory and a sweep's time grow with d"),
        new("sweeps", 16, 1, 1000, 4, 16, SettingScale.Whole, "passes over users and items"),
        new("steps", 3, 1, 100, 3, 3, SettingScale.Fixed, "conjugate gradient steps a row and half-step; the users' last half-step is exact"),
        new("alpha0", 0.1, 0, 100, 0.003, 0.5, SettingScale.Logarithmic, "weight α₀ of every cell of the matrix, seen or not"),
        new("lambda", 0.01, 1e-9, 1e6, 0.001, 0.2, SettingScale.Logarithmic, "L2 penalty λ"),
        new("nu", 1, 0, 2, 0.8, 1.1, SettingScale.Linear, "exponent ν: the penalty grows with (interactions + α₀ · other side)^ν"),
        new("countWeight", 0, 0, 100, 0, 0.5, SettingScale.Linear, "how much a log count adds to the weight 1 of an interaction"),
        new("deviation", 0.1, 1e-6, 10, 0.1, 0.1, SettingScale.Fixed, "deviation of the initial factors, before the division by √d"),
        .. Actions.SelectMany(action => OfAction(action.Action, action.Name, action.Told, action.Default)),
    ];

    public int Factors { get; init; } = 64;
    public int Sweeps { get; init; } = 16;
    public int Steps { get; init; } = 3;
    public double Alpha0 { get; init; } = 0.1;
    public double Lambda { get; init; } = 0.01;
    public double Nu { get; init; } = 1;
    public double CountWeight { get; init; }
    public double Deviation { get; init; } = 0.1;

    /// <summary>How each action counts; one that is not named counts by default.</summary>
    public IReadOnlyDictionary<InteractionAction, ActionTerm> Terms
    {
        get;
        init => field = Actions.ToDictionary(action => action.Action, action => value.TryGetValue(action.Action, out var term) ? term : action.Default);
    } = Actions.ToDictionary(action => action.Action, action => action.Default);

    /// <summary>What turns actions into weights and targets.</summary>
    public TasteWeights CreateWeights() => new(Terms, CountWeight);

    /// <summary>λ (interactions + α₀ · otherSide)^ν.</summary>
    internal float PenaltyOf(int interactions, int otherSide) => (float)(Lambda * Math.Pow(interactions + Alpha0 * otherSide, Nu));

    /// <exception cref="ArgumentException">A value is out of range; the message names it and the range.</exception>
    internal void Require()
    {
        foreach (var (name, value) in ToSettings())
        {
            Schema.First(setting => setting.Name == name).Require(value);
        }
    }

    internal static ImplicitAlsOptions From(SettingValues values) => new()
    {
        Factors = (int)values["factors"],
        Sweeps = (int)values["sweeps"],
        Steps = (int)values["steps"],
        Alpha0 = values["alpha0"],
        Lambda = values["lambda"],
        Nu = values["nu"],
        CountWeight = values["countWeight"],
        Deviation = values["deviation"],
        Terms = Actions.ToDictionary(
            action => action.Action,
            action => new ActionTerm(values[$"{action.Name}.weight"], values[$"{action.Name}.target"], values[$"{action.Name}.halfLife"])),
    };

    /// <summary>The defaults with some values changed, by name.</summary>
    /// <exception cref="ArgumentException">A name is unknown or a value out of range.</exception>
    public static ImplicitAlsOptions FromSettings(IReadOnlyDictionary<string, double> settings) => From(new(Schema, settings));

    /// <summary>Settings as a model file has them. Files from before actions were told apart have one target of all refusals.</summary>
    internal static ImplicitAlsOptions FromFile(IReadOnlyDictionary<string, double> settings)
    {
        var known = new Dictionary<string, double>(settings);
        if (known.Remove("negativeTarget", out var target))
        {
            (known["skip.weight"], known["skip.target"]) = (1, target);
        }
        return From(new(Schema, known));
    }

    internal IReadOnlyDictionary<string, double> ToSettings()
    {
        var settings = new Dictionary<string, double>
        {
            ["factors"] = Factors,
            ["sweeps"] = Sweeps,
            ["steps"] = Steps,
            ["alpha0"] = Alpha0,
            ["lambda"] = Lambda,
            ["nu"] = Nu,
            ["countWeight"] = CountWeight,
            ["deviation"] = Deviation,
        };
        foreach (var (action, name, _, _) in Actions)
        {
            var term = Terms[action];
            (settings[$"{name}.weight"], settings[$"{name}.target"], settings[$"{name}.halfLife"]) = (term.Weight, term.Target, term.HalfLife);
        }
        return settings;
    }

    private static Setting[] OfAction(InteractionAction action, string name, string told, ActionTerm usual) =>
    [
        // Of the weights only ratios count beside α₀ and λ, so that of listens is not searched for.
        new($"{name}.weight", usual.Weight, 0, 1000, usual.Weight / 10, usual.Weight * 4,
            action == InteractionAction.Listen ? SettingScale.Fixed : SettingScale.Logarithmic, $"weight of {told}; 0 leaves them out") { Action = action },
        new($"{name}.target", usual.Target, -1, 1, -1, 0, usual.Target < 0 ? SettingScale.Linear : SettingScale.Fixed, $"what {told} are fitted to") { Action = action },
        new($"{name}.halfLife", usual.HalfLife, 0, LongestHalfLife, 10, 3000, SettingScale.Logarithmic, $"days after which {told} weigh half; 0: never") { Action = action, NeedsTime = true },
    ];
}
