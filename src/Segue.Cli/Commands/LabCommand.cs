using System.CommandLine;
using System.Globalization;
using Segue.Core;
using Segue.Evaluation.Lab;
using Segue.Evaluation.Lab.Sound;
using Segue.Events.Storage;

namespace Segue.Cli.Commands;

/// <summary><c>segue lab</c>: a simulated world. With <c>--out</c> it becomes a store; <c>segue lab compare</c> measures policies in it.</summary>
internal static class LabCommand
{
    public static Command Create()
    {
        var sizes = new LabSizeOptions();
        var seed = new Option<ulong>("--seed") { Description = "The world follows from it.", DefaultValueFactory = _ => 1 };
        var playlists = LabPlaylistsCommand.Keepers(usual: 0);
        var target = new Option<string?>("--out") { Description = "The store to make; only the world's figures are shown when left out." };
        var replace = new Option<bool>("--replace") { Description = "Replace the store if there is one, its models included." };
        var music = new Option<string?>("--music") { Description = "An empty folder to fill with the sound of tracks, as tagged WAV files." };
        var most = new Option<int>("--music-tracks") { Description = "Files to write at most, whole artists one after the other.", DefaultValueFactory = _ => 500 };
        var seconds = new Option<double>("--music-seconds") { Description = "Length of each file, 10 to 30.", DefaultValueFactory = _ => LabSound.UsualLength.TotalSeconds };
        var command = new Command("lab", "Simulate listeners, tracks and a history, and show how near they are to published figures.")
        {
            seed, playlists, target, replace, music, most, seconds, LabCompareCommand.Create(), LabColdCommand.Create(), LabNewTracksCommand.Create(), LabTasteCommand.Create(), LabSoundCommand.Create(), LabPlaylistsCommand.Create(),
        };
        sizes.AddTo(command);
        command.RunsAs((line, cancel) =>
        {
            var world = LabWorld.Create(sizes.Read(line) with { Seed = line.GetValue(seed), PlaylistKeepers = line.GetValue(playlists) });
            using var writer = line.GetValue(target) is { } path
                ? new StoreWriter(path, $"listener lab, seed {world.Options.Seed}", new TimeOf(world.End), line.GetValue(replace))
                : null;
            var history = ConsoleProgress.Run("Simulating", progress => world.SimulateHistory(progress, cancel));
            var output = line.InvocationConfiguration.Output;
            var catalogue = line.GetValue(music) is { } folder
                ? ConsoleProgress.Run("Making music", progress => LabMusic.Write(world, folder, line.GetValue(most), Length(line.GetValue(seconds)), progress, cancel))
                : world.Catalogue;
            if (writer is not null)
            {
                Write(world, catalogue, history, writer, cancel);
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"Wrote {world.Catalogue.Count:N0} tracks, {world.Listeners.Count:N0} listeners and {history.Count:N0} plays to {line.GetValue(target)}."));
            }
            if (line.GetValue(music) is { } filled)
            {
                var files = Math.Min(line.GetValue(most), world.Catalogue.Count);
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Wrote {files:N0} files of music to {filled}."));
            }
            foreach (var row in LabReport.Lines(LabCalibration.Measure(world, history, cancel)))
            {
                output.WriteLine(row);
            }
            return 0;
        });
        return command;
    }

    private static void Write(
        LabWorld world, IReadOnlyList<Track> catalogue, IReadOnlyList<LabListen> history, StoreWriter writer, CancellationToken cancellation)
    {
        foreach (var track in catalogue)
        {
            writer.Add(track);
        }
        foreach (var listener in world.Listeners)
        {
            writer.Add(listener);
        }
        foreach (var interaction in LabExport.ToInteractions(world, history, world.Playlists(history)))
        {
            cancellation.ThrowIfCancellationRequested();
            writer.Add(interaction);
        }
        writer.Commit();
    }

    private static TimeSpan Length(double seconds) => double.IsFinite(seconds) && Math.Abs(seconds) < 1e6
        ? TimeSpan.FromSeconds(seconds)
        : throw new ArgumentException($"--music-seconds is {seconds}; allowed are 10 to 30.");

    // A lab store is dated by its own world, so that equal seeds give equal bytes.
    private sealed class TimeOf(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
