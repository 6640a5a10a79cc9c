using System.CommandLine;
using Segue.Features.Snapshots;

namespace Segue.Cli;

/// <summary><c>--keep-snapshots N</c>, of commands that build features.</summary>
internal sealed class SnapshotsOption
{
    private readonly Option<int> _option = new("--keep-snapshots")
    {
        Description = "Feature snapshots kept, the newest ones, 1 to 10000; the one in use stays in any case.",
        DefaultValueFactory = _ => FeatureStore.UsualKept,
    };

    public void AddTo(Command command) => command.Add(_option);

    /// <exception cref="ArgumentException">Out of range.</exception>
    public int Read(ParseResult line) => line.GetValue(_option) is >= 1 and <= 10_000 and var keep
        ? keep
        : throw new ArgumentException($"--keep-snapshots is {line.GetValue(_option)}; allowed are 1 to 10000.");
}
