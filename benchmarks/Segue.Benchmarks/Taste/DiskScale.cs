using System.Diagnostics;
using System.Globalization;
using Segue.Core;
using Segue.Features.Interactions;
using Segue.Features.Matrices;
using Segue.Models;
using Segue.Models.Factorization;
using Segue.Numerics.Sparse;

namespace Segue.Benchmarks.Taste;

/// <summary>Training from matrices on disk under a memory limit: <c>taste-disk [USERS ITEMS MILLIONS D LIMIT_MIB]</c>, by default 2,000,000 × 500,000 × 300
/// million, d = 64, 4,096 MiB.</summary>
/// <remarks>The limit is a control group's, so pages of mapped files count: needs Linux and the right to make one; without, that is said and nothing is
/// measured. The same matrices are then trained in memory without a limit, for the ratio.</remarks>
internal static class DiskScale
{
    private const int Sweeps = 2;

    public static async Task RunAsync(string[] args)
    {
        var numbers = args.Select(arg => double.Parse(arg, CultureInfo.InvariantCulture)).ToArray();
        var (users, items, count, d, limit) = numbers is [var u, var i, var millions, var dimensions, var mebibytes]
            ? ((int)u, (int)i, (long)(millions * 1e6), (int)dimensions, (long)mebibytes << 20)
            : (2_000_000, 500_000, 300_000_000L, 64, 4096L << 20);
        var folder = Directory.CreateTempSubdirectory("segue-disk-").FullName;
        try
        {
            var source = new SyntheticOccurrences(users, items, count, 1).Write(Path.Combine(folder, "occurrences"));
            using var group = MemoryGroup.Enter(limit);
            await BuildAsync(users, items, source, folder, limit / 4);
            using var matrices = TasteMatrices.Open(Path.Combine(folder, "matrices"));
            Console.WriteLine($"{users:N0} users × {items:N0} items × {matrices.ByUser.Count:N0} entries, {(matrices.ByUser.Bytes + matrices.ByItem.Bytes) / 1048576.0:F0} MiB mapped, d = {d}");
            var mapped = Sweep("mapped, under the limit", matrices.ByUser, matrices.ByItem, d);
            Console.WriteLine($"  most memory in the group, its pages of files included: {group.Peak / 1048576.0:F0} MiB");
            group.Lift();
            using var byUser = Copy(matrices.ByUser);
            using var byItem = Copy(matrices.ByItem);
            Console.WriteLine($"mapped ÷ in memory: {mapped / Sweep("in memory, no limit", byUser, byItem, d):F2}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task BuildAsync(int users, int items, OccurrenceSource source, string folder, long budget)
    {
        var weights = new TasteWeights(new Dictionary<InteractionAction, ActionTerm>
        {
            [InteractionAction.Listen] = new(1, 1), [InteractionAction.Skip] = new(0.5, -0.1), [InteractionAction.VoteUp] = new(3, 1), [InteractionAction.PlaylistAdd] = new(3, 1),
        }, 0);
        var clock = Stopwatch.StartNew();
        var manifest = await new MatrixBuilder(users, items, weights, new() { MemoryBytes = budget }).BuildAsync(source, Path.Combine(folder, "matrices"), Path.Combine(folder, "work"));
        Console.WriteLine($"matrices of {manifest.Occurrences:N0} occurrences in {clock.Elapsed.TotalSeconds:F0} s, {manifest.Occurrences / clock.Elapsed.TotalSeconds / 1e6:F2} M/s");
    }

    // Seconds of the clock of the best sweep.
    private static double Sweep(string name, WeightedRows byUser, WeightedRows byItem, int d)
    {
        var options = new ImplicitAlsOptions { Factors = d, Alpha0 = 0.01, Lambda = 0.005 };
        using var factors = AlsFactors.Random(byUser.Rows, byUser.Columns, options, 1);
        var (als, run, best) = (new CollectiveAls(options), TrainingRun.WithSeed(1), double.PositiveInfinity);
        for (var n = 0; n < Sweeps; n++)
        {
            var clock = Stopwatch.StartNew();
            als.HalfStep(factors, byUser, byItem, run);
            als.HalfStep(factors, byUser, byItem, run);
            best = Math.Min(best, clock.Elapsed.TotalSeconds);
        }
        Console.WriteLine($"{name}: sweep {best:F1} s, {best / byUser.Count * 1e9:F0} ns an entry, {run.Threads} threads");
        return best;
    }

    private static WeightedRows Copy(WeightedRows rows)
    {
        var starts = Enumerable.Range(0, rows.Rows + 1).Select(row => rows.Start(row)).ToArray();
        return WeightedRows.Create(rows.Columns, starts, rows.Codebook, (row, columns, codes) =>
        {
            rows.ColumnsOf(row).CopyTo(columns);
            rows.CodesOf(row).CopyTo(codes);
        });
    }

    /// <summary>A control group of this process alone.</summary>
    private sealed class MemoryGroup : IDisposable
    {
        private const string Folder = "/sys/fs/cgroup/memory";
        private readonly string _path = Path.Combine(Folder, FormattableString.Invariant($"segue-{Environment.ProcessId}"));

        public long Peak => long.Parse(File.ReadAllText(Path.Combine(_path, "memory.max_usage_in_bytes")), CultureInfo.InvariantCulture);

        /// <exception cref="PlatformNotSupportedException">No control groups of version 1 here, or no right to make one.</exception>
        public static MemoryGroup Enter(long limit)
        {
            var group = new MemoryGroup();
            try
            {
                Directory.CreateDirectory(group._path);
                File.WriteAllText(Path.Combine(group._path, "memory.limit_in_bytes"), limit.ToString(CultureInfo.InvariantCulture));
                File.WriteAllText(Path.Combine(group._path, "cgroup.procs"), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
                return group;
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                throw new PlatformNotSupportedException($"The limit cannot be enforced here: {fault.Message}", fault);
            }
        }

        public void Lift() => File.WriteAllText(Path.Combine(_path, "memory.limit_in_bytes"), "-1");

        public void Dispose()
        {
            File.WriteAllText(Path.Combine(Folder, "cgroup.procs"), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            Directory.Delete(_path);
        }
    }
}
