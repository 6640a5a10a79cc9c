using System.CommandLine;
using System.Globalization;
using Segue.Events.Compaction;

namespace Segue.Cli.Commands;

/// <summary><c>segue etl --store STORE</c>: the log becomes Parquet files by day, and these a snapshot of features. Exit code 2: the store cannot be used.</summary>
internal static class EtlCommand
{
    public static Command Create()
    {
        var (options, keep) = (new StoreOptions(), new SnapshotsOption());
        var from = new Option<string?>("--from") { Description = "Earliest event that features look at, such as 2026-01-01. Default: all." };
        var to = new Option<string?>("--to") { Description = "The snapshot's moment: it sees no event at or after it. Default: now." };
        var command = new Command("etl", "Compact the log and build a snapshot of features; twice gives equal bytes, and a stopped run goes on.") { from, to };
        options.AddTo(command);
        keep.AddTo(command);
        command.RunsAs(async (line, cancel) =>
        {
            var kept = keep.Read(line);
            var (first, moment) = (Time(line.GetValue(from), "--from"), Time(line.GetValue(to), "--to"));
            if (first >= moment)
            {
                throw new ArgumentException("--from must be before --to.");
            }
            await using var store = options.Open(line);
            var result = await ConsoleProgress.RunAsync("Building features", bar => store.RunEtlAsync(first, moment, kept, new Steps(bar), cancel));
            await line.InvocationConfiguration.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"Compacted {result.Compaction.Added:N0} new events into {result.Compaction.DaysWritten:N0} days; published features {result.Snapshot.Version}."));
            return 0;
        });
        return command;
    }

    private static DateTimeOffset? Time(string? text, string option)
        => text is null ? null
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time
            : throw new ArgumentException($"{option} is '{text}'; it must be a date or time such as 2026-01-31 or 2026-01-31T18:00:00Z.");

    private sealed class Steps(IProgress<double> bar) : IProgress<StepProgress>
    {
        public void Report(StepProgress value) => bar.Report(value.Total == 0 ? 0 : (double)value.Done / value.Total);
    }
}
