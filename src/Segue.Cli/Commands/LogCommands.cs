using System.CommandLine;
using System.Globalization;
using Segue.Events.Compaction;
using Segue.Features.Snapshots;
using Segue.Server.Stores;

namespace Segue.Cli.Commands;

/// <summary><c>segue log verify|retain</c> and <c>segue keys rotate</c>: the care of a store. Exit code 2: damage was found, or the store cannot be used.</summary>
internal static class LogCommands
{
    public static Command Log() => new("log", "Check a store's events, or let go of old ones.") { Verify(), Retain() };

    public static Command Keys() => new("keys", "The keys of a store's pseudonyms.") { Rotate() };

    private static Command Verify()
    {
        var options = new StoreOptions();
        var command = new Command("verify", "Read every byte of log, compacted events and features, and compare it with its checksum.");
        options.AddTo(command);
        command.RunsAs(async (line, cancel) =>
        {
            await using var store = options.Open(line);
            var parts = store.Parts;
            var faults = new List<string>();
            var log = await store.Events.RunAsync(events => events.Verify(cancel));
            faults.AddRange(log.Faults.Select(fault => $"{fault.File}{(fault.Offset is { } at ? $" at event {at}" : "")}: {fault.What}"));
            var compacted = await new EventCompactor(parts.Objects, parts.WorkFolder).VerifyAsync(cancel);
            faults.AddRange(compacted.Select(fault => $"{fault.ObjectName}: {fault.Reason}"));
            var features = new FeatureStore(parts.Objects, parts.WorkFolder);
            foreach (var version in await features.VersionsAsync(cancel))
            {
                faults.AddRange((await features.VerifyAsync(version, cancel)).Select(fault => $"{fault.ObjectName}: {fault.Reason}"));
            }
            parts.Store.Verify();
            faults.ForEach(fault => line.InvocationConfiguration.Error.WriteLine($"segue: {fault}"));
            await line.InvocationConfiguration.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"Checked events {log.Start:N0} to {log.End:N0} in {log.Segments:N0} segments, and what was compacted of them: {faults.Count:N0} faults."));
            return faults.Count == 0 ? 0 : CommandRunner.BadInput;
        });
        return command;
    }

    private static Command Retain()
    {
        var options = new StoreOptions();
        var days = new Option<int>("--days") { Description = "Keep compacted events and dead letters of so many days, 1 to 36500.", Required = true };
        var logDays = new Option<int>("--log-days")
        {
            Description = "Keep segments of the log, once compacted, for so many days, 0 to 36500.",
            DefaultValueFactory = _ => 7,
        };
        var command = new Command("retain", "Let go of events by age.") { days, logDays };
        options.AddTo(command);
        command.RunsAs(async (line, cancel) =>
        {
            var (kept, segments) = (line.GetValue(days), line.GetValue(logDays));
            if (kept is < 1 or > 36_500 || segments is < 0 or > 36_500)
            {
                throw new ArgumentException($"--days is {kept}, --log-days {segments}; allowed are 1 to 36500 and 0 to 36500.");
            }
            await using var store = options.Open(line);
            var now = TimeProvider.System.GetUtcNow();
            var covered = (await EventManifest.ReadAsync(store.Parts.Objects, cancel)).Offset;
            var dropped = await new EventCompactor(store.Parts.Objects, store.Parts.WorkFolder).DropBeforeAsync(DateOnly.FromDateTime(now.UtcDateTime).AddDays(-kept), cancel);
            var letters = store.Events.DeadLetters.DeleteReceivedBefore(now.AddDays(-kept));
            var retired = await store.Events.RetireAsync(now.AddDays(-segments), covered);
            await line.InvocationConfiguration.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"Let go of {dropped.Count:N0} days of compacted events, {letters:N0} dead letters and {retired:N0} events of the log that lie in compacted files."));
            return 0;
        });
        return command;
    }

    private static Command Rotate()
    {
        var options = new StoreOptions();
        var command = new Command("rotate", "Add a key and give every listener the pseudonym that it makes; safe to run again after a crash.");
        options.AddTo(command);
        command.RunsAs(async (line, cancel) =>
        {
            var generation = await new KeyRotation(options.Path(line), options.Places(line), TimeProvider.System).RunAsync(cancel);
            await line.InvocationConfiguration.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"All pseudonyms are of key {generation} now. Run \"segue etl\" and \"segue train\": features and models of the old pseudonyms are gone."));
            return 0;
        });
        return command;
    }
}
