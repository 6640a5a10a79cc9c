using System.Diagnostics;
using System.Globalization;
using Segue.Evaluation.Planning;
using Segue.Features.Interactions;
using Segue.Models;
using Segue.Models.Factorization;
using Segue.Numerics;
using Segue.Numerics.Factors;
using Segue.Numerics.Sparse;

namespace Segue.Benchmarks.Taste;

/// <summary>Sweeps of the collective factorization: <c>taste [USERS ITEMS MILLIONS [D]]</c>, by default 200,000 × 100,000 × 20 million; with D sweeps at that dimension alone.</summary>
/// <remarks>Seconds are the processor's, and of several sweeps the best: on a machine with other work the clock measures the others.</remarks>
internal static class TasteScale
{
    private const int Runs = 4;

    public static void Run(string[] args)
    {
        var numbers = args.Select(arg => double.Parse(arg, CultureInfo.InvariantCulture)).ToArray();
        var (users, items, interactions) = numbers is [var u, var i, var millions, ..] ? ((int)u, (int)i, (long)(millions * 1e6)) : (200_000, 100_000, 20_000_000L);
        var peaks = CorePeaks.Measure();
        Console.WriteLine($"One core at best: {peaks.Flops / 1e9:F0} GFLOP/s, {peaks.ReadBytes / 1e9:F1} GB/s in order, {peaks.RandomRows / 1e6:F0} M rows of 128 bytes/s at random");
        var only = numbers is [_, _, _, var dimensions] ? (int)dimensions : 0;
        if (only == 0)
        {
            FoldIn();
            TimeToQuality(users / 20, items / 20, interactions / 20);
        }
        using var byUser = SyntheticPlays.Make(users, items, interactions, levels: 1);
        using var byItem = byUser.Transpose();
        Console.WriteLine($"{users:N0} users × {items:N0} items × {byUser.Count:N0} interactions, {(byUser.Bytes + byItem.Bytes) / 1048576.0:F0} MiB in both orientations");
        foreach (var d in only == 0 ? [32, 64, 128] : new[] { only })
        {
            var one = Sweeps(byUser, byItem, d, threads: 1, peaks);
            var two = Sweeps(byUser, byItem, d, threads: 2, peaks);
            Console.WriteLine($"d = {d}: wall of one thread ÷ of two {one / two:F2}");
        }
        foreach (var d in only == 0 ? [256, 512, 1024] : Array.Empty<int>())
        {
            Axes(d);
        }
    }

    // Returns the best wall time of a sweep.
    private static double Sweeps(WeightedRows byUser, WeightedRows byItem, int d, int threads, CorePeaks.Peaks peaks)
    {
        var options = new ImplicitAlsOptions { Factors = d, Alpha0 = 0.01, Lambda = 0.005 };
        using var factors = AlsFactors.Random(byUser.Rows, byUser.Columns, options, 1);
        var (als, run) = (new CollectiveAls(options), new TrainingRun(1, threads));
        ForgetPeak();
        var (cpu, wall) = (double.PositiveInfinity, double.PositiveInfinity);
        for (var n = 0; n < Runs; n++)
        {
            var (clock, before) = (Stopwatch.StartNew(), CorePeaks.CpuSeconds());
            als.HalfStep(factors, byUser, byItem, run);
            als.HalfStep(factors, byUser, byItem, run);
            (cpu, wall) = (Math.Min(cpu, CorePeaks.CpuSeconds() - before), Math.Min(wall, clock.Elapsed.TotalSeconds));
        }
        // An entry: 2 (2 steps + 1) d flops. A row of either table: half a Gram product and two rotations, 5 d². A gathered row: 2 d bytes.
        double entries = 2.0 * byUser.Count, rows = byUser.Rows + byUser.Columns;
        var flops = entries * 2 * (2 * options.Steps + 1) * d + rows * (d + 4.0 * d) * d;
        var bytes = entries * (2 * d + byUser.Bytes / (double)byUser.Count);
        Console.WriteLine(
            $"d = {d}, {threads} thread(s): sweep {cpu:F2} CPU s, {wall:F2} s wall; {flops / cpu / 1e9:F1} GFLOP/s ({flops / cpu / peaks.Flops:P0} of the core), "
            + $"{bytes / cpu / 1e9:F1} GB/s ({bytes / cpu / peaks.ReadBytes:P0}), peak {PeakMebibytes():F0} MiB");
        return wall;
    }

