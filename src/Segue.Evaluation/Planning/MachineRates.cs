using System.Diagnostics;
using Segue.Core;
using Segue.Features.Matrices;
using Segue.Models;
using Segue.Models.Factorization;
using Segue.Numerics;
using Segue.Numerics.Factors;
using Segue.Numerics.Search;
using Segue.Numerics.Sparse;

namespace Segue.Evaluation.Planning;

/// <summary>How fast this machine does each step of a night, in seconds of the clock, with all its threads.</summary>
/// <param name="SweepEntry">Of a sweep, an interaction.</param>
/// <param name="SweepRow">Of a sweep, a user or an item.</param>
/// <param name="Axes">Of a sweep, the two decompositions.</param>
/// <param name="FinishEntry">Of the users' last, exact half-step, an interaction.</param>
/// <param name="MatrixEntry">Of building matrices, an interaction.</param>
/// <param name="ListCell">Of making lists, a user and an item.</param>
/// <param name="FoldIn">Of folding in a listener of a hundred interactions, on one thread.</param>
public sealed record MachineRates(
    int Factors, int Threads, double SweepEntry, double SweepRow, double Axes, double FinishEntry, double MatrixEntry, double ListCell, double FoldIn)
{
    private const int Users = 100_000, Items = 100_000, Least = 300_000, Few = 2_000_000, Many = 8_000_000, Listed = 2_000, ListLength = 20, History = 100;

    /// <summary>Measures on plays by a public recipe (<see cref="SyntheticPlays"/>), of 2 and 8 million interactions, after a short run that nobody counts: half a minute to two.</summary>
    /// <param name="folder">For the matrices that are built; about 100 MB, gone afterwards.</param>
    public static MachineRates Measure(int factors, string folder, TrainingRun run)
    {
        var options = new ImplicitAlsOptions { Factors = factors, Alpha0 = 0.01, Lambda = 0.005 };
        Sweep(options, Least, run with { Progress = null });
        run.Progress?.Report(0.1);
        var (few, _, _, _) = Sweep(options, Few, run with { Progress = null });
        run.Progress?.Report(0.3);
        var (many, finish, lists, foldIn) = Sweep(options, Many, run with { Progress = null });
        run.Progress?.Report(0.7);
        var entry = Math.Max(1e-10, (many - few) / (Many - Few));
        var axes = 2 * Axes2(factors, run.Threads);
        Matrices(folder, Least, run);
        var matrices = Matrices(folder, Few, run) / Few;
        run.Progress?.Report(1);
        return new(factors, run.Threads, entry, Math.Max(0, few - axes - entry * Few) / (Users + Items), axes, finish / Many, matrices, lists, foldIn);
    }

    // Seconds of a sweep, of the users' finish, of a list's user and item, and of a fold-in.
    private static (double Sweep, double Finish, double ListCell, double FoldIn) Sweep(ImplicitAlsOptions options, int interactions, TrainingRun run)
    {
        using var byUser = SyntheticPlays.Make(Users, Items, interactions, levels: 8);
        using var byItem = byUser.Transpose();
        using var factors = AlsFactors.Random(Users, Items, options, run.Seed);
        var als = new CollectiveAls(options);
        double Twice() => Seconds(() => als.HalfStep(factors, byUser, byItem, run)) + Seconds(() => als.HalfStep(factors, byUser, byItem, run));
        var sweep = Math.Min(Twice(), Math.Min(Twice(), Twice()));
        var finish = Seconds(() => als.FinishUsers(factors, byUser, run));
        var (x, y) = (factors.Users.ToDense(), factors.Items.ToDense());
        return (sweep, finish, Lists(byUser, x, y, run), FoldInOf(options, y));
    }

    private static double Lists(WeightedRows byUser, DenseMatrix x, DenseMatrix y, TrainingRun run)
    {
        using var index = new ItemIndex(y, run.Threads);
        var blocks = (Listed + ItemSearch.BlockUsers - 1) / ItemSearch.BlockUsers;
        return Seconds(() => Workers.For(blocks, run.Threads, block =>
        {
            using var search = new ItemSearch(index, ListLength);
            for (var user = block * ItemSearch.BlockUsers; user < Math.Min(Listed, (block + 1) * ItemSearch.BlockUsers); user++)
            {
                search.Add(x.Row(user), byUser.ColumnsOf(user));
            }
            search.Run();
        }, run.Cancellation)) / Listed / Items;
    }

    private static double FoldInOf(ImplicitAlsOptions options, DenseMatrix items)
    {
        const int Calls = 500;
        var gram = items.Gram(1);
        using var system = new RowSystem(options.Factors);
        var random = new SeededRandom(1);
        int[] picked = [.. Enumerable.Range(0, History).Select(_ => random.NextInt(items.Rows))];
        var (ones, x) = (new float[History], new float[options.Factors]);
        Array.Fill(ones, 1);
        double Round() => Seconds(() =>
        {
            for (var n = 0; n < Calls; n++)
            {
                system.Begin(gram.AsSpan(), (float)options.Alpha0, 1);
                system.Add(items, picked, ones, ones);
                system.TrySolve(x);
            }
        }) / Calls;
        return Math.Min(Round(), Math.Min(Round(), Round()));
    }

    private static double Axes2(int factors, int threads)
    {
        using var table = AlsFactors.Random(3 * factors, 1, new() { Factors = factors }, 1).Users;
        var gram = table.Gram(1);
        return Math.Min(Seconds(() => SymmetricEigen.Decompose(gram, threads)), Seconds(() => SymmetricEigen.Decompose(gram, threads)));
    }

    // Seconds of a build.
    private static double Matrices(string folder, int occurrences, TrainingRun run)
    {
        var place = Path.Combine(folder, $"segue-plan-{Guid.NewGuid():N}");
        Directory.CreateDirectory(place);
        try
        {
            var options = new MatrixOptions { MemoryBytes = Math.Max(256L << 20, MatrixNeeds.LeastMemory(Users, Items, run.Threads)), Threads = run.Threads };
            var builder = new MatrixBuilder(Users, Items, new ImplicitAlsOptions { CountWeight = 0.3 }.CreateWeights(), options);
            return Seconds(() => builder.BuildAsync(
                new(Occurrences(occurrences), "plan", occurrences), Path.Combine(place, "matrices"), Path.Combine(place, "work"), cancellation: run.Cancellation).GetAwaiter().GetResult());
        }
        finally
        {
            Directory.Delete(place, recursive: true);
        }
    }

    private static async IAsyncEnumerable<Occurrence> Occurrences(int count)
    {
        await Task.CompletedTask;
        var random = new SeededRandom(3);
        for (var n = 0; n < count; n++)
        {
            var popular = random.NextDouble();
            yield return new(random.NextInt(Users), (int)(popular * popular * Items), InteractionAction.Listen, 1 + random.NextInt(5), random.NextInt(365));
        }
    }

    private static double Seconds(Action work)
    {
        var clock = Stopwatch.StartNew();
        work();
        return clock.Elapsed.TotalSeconds;
    }
}
