using System.CommandLine;
using System.Globalization;
using Segue.Models;
using Segue.Numerics;

namespace Segue.Cli;

/// <summary>The options of every command that trains: settings, seed, threads.</summary>
internal sealed class TrainingOptions
{
    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Settings of the model, key=value, any number of them. Keys and ranges: segue models.",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<ulong> _seed = new("--seed") { Description = "Decides every random choice.", DefaultValueFactory = _ => 1 };
    private readonly Option<int> _threads = new("--threads")
    {
        Description = "Threads to use; they change the time, never the result.",
        DefaultValueFactory = _ => Workers.Default,
    };

    public void AddTo(Command command)
    {
        command.Add(_set);
        command.Add(_seed);
        command.Add(_threads);
    }

    /// <summary>The value of <c>--tune</c>, checked.</summary>
    public static int RequireTrials(int trials)
        => trials is >= 0 and <= 100_000 ? trials : throw new ArgumentException($"--tune is {trials}; allowed are 0 to 100000.");

    /// <exception cref="ArgumentException">A setting is not key=number, or the number of threads is out of range.</exception>
    public (IReadOnlyDictionary<string, double> Settings, TrainingRun Run) Read(ParseResult line, CancellationToken cancellation)
    {
        var threads = line.GetValue(_threads);
        if (threads is < 1 or > 1024)
        {
            throw new ArgumentException($"--threads is {threads}; allowed are 1 to 1024.");
        }
        var settings = new Dictionary<string, double>();
        foreach (var pair in line.GetValue(_set) ?? [])
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at < 1 || !double.TryParse(pair.AsSpan(at + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            {
                throw new ArgumentException($"--set {pair} is not key=number.");
            }
            settings[pair[..at]] = value;
        }
        return (settings, new(line.GetValue(_seed), threads, Cancellation: cancellation));
    }
}
