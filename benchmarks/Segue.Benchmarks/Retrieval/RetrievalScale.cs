using System.Diagnostics;
using System.Globalization;
using Segue.Benchmarks.Taste;
using Segue.Core;
using Segue.Evaluation.Planning;
using Segue.Models.Registry;
using Segue.Numerics;
using Segue.Numerics.Search;

namespace Segue.Benchmarks.Retrieval;

/// <summary>The nearest by inner product for single listeners: <c>retrieval [ITEMS D K [FOLDER]]</c>, by default 1,000,000 × 64, k = 100.</summary>
/// <remarks>Synthetic factors (<see cref="SyntheticCatalogue"/>), once with norms as learnt factors have them and once with norms that hardly differ; then factors that this program learnt from synthetic plays (a fifth as many listeners as
/// items, 100 plays each), whose index is published with them and opened again. Queries a CPU second of one thread; every list is compared with that of
/// scoring all items plainly. With a FOLDER, items, queries and the true lists are written there as rows of float32 and int32, for a peer to be measured on the same.</remarks>
internal static class RetrievalScale
{
    private const int Queries = 320, PlainQueries = 32, Runs = 3;

    public static void Run(string[] args)
    {
        var (items, d, k) = args is [var n, var dimensions, var length, ..]
            ? (int.Parse(n, CultureInfo.InvariantCulture), int.Parse(dimensions, CultureInfo.InvariantCulture), int.Parse(length, CultureInfo.InvariantCulture))
            : (1_000_000, 64, 100);
        foreach (var kind in new[] { "skewed", "flat", "learnt" })
        {
            var (y, x) = kind == "learnt" ? Learnt(items, d) : (SyntheticCatalogue.Items(items, d, kind == "skewed"), SyntheticCatalogue.Listeners(Queries, items, d));
            Console.WriteLine(Line($"{items:N0} × {d}, k = {k}, norms {kind}"));
            var truth = new ScoredItem[Queries][];
            Report("every item scored, float32", PlainQueries, () => Plainly(y, x, k, truth, PlainQueries));
            Workers.For(Queries, Workers.Default, query => truth[query] ??= Scored(y, x, k, query));
            var before = CorePeaks.CpuSeconds();
            var index = new ByteIndex(y);
            Console.WriteLine(Line($"  {"index in bytes",-34}{CorePeaks.CpuSeconds() - before,8:F1} CPU s to make, {ByteIndex.BytesOf(items, d) / 1048576.0:F0} MiB"));
            foreach (var batch in new[] { 1, 4, 16 })
            {
                Measure(index, x, k, batch, truth);
            }
            if (args is [_, _, _, var folder])
            {
                Write(folder, kind, y, x, truth);
            }
            if (kind == "learnt")
            {
                Open(x, y, k);
            }
        }
    }

    private static (DenseMatrix Items, DenseMatrix Listeners) Learnt(int items, int d)
    {
        var users = Math.Max(Queries, items / 5);
        using var plays = SyntheticPlays.Make(users, items, 100L * users, levels: 1);
        var (all, y) = TopKScale.Learn(plays, d);
        var x = new DenseMatrix(Queries, d);
        for (var query = 0; query < Queries; query++)
        {
            all.Row((int)((long)query * users / Queries)).CopyTo(x.Row(query));
        }
        return (y, x);
    }

    private static void Open(DenseMatrix x, DenseMatrix y, int k)
    {
        var folder = Directory.CreateTempSubdirectory("segue-index-");
        try
        {
            var registry = new ModelRegistry(folder.FullName);
            var models = ModelSet.OfSound("1", [.. Enumerable.Range(0, y.Rows).Select(item => new Track(new($"{item}"), "", new(new("a"), ""), "", [], null))], y);
            registry.Publish([models.Taste, models.Neighbors, models.Popular]);
            var clock = Stopwatch.StartNew();
            var set = registry.OpenCurrent();
            var opened = clock.Elapsed;
            using var search = new ByteSearch(set.Index!, k);
            search.Add(x.Row(0));
            search.Run();
            Console.WriteLine(Line($"  {"published and opened again",-34}{opened.TotalMilliseconds:F0} ms with the models' files, the first list after {clock.Elapsed.TotalMilliseconds:F0} ms"));
            SpinWait.SpinUntil(() => set.Verified.IsCompleted);   // the files are deleted next
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Measure(ByteIndex index, DenseMatrix x, int k, int batch, ScoredItem[][] truth)
    {
        using var search = new ByteSearch(index, k);
        var (wrong, times) = (0, new List<double>());
        Report(Line($"in bytes, {batch} together"), Queries, () =>
        {
            (wrong, times) = (0, []);
            for (var from = 0; from < Queries; from += batch)
            {
                var clock = Stopwatch.StartNew();
                search.Clear();
                for (var query = from; query < from + batch; query++)
                {
                    search.Add(x.Row(query));
                }
                search.Run();
                times.Add(clock.Elapsed.TotalMilliseconds);
                for (var query = 0; query < batch; query++)
                {
                    wrong += search.Found(query).SequenceEqual(truth[from + query]) ? 0 : 1;
                }
            }
        });
        times.Sort();
        Console.WriteLine(Line(
            $"  {"",-34}p50 {times[times.Count / 2]:F2} ms, p99 {times[times.Count * 99 / 100]:F2} ms; {wrong} of {Queries} lists differ; {(double)search.Work.Rescored / (Queries * Runs):F0} scored again, {(double)search.Work.Blocks / (Queries * Runs) / index.Blocks:P0} of the blocks met, {(double)search.Work.Wholly / (Queries * Runs) / index.Blocks:P0} wholly"));
    }

    private static void Report(string what, int queries, Action work)
    {
        var best = double.PositiveInfinity;
        for (var run = 0; run < Runs; run++)
        {
            var before = CorePeaks.CpuSeconds();
            work();
            best = Math.Min(best, CorePeaks.CpuSeconds() - before);
        }
        Console.WriteLine(Line($"  {what,-34}{queries / best,8:F0} queries a CPU second"));
    }

    private static void Plainly(DenseMatrix y, DenseMatrix x, int k, ScoredItem[][] lists, int count)
    {
        for (var query = 0; query < count; query++)
        {
            lists[query] = Scored(y, x, k, query);
        }
    }

    private static ScoredItem[] Scored(DenseMatrix y, DenseMatrix x, int k, int query)
    {
        var best = new TopK(k);
        ReadOnlySpan<float> q = x.Row(query);
        for (var item = 0; item < y.Rows; item++)
        {
            best.Add(item, Vectors.Dot(q, y.Row(item)));
        }
        return best.Take();
    }

    private static void Write(string folder, string name, DenseMatrix y, DenseMatrix x, ScoredItem[][] truth)
    {
        Directory.CreateDirectory(folder);
        foreach (var (file, matrix) in new[] { ("items", y), ("queries", x) })
        {
            using var stream = File.Create(Path.Combine(folder, $"{name}-{file}.f32"));
            for (var row = 0; row < matrix.Rows; row++)
            {
                stream.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(matrix.Row(row)));
            }
        }
        using var lists = new BinaryWriter(File.Create(Path.Combine(folder, $"{name}-lists.i32")));
        foreach (var found in truth.SelectMany(list => list))
        {
            lists.Write(found.Item);
        }
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
