using System.CommandLine;
using System.Globalization;
using Segue.Audio.Decoding;
using Segue.Server.Music;

namespace Segue.Cli;

/// <summary>The options of commands that scan music.</summary>
/// <param name="analyzers">Makes the analyzers of a plan.</param>
internal sealed class ScanSettings(Func<WindowPlan, TrackAnalyzers> analyzers)
{
    private const double DefaultGib = 10;

    private readonly Option<int> _workers = new("--workers")
    {
        Description = "Files that are listened to at once, 1 to 256. Default: half of the processors.", DefaultValueFactory = _ => new ScanOptions().Workers,
    };

    private readonly Option<string> _plan = new("--plan")
    {
        Description = "Which parts of a file are heard: spread (six windows of 10 s over it), middle (30 s) or whole. Another plan hears all files anew.",
        DefaultValueFactory = _ => "spread",
    };

    private readonly Option<double> _cache = new("--spectra-cache")
    {
        Description = "GiB of spectra that are kept for training sound models, about 150 kB a track, 0 to 10000; tracks beyond are recommended all the same.",
        DefaultValueFactory = _ => DefaultGib,
    };

    public void AddTo(Command command)
    {
        _plan.AcceptOnlyFromAmong("spread", "middle", "whole");
        command.Add(_workers);
        command.Add(_plan);
        command.Add(_cache);
    }

    public ScanOptions Options(ParseResult line, bool again = false) => new()
    {
        Again = again,
        Workers = line.GetValue(_workers) is >= 1 and <= 256 and var workers
            ? workers
            : throw new ArgumentException($"--workers is {line.GetValue(_workers)}; allowed are 1 to 256."),
    };

    public TrackAnalyzers Analyzers(ParseResult line)
    {
        var chosen = analyzers(line.GetRequiredValue(_plan) switch
        {
            "middle" => WindowPlan.Middle,
            "whole" => WindowPlan.Whole,
            _ => WindowPlan.Spread,
        });
        chosen.RequireTags();
        return chosen;
    }

    public long MaxSpectraBytes(ParseResult line) => line.GetValue(_cache) is >= 0 and <= 10_000 and var gib
        ? (long)(gib * (1L << 30))
        : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"--spectra-cache is {line.GetValue(_cache)}; allowed are 0 to 10000 GiB."));
}
