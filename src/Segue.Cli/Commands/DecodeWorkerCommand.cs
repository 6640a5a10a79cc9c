using System.CommandLine;
using Segue.Audio.Decoding.Workers;

namespace Segue.Cli.Commands;

/// <summary><c>segue decode-worker</c>: decodes for another process of Segue, over standard input and output. For no hand: it is not listed.</summary>
internal static class DecodeWorkerCommand
{
    /// <summary>Program and arguments that start this executable as a worker.</summary>
    public static (string Program, IReadOnlyList<string> Arguments) Self
    {
        get
        {
            var program = Environment.ProcessPath ?? "dotnet";
            return Path.GetFileNameWithoutExtension(program) == "dotnet"
                ? (program, [typeof(DecodeWorkerCommand).Assembly.Location, DecodeWorker.Command])
                : (program, [DecodeWorker.Command]);
        }
    }

    public static Command Create()
    {
        var command = new Command(DecodeWorker.Command, "Decode files for another process of Segue.") { Hidden = true };
        command.SetAction(_ =>
        {
            using var input = Console.OpenStandardInput();
            using var output = Console.OpenStandardOutput();
            DecodeWorker.Run(input, output);
        });
        return command;
    }
}
