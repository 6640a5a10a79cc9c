using System.Diagnostics;
using System.Globalization;
using Segue.Benchmarks.Taste;
using Segue.Numerics;
using Segue.Retrieval.Sounds;

namespace Segue.Benchmarks.Sounds;

/// <summary>Searches by sound: <c>sounds [TRACKS D]</c>, by default 1,000,000 × 128.</summary>
/// <remarks>Vectors are synthetic: clusters of different width, and every hundredth track a copy of the one before it. CPU seconds are those of one thread, the best of some runs; wall times beside them say how loaded the machine was.</remarks>
internal static class SoundScale
{
    private const int Piece = 50_000, Batch = 256, Singles = 20, Paths = 5, Added = 4096, Compared = 100_000, Runs = 3, Clusters = 500;

    public static void Run(string[] args)
    {
        var numbers = args.Select(arg => int.Parse(arg, CultureInfo.InvariantCulture)).ToArray();
        var (tracks, d) = numbers is [var n, var dimensions] ? (n, dimensions) : (1_000_000, 128);
        var space = Make(tracks, d, new() { Anchors = 0, Threads = 1 });
        Console.WriteLine(Line($"{space.Count:N0} tracks × {d}: {space.Bytes / 1048576.0:F0} MiB of vectors"));
        var random = new SeededRandom(3);
        int[] asked = [.. Enumerable.Range(0, Batch).Select(_ => random.NextInt(tracks)).Distinct()];
        Report("nearest 10, one at a time", Singles, () =>
        {
            foreach (var track in asked.Take(Singles))
            {
                space.Nearest(track, 10);
            }
        });
        Report($"nearest 10, {asked.Length} together", asked.Length, () => space.NearestOfAll(asked, 10));
        Report("path of 25", Paths, () =>
        {
            for (var path = 0; path < Paths; path++)
            {
                SoundPath.Find(space, asked[2 * path], asked[2 * path + 1], new() { Count = 25 });
            }
        });
        Report($"a track added, made and compared with {Added:N0} anchors", Added, () => Make(Math.Min(tracks, Added), d, new() { Threads = 1 }), once: true);
        Duplicates(d);
    }

    private static void Duplicates(int d)
    {
        var space = Make(Compared, d, new() { Anchors = 0, Threads = 1 });
        TimeSpan DurationOf(int track) => TimeSpan.FromMilliseconds(120_000 + SeededRandom.Mix((ulong)SourceOf(track)) % 240_000);
        var groups = 0;
        Report($"duplicates among {Compared:N0}", 1, () => groups = SoundDuplicates.Find(space, DurationOf, new()).Count);
        Console.WriteLine(Line($"  {groups:N0} groups"));
    }

    private static SoundSpace Make(int tracks, int d, SoundSpaceOptions options)
    {
        SoundSpace? space = null;
        for (var from = 0; from < tracks; from += Piece)
        {
            int[] rows = [.. Enumerable.Range(from, Math.Min(Piece, tracks - from))];
            var vectors = new DenseMatrix(rows.Length, d);
            for (var n = 0; n < rows.Length; n++)
            {
                Fill(vectors.Row(n), SourceOf(rows[n]));
            }
            space = space?.With(rows, vectors) ?? SoundSpace.Create("synthetic", rows, vectors, options);
        }
        return space!;
    }

    private static int SourceOf(int track) => track % 100 == 99 ? track - 1 : track;

    private static void Fill(Span<float> vector, int track)
    {
        var (own, center) = (new SeededRandom(1, (ulong)track), new SeededRandom(2, (ulong)(track % Clusters)));
        var width = 0.5f + track % Clusters / (float)Clusters;
        foreach (ref var value in vector)
        {
            value = (float)(center.NextNormal() + width * own.NextNormal());
        }
    }

    private static void Report(string what, int count, Action work, bool once = false)
    {
        var (cpu, wall) = (double.PositiveInfinity, double.PositiveInfinity);
        for (var run = 0; run < (once ? 1 : Runs); run++)
        {
            var (before, clock) = (CorePeaks.CpuSeconds(), Stopwatch.GetTimestamp());
            work();
            cpu = Math.Min(cpu, CorePeaks.CpuSeconds() - before);
            wall = Math.Min(wall, Stopwatch.GetElapsedTime(clock).TotalSeconds);
        }
        Console.WriteLine(Line($"{what}: {cpu / count * 1e6:N0} µs of CPU each, {wall / count * 1e6:N0} µs of wall clock"));
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
