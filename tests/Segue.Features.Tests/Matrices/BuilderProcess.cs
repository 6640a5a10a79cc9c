using System.Diagnostics;
using Segue.Events.Compaction;
using Segue.Events.Tests;
using Segue.Features.Matrices;

namespace Segue.Features.Tests.Matrices;

/// <summary>A process that builds matrices until it is killed or done: this test program, started anew with a variable set. It writes a line for
/// every few occurrences and at each report, and then waits for a line before it goes on, so that it is never far from what it has told.</summary>
internal static class BuilderProcess
{
    private const string FolderVariable = "SEGUE_TEST_MATRICES";

    public static readonly MatrixWorld World = MatrixWorld.Random(5);
    public static readonly MatrixOptions Options = new() { MaxItemsPerUser = 10, MinItemUsers = 2, Threads = 2 };

    public static Process Start(TemporaryFolder folder)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(BuilderProcess).Assembly.Location]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardInput = true };
        start.Environment[FolderVariable] = folder.Path;
        start.Environment["DOTNET_TieredPGO"] = "0";   // starts sooner
        return Process.Start(start)!;
    }

    /// <summary>Acts as a builder when the variable is set; false when it is not.</summary>
    public static async Task<bool> RunIfAskedAsync()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is not { } folder)
        {
            return false;
        }
        var source = new OccurrenceSource(Told(World.Source().Occurrences), "world");
        await new MatrixBuilder(World.Users, World.Items, MatrixWorld.Weights, Options, MatrixWorld.Tiny)
            .BuildAsync(source, Path.Combine(folder, "cut"), Path.Combine(folder, "work"), new Teller());
        return true;
    }

    private static async IAsyncEnumerable<Occurrence> Told(IAsyncEnumerable<Occurrence> source)
    {
        var n = 0;
        await foreach (var occurrence in source)
        {
            if (n++ % 40 == 0)
            {
                Tell($"read {n}");
            }
            yield return occurrence;
        }
    }

    private static void Tell(string line)
    {
        lock (Console.Out)
        {
            Console.Out.WriteLine(line);
            Console.Out.Flush();
            Console.In.ReadLine();
        }
    }

    private sealed class Teller : IProgress<StepProgress>
    {
        public void Report(StepProgress value) => Tell($"{value.Step} {value.Done} of {value.Total}");
    }
}
