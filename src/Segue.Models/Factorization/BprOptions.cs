namespace Segue.Models.Factorization;

/// <summary>What a run of Bayesian personalized ranking may vary; values on public data in <c>docs/quality.md</c>.</summary>
public sealed record BprOptions
{
    internal static IReadOnlyList<Setting> Schema { get; } =
    [
        new("factors", 64, 1, 1024, 32, 128, SettingScale.PowerOfTwo, "latent dimensions d"),
        new("sweeps", 100, 1, 1000, 40, 120, SettingScale.Whole, "passes over all likings"),
        new("rate", 0.1, 1e-6, 10, 0.03, 0.3, SettingScale.Logarithmic, "step width of the first sweep; it falls evenly towards 0"),
        new("lambda", 0.08, 0, 1, 0.01, 0.15, SettingScale.Logarithmic, "L2 penalty λ of factors and biases"),
        new("candidates", 8, 1, 1000, 4, 32, SettingScale.PowerOfTwo, "items drawn for each liking; the one that scores best is pushed down"),
        new("deviation", 0.1, 1e-6, 10, 0.1, 0.1, SettingScale.Fixed, "deviation of the initial factors, before the division by √d"),
    ];

    public int Factors { get; init; } = 64;
    public int Sweeps { get; init; } = 100;
    public double Rate { get; init; } = 0.1;
    public double Lambda { get; init; } = 0.08;
    public int Candidates { get; init; } = 8;
    public double Deviation { get; init; } = 0.1;

    /// <summary>The step width of a sweep, the first being 0.</summary>
    internal float RateOf(int sweep) => (float)(Rate * (Sweeps - sweep) / Sweeps);

    internal static BprOptions From(SettingValues values) => new()
    {
        Factors = (int)values["factors"],
        Sweeps = (int)values["sweeps"],
        Rate = values["rate"],
        Lambda = values["lambda"],
        Candidates = (int)values["candidates"],
        Deviation = values["deviation"],
    };

    internal IReadOnlyDictionary<string, double> ToSettings() => new Dictionary<string, double>
    {
        ["factors"] = Factors,
        ["sweeps"] = Sweeps,
        ["rate"] = Rate,
        ["lambda"] = Lambda,
        ["candidates"] = Candidates,
        ["deviation"] = Deviation,
    };
}
