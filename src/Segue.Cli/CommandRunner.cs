using System.CommandLine;
using Segue.Events.Importing;
using Segue.Events.Storage;
using Segue.Models;
using Segue.Models.Registry;
using Segue.Radio;

namespace Segue.Cli;

/// <summary>Turns failures that a user can mend into one message and an exit code. Anything else is a bug and keeps its
/// stack trace.</summary>
internal static class CommandRunner
{
    /// <summary>The input or an option is wrong, or a file cannot be read or written.</summary>
    public const int BadInput = 2;

    /// <summary>Stopped by Ctrl+C; 128 + SIGINT, as shells have it.</summary>
    public const int Cancelled = 130;

    /// <summary>Runs <paramref name="work"/>, which gives its exit code.</summary>
    /// <param name="error">Where the message of a failure goes; null: standard error.</param>
    public static int Run(Func<int> work, TextWriter? error = null)
    {
        error ??= Console.Error;
        try
        {
            return work();
        }
        catch (OperationCanceledException)
        {
            error.WriteLine("segue: stopped.");
            return Cancelled;
        }
        catch (Exception failure) when (failure is ImportException or StoreException or ModelsMissingException or ModelDivergedException
            or NotKnownException or InvalidDataException or FormatException or IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"segue: {failure.Message}");
            return BadInput;
        }
        catch (ArgumentException failure)
        {
            var name = $" (Parameter '{failure.ParamName}')";   // a name of the program's, which tells a user nothing
            error.WriteLine($"segue: {failure.Message.Replace(name, "", StringComparison.Ordinal)}");
            return BadInput;
        }
    }

    /// <summary>Makes <paramref name="work"/> the command's action, under <see cref="Run"/>, and cancelled by Ctrl+C.</summary>
    public static void RunsAs(this Command command, Func<ParseResult, CancellationToken, int> work)
        => command.SetAction(   // on a thread of its own: the library listens to Ctrl+C only once the action has returned its task
            (line, cancel) => Task.Run(() => Run(() => work(line, cancel), line.InvocationConfiguration.Error), CancellationToken.None));
}
