using System.Globalization;
using Segue.Evaluation.Planning;
using Segue.Models;
using Segue.Models.Factorization;
using Segue.Numerics;
using Segue.Numerics.Search;
using Segue.Numerics.Sparse;

namespace Segue.Benchmarks.Taste;

/// <summary>Lists for every listener: <c>topk [USERS ITEMS D K]</c>, by default 200,000 × 100,000 with d = 64, for k = 20 and 100.</summary>
/// <remarks>Factors are learnt from plays, 100 a user, for pruning lives on what learnt factors look like; what a user played is left out of the list.
/// Seconds are the processor's, of one thread, the best of some runs. 100,000 ranks are compared with scoring all items plainly.</remarks>
internal static class TopKScale
{
    private const int Sweeps = 3, PlaysOfUser = 100, Runs = 3, MeasuredPlain = 5_000, Measured = 20_000, ComparedRanks = 100_000;

    public static void Run(string[] args)
    {
        var numbers = args.Select(arg => int.Parse(arg, CultureInfo.InvariantCulture)).ToArray();
        var (users, items, d, k) = numbers is [var u, var i, var dimensions, var count] ? (u, i, dimensions, count) : (200_000, 100_000, 64, 0);
        using var plays = SyntheticPlays.Make(users, items, (long)users * PlaysOfUser, levels: 1);
        var (x, y) = Learn(plays, d);
        var peak = CorePeaks.Measure().Flops;
        Console.WriteLine($"{users:N0} users × {items:N0} items, d = {d}; one core at best {peak / 1e9:F0} GFLOP/s");
        foreach (var length in k == 0 ? [20, 100] : new[] { k })
        {
            Measure("plain", plays, x, y, length, pruned: false, peak);
            Measure("pruned", plays, x, y, length, pruned: true, peak);
        }
    }

    /// <summary>Factors after a few sweeps over plays.</summary>
    internal static (DenseMatrix Users, DenseMatrix Items) Learn(WeightedRows byUser, int d)
    {
        using var byItem = byUser.Transpose();
        var options = new ImplicitAlsOptions { Factors = d, Alpha0 = 0.01, Lambda = 0.005 };
        using var factors = AlsFactors.Random(byUser.Rows, byUser.Columns, options, 1);
        var (als, run) = (new CollectiveAls(options), new TrainingRun(1, 2));
        for (var half = 0; half < 2 * Sweeps; half++)
        {
            als.HalfStep(factors, byUser, byItem, run);
        }
        return (factors.Users.ToDense(), factors.Items.ToDense());
    }

    private static void Measure(string name, WeightedRows plays, DenseMatrix x, DenseMatrix y, int k, bool pruned, double peak)
    {
        var before = CorePeaks.CpuSeconds();
        using var index = new ItemIndex(y, threads: 1, pruned);
        var made = CorePeaks.CpuSeconds() - before;
        using var search = new ItemSearch(index, k);
        var users = Math.Min(pruned ? Measured : MeasuredPlain, x.Rows);
        var best = double.PositiveInfinity;
        for (var run = 0; run < Runs; run++)
        {
            before = CorePeaks.CpuSeconds();
            for (var from = 0; from < users; from += ItemSearch.BlockUsers)
            {
                Search(search, plays, x, from, Math.Min(users, from + ItemSearch.BlockUsers));
            }
            best = Math.Min(best, CorePeaks.CpuSeconds() - before);
        }
        var (all, begun, finished) = search.Tiles;
        var done = (begun * index.Head + (double)finished * (index.Factors - index.Head)) / ((double)all * index.Factors);
        var flops = 2.0 * users * index.Items * index.Factors * done / best;
        Console.WriteLine(
            $"k = {k}, {name}: {users / best:N0} users per CPU second, {flops / 1e9:F0} GFLOP/s ({flops / peak:P0} of the core); "
            + $"tiles begun {(double)begun / all:P1}, finished {(double)finished / all:P1}; index in {made:F2} CPU s, first step {index.Head} of {index.Factors}; "
            + Differences(search, plays, x, y, k));
    }

    private static void Search(ItemSearch search, WeightedRows plays, DenseMatrix x, int from, int to)
    {
        search.Clear();
        for (var user = from; user < to; user++)
        {
            search.Add(x.Row(user), plays.ColumnsOf(user));
        }
        search.Run();
    }

    private static string Differences(ItemSearch search, WeightedRows plays, DenseMatrix x, DenseMatrix y, int k)
    {
        var (scores, ranks, different) = (new float[y.Rows], 0L, 0L);
        for (var from = 0; from < Math.Min(ComparedRanks / k, x.Rows); from += ItemSearch.BlockUsers)
        {
            var to = Math.Min(x.Rows, from + ItemSearch.BlockUsers);
            Search(search, plays, x, from, to);
            for (var user = from; user < to; user++)
            {
                for (var item = 0; item < scores.Length; item++)
                {
                    scores[item] = Vectors.Dot(x.Row(user), y.Row(item));
                }
                foreach (var item in plays.ColumnsOf(user))
                {
                    scores[item] = float.NegativeInfinity;
                }
                var expected = TopK.Select(scores, k);
                var found = search.Found(user - from);
                ranks += expected.Length;
                for (var rank = 0; rank < expected.Length; rank++)
                {
                    different += rank >= found.Length || expected[rank] != found[rank] ? 1 : 0;
                }
            }
        }
        return $"{different} of {ranks:N0} ranks differ";
    }
}
