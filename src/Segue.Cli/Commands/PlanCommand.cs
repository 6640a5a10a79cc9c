using System.CommandLine;
using System.Globalization;
using Segue.Evaluation.Planning;
using Segue.Numerics;

namespace Segue.Cli.Commands;

/// <summary><c>segue plan --listeners N --tracks N --listens N --factors D</c>: what a night will take on this machine, from small runs on it.</summary>
internal static class PlanCommand
{
    public static Command Create()
    {
        var listeners = new Option<long>("--listeners") { Description = "Listeners.", Required = true };
        var tracks = new Option<long>("--tracks") { Description = "Tracks.", Required = true };
        var listens = new Option<long>("--listens") { Description = "Interactions of all kinds.", Required = true };
        var factors = new Option<int>("--factors") { Description = "Latent dimensions.", DefaultValueFactory = _ => 64 };
        var threads = new Option<int>("--threads") { Description = "Threads to use.", DefaultValueFactory = _ => Workers.Default };
        var memory = new Option<int>("--memory") { Description = "MiB that building matrices may use.", DefaultValueFactory = _ => 1024 };
        var command = new Command("plan", "Predict memory, disk and time of each step of a night, from small runs on this machine.")
        {
            listeners, tracks, listens, factors, threads, memory,
        };
        command.RunsAs((line, cancel) =>
        {
            var size = new ServiceSize(line.GetValue(listeners), line.GetValue(tracks), line.GetValue(listens), line.GetValue(factors));
            var (count, mebibytes) = (line.GetValue(threads), line.GetValue(memory));
            if (count is < 1 or > 1024 || mebibytes < 1)
            {
                throw new ArgumentException($"--threads is {count} and --memory {mebibytes}; allowed are 1 to 1024, and 1 or more.");
            }
            var rates = ConsoleProgress.Run("Measuring this machine", progress => MachineRates.Measure(
                size.Factors, Path.GetTempPath(), new(1, count, progress, cancel)));
            Write(size, rates, NightPlan.Of(size, rates, (long)mebibytes << 20), line.InvocationConfiguration.Output);
            return 0;
        });
        return command;
    }

    private static void Write(ServiceSize size, MachineRates rates, IReadOnlyList<PlannedStep> steps, TextWriter output)
    {
        output.WriteLine(Text($"{size.Listeners:N0} listeners, {size.Tracks:N0} tracks, {size.Listens:N0} interactions, d = {size.Factors}, {rates.Threads} threads"));
        output.WriteLine(Text(
            $"Measured here: a sweep {1e9 * rates.SweepEntry:F0} ns an interaction and {1e6 * rates.SweepRow:F2} µs a row, matrices {1e9 * rates.MatrixEntry:F0} ns an interaction, ")
            + Text($"lists {1e9 * rates.ListCell:F2} ns a listener and track, a fold-in of 100 interactions {1e6 * rates.FoldIn:F0} µs."));
        output.WriteLine();
        output.WriteLine($"{"step",-62}{"minutes",10}{"memory GiB",13}{"disk GiB",11}");
        foreach (var step in steps)
        {
            output.WriteLine(Text($"{step.Name,-62}{step.Seconds / 60,10:F1}{Gibibytes(step.Memory),13:F2}{Gibibytes(step.Disk),11:F2}"));
        }
    }

    private static double Gibibytes(long bytes) => bytes / (double)(1 << 30);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
