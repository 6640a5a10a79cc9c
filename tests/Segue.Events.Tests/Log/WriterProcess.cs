using System.Diagnostics;
using System.Globalization;
using Segue.Events.Log;

namespace Segue.Events.Tests.Log;

/// <summary>A process that takes events into a log until it is killed or done: this test program, started anew with a variable set.</summary>
/// <remarks>It writes a line <c>NUMBER</c> for each batch that was acknowledged, and at its end <c>refused FULL COUNT</c>, <c>unopened FULL</c> or <c>done</c>.</remarks>
internal static class WriterProcess
{
    private const string FolderVariable = "SEGUE_TEST_WRITER_LOG";
    private const string FirstVariable = "SEGUE_TEST_WRITER_FIRST";
    private const string BatchesVariable = "SEGUE_TEST_WRITER_BATCHES";

    /// <summary>Small, so that closing of segments and writing of the index happen, too.</summary>
    public static readonly EventLogOptions LogOptions = new() { SegmentBytes = 1 << 18, CheckpointBytes = 1 << 17 };
    public static readonly EventIntakeOptions IntakeOptions = new() { DuplicateSearchBytes = 1 << 20 };

    /// <summary>The events of a batch: 1 to 40, by its number.</summary>
    public static List<ListenerEvent> Batch(long number) => SampleEvents.Listens(number * 100, 1 + (int)(number * 7 % 40));

    public static Process Start(string folder, long firstBatch, long batches, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(WriterProcess).Assembly.Location]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[FolderVariable] = folder;
        start.Environment[FirstVariable] = firstBatch.ToString(CultureInfo.InvariantCulture);
        start.Environment[BatchesVariable] = batches.ToString(CultureInfo.InvariantCulture);
        start.Environment["DOTNET_TieredPGO"] = "0";   // starts sooner
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }
        return Process.Start(start)!;
    }

    /// <summary>Acts as a writer when the variable is set; false when it is not.</summary>
    public static async Task<bool> RunIfAskedAsync()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is not { } folder)
        {
            return false;
        }
        await RunAsync(folder, Number(FirstVariable), Number(BatchesVariable));
        return true;
    }

    private static long Number(string variable) => long.Parse(Environment.GetEnvironmentVariable(variable)!, CultureInfo.InvariantCulture);

    private static async Task RunAsync(string folder, long first, long batches)
    {
        EventLog log;
        EventIntake intake;
        try
        {
            log = EventLog.Open(folder, LogOptions);
            intake = new(log, IntakeOptions);
        }
        catch (LogUnavailableException refused)
        {
            Tell($"unopened {refused.IsFull}");
            return;
        }
        var next = first - 1;
        try
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                for (var number = Interlocked.Increment(ref next); number < first + batches; number = Interlocked.Increment(ref next))
                {
                    await intake.SubmitAsync(Batch(number));
                    Tell(number.ToString(CultureInfo.InvariantCulture));
                }
            })));
            await intake.DisposeAsync();
            log.Dispose();
            Tell("done");
        }
        catch (LogUnavailableException refused)
        {
            await Console.Error.WriteLineAsync(refused.ToString());
            Tell($"refused {refused.IsFull} {log.Read(0).Count()}");   // reading goes on
            await intake.DisposeAsync();
            log.Dispose();
        }
    }

    private static void Tell(string line)
    {
        lock (Console.Out)
        {
            Console.Out.WriteLine(line);
            Console.Out.Flush();
        }
    }
}
