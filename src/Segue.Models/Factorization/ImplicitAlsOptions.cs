namespace Segue.Models.Factorization;

/// <summary>What a run of implicit ALS may vary. Symbols as in <c>docs/notation.md</c>; values on public data in <c>docs/quality.md</c>.</summary>
public sealed record ImplicitAlsOptions
{
    internal static IReadOnlyList<Setting> Schema { get; } =
    [
        new("factors", 64, 1, 1024, 32, 128, SettingScale.PowerOfTwo, "latent dimensions d; memory and a sweep's time grow with d"),
        new("sweeps", 16, 1, 1000, 8, 24, SettingScale.Whole, "passes over users and items"),
        new("steps", 3, 1, 100, 3, 3, SettingScale.Fixed, "conjugate gradient steps a row and half-step; the users' last half-step is exact"),
        new("alpha0", 0.1, 0, 100, 0.003, 0.6, SettingScale.Logarithmic, "weight α₀ of every cell of the matrix, seen or not"),
        new("lambda", 0.01, 1e-9, 1e6, 0.0005, 0.2, SettingScale.Logarithmic, "L2 penalty λ"),
        new("nu", 1, 0, 2, 0.4, 1.2, SettingScale.Linear, "exponent ν: the penalty grows with (interactions + α₀ · other side)^ν"),
        new("countWeight", 0, 0, 100, 0, 2, SettingScale.Linear, "how much a log count adds to the weight 1 of an interaction"),
        new("negativeTarget", -0.1, -1, 0, -1, 0, SettingScale.Fixed, "what a refusal is fitted to; a liking is fitted to 1"),
        new("deviation", 0.1, 1e-6, 10, 0.1, 0.1, SettingScale.Fixed, "deviation of the initial factors, before the division by √d"),
    ];

    public int Factors { get; init; } = 64;
    public int Sweeps { get; init; } = 16;
    public int Steps { get; init; } = 3;
    public double Alpha0 { get; init; } = 0.1;
    public double Lambda { get; init; } = 0.01;
    public double Nu { get; init; } = 1;
    public double CountWeight { get; init; }
    public double NegativeTarget { get; init; } = -0.1;
    public double Deviation { get; init; } = 0.1;

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
        NegativeTarget = values["negativeTarget"],
        Deviation = values["deviation"],
    };

    internal IReadOnlyDictionary<string, double> ToSettings() => new Dictionary<string, double>
    {
        ["factors"] = Factors,
        ["sweeps"] = Sweeps,
        ["steps"] = Steps,
        ["alpha0"] = Alpha0,
        ["lambda"] = Lambda,
        ["nu"] = Nu,
        ["countWeight"] = CountWeight,
        ["negativeTarget"] = NegativeTarget,
        ["deviation"] = Deviation,
    };
}