    // Cholesky and three steps from the same start: CPU seconds until the objective is within 0.5 % of the best that either reached.
    private static void TimeToQuality(int users, int items, long interactions)
    {
        const int Sweeps = 12;
        using var byUser = SyntheticPlays.Make(users, items, interactions, levels: 1);
        using var byItem = byUser.Transpose();
        foreach (var d in new[] { 32, 64, 128 })
        {
            var options = new ImplicitAlsOptions { Factors = d, Alpha0 = 0.01, Lambda = 0.005 };
            var plain = new CholeskyAls(options, byUser, byItem, 1);
            var exact = Curve(Sweeps, plain.Sweep, () =>
            {
                using var factors = plain.Factors();
                return AlsObjective.Of(factors, byUser, byItem, options);
            });
            using var state = AlsFactors.Random(byUser.Rows, byUser.Columns, options, 1);
            var (als, run) = (new CollectiveAls(options), new TrainingRun(1, 1));
            var fast = Curve(Sweeps, () =>
            {
                als.HalfStep(state, byUser, byItem, run);
                als.HalfStep(state, byUser, byItem, run);
            }, () => AlsObjective.Of(state, byUser, byItem, options));
            var best = Math.Min(exact.Min(point => point.Objective), fast.Min(point => point.Objective));
            Console.WriteLine(
                $"{byUser.Count:N0} interactions, d = {d}: to 0.5 % of the best objective Cholesky {Reached(exact, best)}, rotated CG {Reached(fast, best)}; "
                + $"after {Sweeps} sweeps {exact[^1].Objective / best - 1:P2} and {fast[^1].Objective / best - 1:P2} above it");
        }
    }

    private static List<(double Seconds, double Objective)> Curve(int sweeps, Action sweep, Func<double> objective)
    {
        var points = new List<(double, double)>();
        double spent = 0;
        for (var n = 0; n < sweeps; n++)
        {
            var before = CorePeaks.CpuSeconds();
            sweep();
            spent += CorePeaks.CpuSeconds() - before;
            points.Add((spent, objective()));
        }
        return points;
    }

    private static string Reached(List<(double Seconds, double Objective)> curve, double best)
    {
        var at = curve.FindIndex(point => point.Objective <= best * 1.005);
        return at < 0 ? "never" : string.Create(CultureInfo.InvariantCulture, $"{curve[at].Seconds:F2} CPU s ({at + 1} sweeps)");
    }

    private static void FoldIn()
    {
        const int Items = 20_000, History = 100, Calls = 2_000;
        var random = new SeededRandom(5);
        var elements = Enumerable.Range(0, 200_000).Select(n => (n / 20, random.NextInt(Items), 1f)).ToArray();
        var data = new TrainingSet(CsrMatrix.FromTriplets(10_000, Items, elements));
        var model = (ImplicitAlsModel)ModelKinds.Get("als").Trainer(new Dictionary<string, double> { ["factors"] = 64, ["sweeps"] = 2 }).Train(data, new(1, 2));
        var histories = Enumerable.Range(0, 50).Select(_ => UserHistory.OfItems([.. Enumerable.Range(0, History).Select(_ => random.NextInt(Items))])).ToArray();
        var best = double.PositiveInfinity;
        for (var run = 0; run < 8; run++)
        {
            var before = CorePeaks.CpuSeconds();
            for (var n = 0; n < Calls; n++)
            {
                model.FoldIn(histories[n % histories.Length]);
            }
            best = Math.Min(best, (CorePeaks.CpuSeconds() - before) / Calls);
        }
        Console.WriteLine($"Folding in a listener with {History} interactions at d = 64: {best * 1e6:F1} µs");
    }

    private static void Axes(int d)
    {
        using var table = AlsFactors.Random(3 * d, 1, new() { Factors = d }, 1).Users;
        var gram = table.Gram(1);
        var best = double.PositiveInfinity;
        for (var run = 0; run < 3; run++)
        {
            var before = CorePeaks.CpuSeconds();
            SymmetricEigen.Decompose(gram);
            best = Math.Min(best, CorePeaks.CpuSeconds() - before);
        }
        Console.WriteLine($"Axes of a Gram matrix, twice a sweep, d = {d}: {best * 1e3:F0} ms");
    }

    // Linux forgets the peak so far when asked to; elsewhere the peak is that of the whole process.
    internal static void ForgetPeak()
    {
        GC.Collect();
        if (OperatingSystem.IsLinux())
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
    }

    internal static double PeakMebibytes() => Process.GetCurrentProcess().PeakWorkingSet64 / 1048576.0;
}
