using System.CommandLine;
using Segue.Evaluation.Lab;

namespace Segue.Cli;

/// <summary>The size of a lab world, as options.</summary>
internal sealed class LabSizeOptions
{
    private readonly Option<int> _listeners, _tracks, _days, _threads;

    /// <param name="defaults">What holds where nothing is said; null: those of <see cref="LabOptions"/>.</param>
    public LabSizeOptions(LabOptions? defaults = null)
    {
        var usual = defaults ?? new();
        _listeners = new("--listeners") { Description = "Simulated listeners.", DefaultValueFactory = _ => usual.Listeners };
        _tracks = new("--tracks") { Description = "Tracks of the catalogue.", DefaultValueFactory = _ => usual.Tracks };
        _days = new("--days") { Description = "Days of history.", DefaultValueFactory = _ => usual.Days };
        _threads = new("--threads") { Description = "Threads to use; they change the time, never the result.", DefaultValueFactory = _ => usual.Threads };
    }

    public void AddTo(Command command)
    {
        command.Add(_listeners);
        command.Add(_tracks);
        command.Add(_days);
        command.Add(_threads);
    }

    /// <exception cref="ArgumentOutOfRangeException">A size is out of range; the message names value and range.</exception>
    public LabOptions Read(ParseResult line) => new()
    {
        Listeners = line.GetValue(_listeners),
        Tracks = line.GetValue(_tracks),
        Days = line.GetValue(_days),
        Threads = line.GetValue(_threads),
    };
}
