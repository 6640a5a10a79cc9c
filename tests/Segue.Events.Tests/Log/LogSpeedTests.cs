using System.Diagnostics;
using Segue.Events.Log;

namespace Segue.Events.Tests.Log;

/// <summary>The figures of docs/event-log.md; they run when asked for, since they say something about a quiet machine alone.</summary>
public sealed class LogSpeedTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(4, 10_000, 4_000_000)]
    [InlineData(4, 1000, 4_000_000)]
    [InlineData(64, 100, 2_000_000)]
    [InlineData(64, 1, 200_000)]
    public async Task Intake(int submitters, int perSubmission, int events)
    {
        LongTests.Require();
        var all = SampleEvents.Listens(0, events);
        for (var round = 0; round < 3; round++)
        {
            using var log = EventLog.Open(_folder[$"log{round}"]);
            await using var intake = new EventIntake(log);
            await intake.SubmitAsync(SampleEvents.Listens(events, 1), TestContext.Current.CancellationToken);
            var milliseconds = new List<double>[submitters];
            var (cpu, clock) = (Process.GetCurrentProcess().TotalProcessorTime, Stopwatch.StartNew());
            await Task.WhenAll(Enumerable.Range(0, submitters).Select(submitter => Task.Run(async () =>
            {
                var waits = milliseconds[submitter] = [];
                for (var from = submitter * perSubmission; from < events; from += submitters * perSubmission)
                {
                    var begun = Stopwatch.GetTimestamp();
                    await intake.SubmitAsync(all.GetRange(from, Math.Min(perSubmission, events - from)));
                    waits.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
                }
            })));
            Report($"{submitters} submitters of {perSubmission}", events, clock.Elapsed, cpu, milliseconds.SelectMany(waits => waits));
        }
    }

    [Fact]
    public async Task Duplicates_reading_and_opening()
    {
        LongTests.Require();
        const int Events = 4_000_000;
        var parts = Enumerable.Range(0, Events / 10_000).Select(i => SampleEvents.Listens(i * 10_000, 10_000)).ToList();
        using (var log = EventLog.Open(_folder["log"]))
        {
            await using var intake = new EventIntake(log);
            for (var round = 0; round < 2; round++)
            {
                var (cpu, clock) = (Process.GetCurrentProcess().TotalProcessorTime, Stopwatch.StartNew());
                await Parallel.ForEachAsync(parts, async (part, cancellation) => await intake.SubmitAsync(part, cancellation));
                Report(round == 0 ? "new" : "all duplicates", Events, clock.Elapsed, cpu, [0]);
            }
        }
        var (before, watch) = (Process.GetCurrentProcess().TotalProcessorTime, Stopwatch.StartNew());
        using var again = EventLog.Open(_folder["log"]);
        output.WriteLine($"opening the log: {watch.ElapsedMilliseconds} ms");
        watch.Restart();
        await using (new EventIntake(again))
        {
            output.WriteLine($"opening the intake: {watch.ElapsedMilliseconds} ms");
        }
        (before, watch) = (Process.GetCurrentProcess().TotalProcessorTime, Stopwatch.StartNew());
        Assert.Equal(Events, again.Read(0).Count());
        Report("reading and decoding", Events, watch.Elapsed, before, [0]);
        watch.Restart();
        Assert.True(again.Verify(TestContext.Current.CancellationToken).IsSound);
        output.WriteLine($"verifying: {watch.ElapsedMilliseconds} ms; bytes an event: {new DirectoryInfo(_folder["log"]).EnumerateFiles("events-*").Sum(file => file.Length) / (double)Events:F0}");
    }

    private void Report(string what, long events, TimeSpan elapsed, TimeSpan cpuBefore, IEnumerable<double> milliseconds)
    {
        var cpu = Process.GetCurrentProcess().TotalProcessorTime - cpuBefore;
        var sorted = milliseconds.Order().ToList();
        output.WriteLine(
            $"{what}: {events / elapsed.TotalSeconds:N0} events/s, {events / cpu.TotalSeconds:N0} a CPU second, p50 {sorted[sorted.Count / 2]:F1} ms, " +
            $"p99 {sorted[(int)(sorted.Count * 0.99)]:F1} ms, longest {sorted[^1]:F1} ms");
    }
}
