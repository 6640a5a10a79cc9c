using System.CommandLine;
using System.Globalization;
using Segue.Evaluation.Lab;
using Segue.Events.Storage;

namespace Segue.Cli.Commands;

/// <summary><c>segue lab</c>: a simulated world. With <c>--out</c> it becomes a store; <c>segue lab compare</c> measures policies in it.</summary>
internal static class LabCommand
{
    public static Command Create()
    {
        var sizes = new LabSizeOptions();
        var seed = new Option<ulong>("--seed") { Description = "The world follows from it.", DefaultValueFactory = _ => 1 };
        var target = new Option<string?>("--out") { Description = "The store to make; only the world's figures are shown when left out." };
        var replace = new Option<bool>("--replace") { Description = "Replace the store if there is one, its models included." };
        var command = new Command("lab", "Simulate listeners, tracks and a history, and show how near they are to published figures.")
        {
            seed, target, replace, LabCompareCommand.Create(), LabTasteCommand.Create(),
        };
        sizes.AddTo(command);
        command.RunsAs((line, cancel) =>
        {
            var world = LabWorld.Create(sizes.Read(line) with { Seed = line.GetValue(seed) });
            using var writer = line.GetValue(target) is { } path
                ? new StoreWriter(path, $"listener lab, seed {world.Options.Seed}", new TimeOf(world.End), line.GetValue(replace))
                : null;
            var history = ConsoleProgress.Run("Simulating", progress => world.SimulateHistory(progress, cancel));
            var output = line.InvocationConfiguration.Output;
            if (writer is not null)
            {
                Write(world, history, writer, cancel);
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"Wrote {world.Catalogue.Count:N0} tracks, {world.Listeners.Count:N0} listeners and {history.Count:N0} plays to {line.GetValue(target)}."));
            }
            foreach (var row in LabReport.Lines(LabCalibration.Measure(world, history, cancel)))
            {
                output.WriteLine(row);
            }
            return 0;
        });
        return command;
    }

    private static void Write(LabWorld world, IReadOnlyList<LabListen> history, StoreWriter writer, CancellationToken cancellation)
    {
        foreach (var track in world.Catalogue)
        {
            writer.Add(track);
        }
        foreach (var listener in world.Listeners)
        {
            writer.Add(listener);
        }
        foreach (var interaction in LabExport.ToInteractions(world, history))
        {
            cancellation.ThrowIfCancellationRequested();
            writer.Add(interaction);
        }
        writer.Commit();
    }

    // A lab store is dated by its own world, so that equal seeds give equal bytes.
    private sealed class TimeOf(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
