using System.Diagnostics;
using System.Globalization;
using Segue.Core;
using Segue.Events.Compaction;
using Segue.Features.Interactions;
using Segue.Features.Matrices;

namespace Segue.Benchmarks.Taste;

/// <summary>Matrices from a stream of occurrences: <c>matrices [USERS ITEMS MILLIONS BUDGET_MIB]</c>, by default 200,000 × 100,000 × 20 million in 256 MiB.</summary>
/// <remarks>Reading the occurrences from a file is in the figures, drawing them is not. Seconds are the processor's and the clock's, the better of two builds.</remarks>
internal static class MatrixScale
{
    private static readonly TasteWeights Weights = new(new Dictionary<InteractionAction, ActionTerm>
    {
        [InteractionAction.Listen] = new(1, 1, 120),
        [InteractionAction.Skip] = new(0.5, -0.5, 120),
        [InteractionAction.VoteUp] = new(2, 1),
        [InteractionAction.PlaylistAdd] = new(2, 1),
    }, 0.5);

    public static async Task RunAsync(string[] args)
    {
        var numbers = args.Select(arg => double.Parse(arg, CultureInfo.InvariantCulture)).ToArray();
        var (users, items, count, budget) = numbers is [var u, var i, var millions, var mebibytes]
            ? ((int)u, (int)i, (long)(millions * 1e6), (long)mebibytes << 20)
            : (200_000, 100_000, 20_000_000L, 256L << 20);
        var folder = Directory.CreateTempSubdirectory("segue-matrices-").FullName;
        try
        {
            var source = new SyntheticOccurrences(users, items, count, 1).Write(Path.Combine(folder, "occurrences"));
            var peaks = CorePeaks.Measure();
            Console.WriteLine($"One core at best: {peaks.Flops / 1e9:F0} GFLOP/s, {peaks.ReadBytes / 1e9:F1} GB/s in order, {peaks.RandomRows / 1e6:F0} M rows of 128 bytes/s at random");
            Console.WriteLine($"{users:N0} users × {items:N0} items × {count:N0} occurrences, {budget >> 20} MiB");
            foreach (var threads in new[] { 1, 2 })
            {
                await MeasureAsync(users, items, source, folder, new() { MemoryBytes = budget, Threads = threads, MaxItemsPerUser = 1_000 });
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(int users, int items, OccurrenceSource source, string folder, MatrixOptions options)
    {
        var (cpu, wall) = (double.PositiveInfinity, double.PositiveInfinity);
        Steps? best = null;
        MatrixManifest? manifest = null;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);   // memory of what ran before
        TasteScale.ForgetPeak();
        var idle = Environment.WorkingSet;
        for (var run = 0; run < 2; run++)
        {
            var result = Path.Combine(folder, "matrices");
            var steps = new Steps();
            var (clock, before) = (Stopwatch.StartNew(), CorePeaks.CpuSeconds());
            manifest = await new MatrixBuilder(users, items, Weights, options).BuildAsync(source, result, Path.Combine(folder, "work"), steps);
            var spent = CorePeaks.CpuSeconds() - before;
            (cpu, wall, best) = (Math.Min(cpu, spent), Math.Min(wall, clock.Elapsed.TotalSeconds), spent < cpu ? steps : best);
            Directory.Delete(result, recursive: true);
        }
        var bytes = manifest!.Files.Sum(file => file.Bytes);
        Console.WriteLine(
            $"{options.Threads} thread(s): {source.AtMost / cpu / 1e6:F2} M occurrences/s of a core ({cpu:F1} CPU s), {source.AtMost / wall / 1e6:F2} M/s by the clock ({wall:F1} s); "
            + $"{manifest.Count:N0} entries, {bytes / 1048576.0:F0} MiB, {bytes / 2.0 / manifest.Count:F2} bytes each in an orientation; "
            + $"peak {TasteScale.PeakMebibytes():F0} MiB, {idle / 1048576.0:F0} MiB before it began");
        Console.WriteLine($"  CPU: {best}");
    }

    /// <summary>Processor's seconds of each step.</summary>
    private sealed class Steps : IProgress<StepProgress>
    {
        private readonly Dictionary<string, (double First, double Last)> _seen = new(StringComparer.Ordinal);
        private double _last = CorePeaks.CpuSeconds();

        public void Report(StepProgress value)
        {
            lock (_seen)
            {
                var now = CorePeaks.CpuSeconds();
                _seen[value.Step] = (_seen.TryGetValue(value.Step, out var step) ? step.First : _last, now);
                _last = now;
            }
        }

        public override string ToString() => string.Join(", ", _seen.Select(step => $"{step.Key} {step.Value.Last - step.Value.First:F1} s"));
    }
}
