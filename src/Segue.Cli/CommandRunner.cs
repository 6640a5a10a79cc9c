using System.CommandLine;
using Microsoft.Data.Sqlite;
using Npgsql;
using Segue.Audio.Onnx;
using Segue.Audio.Processes;
using Segue.Events.Analytics;
using Segue.Events.Importing;
using Segue.Events.Log;
using Segue.Events.Mapping;
using Segue.Events.Storage;
using Segue.Models;
using Segue.Models.Registry;
using Segue.Numerics.Memory;
using Segue.Radio;
using Segue.Ranking.Learnt.Trees;
using Segue.Server.Music;
using Segue.Server.Stores;

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
    /// <param name="error">Where the message of a failure goes.</param>
    public static async Task<int> RunAsync(Func<Task<int>> work, TextWriter error)
    {
        try
        {
            return await work();
        }
        catch (Exception failure) when (Outcome(failure) is { } outcome)
        {
            await error.WriteLineAsync($"segue: {outcome.Message}");
            return outcome.Code;
        }
    }

    /// <summary>Makes <paramref name="work"/> the command's action, under <see cref="RunAsync"/>, and cancelled by Ctrl+C.</summary>
    public static void RunsAs(this Command command, Func<ParseResult, CancellationToken, Task<int>> work)
        => command.SetAction(   // on a thread of its own: the library listens to Ctrl+C only once the action has returned its task
            (line, cancel) => Task.Run(() => RunAsync(() => work(line, cancel), line.InvocationConfiguration.Error), CancellationToken.None));

    /// <inheritdoc cref="RunsAs(Command, Func{ParseResult, CancellationToken, Task{int}})"/>
    public static void RunsAs(this Command command, Func<ParseResult, CancellationToken, int> work)
        => command.RunsAs((line, cancel) => Task.FromResult(work(line, cancel)));

    private static (string Message, int Code)? Outcome(Exception failure) => failure switch
    {
        OperationCanceledException => ("stopped.", Cancelled),
        ArgumentException argument => (WithoutParameter(argument), BadInput),
        ImportException or StoreException or AnswerGoneException or ModelsMissingException or ModelDivergedException or TooFewTracksException or OnnxMissingException or OnnxException or XgboostException or ProgramMissingException or TooLittleMemoryException or NotKnownException
            or MappingException or LogInUseException or LogDamagedException or LogUnavailableException or DuckDbMissingException
            or SqliteException or NpgsqlException or InvalidDataException or FormatException or IOException or UnauthorizedAccessException => (failure.Message, BadInput),
        _ => null,
    };

    // The parameter's name is the program's, and tells a user nothing.
    private static string WithoutParameter(ArgumentException failure)
        => failure.Message.Replace($" (Parameter '{failure.ParamName}')", "", StringComparison.Ordinal);
}
