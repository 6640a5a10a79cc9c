using System.Diagnostics;
using System.Globalization;
using Segue.Features.Interactions;
using Segue.Models;
using Segue.Models.Factorization;
using Segue.Numerics;

namespace Segue.Benchmarks.Taste;

/// <summary>How long a model file of taste takes to be written, opened and proved: <c>models [USERS ITEMS FACTORS]</c>, by default 1 million users,
/// 100,000 items, d = 64.</summary>
/// <remarks>The cold figure is taken after the file's pages were given back to the system, the warm one, the best of several, with all of them in memory.</remarks>
internal static class ModelLoad
{
    private const int Runs = 5;

    public static void Run(string[] args)
    {
        var numbers = args.Select(arg => int.Parse(arg, CultureInfo.InvariantCulture)).ToArray();
        var (users, items, d) = numbers is [var u, var i, var f] ? (u, i, f) : (1_000_000, 100_000, 64);
        var folder = Directory.CreateTempSubdirectory("segue-models-");
        try
        {
            var path = Path.Combine(folder.FullName, "als.model");
            var seconds = Write(path, users, items, d);
            var megabytes = new FileInfo(path).Length / 1e6;
            Console.WriteLine($"{users:N0} users and {items:N0} items × {d}: {megabytes:N0} MB, written and synced in {seconds:F2} s, {megabytes / seconds:N0} MB/s");
            var tiny = Path.Combine(folder.FullName, "tiny.model");
            Write(tiny, 100, 100, d);
            Measure(tiny, 100);   // compiled before it counts
            Forget(path);
            Report("cold", Measure(path, users));
            Report("warm", Enumerable.Range(0, Runs).Select(_ => Measure(path, users)).MinBy(times => times.Score));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private sealed record Times(double Open, double Score, double Verify);

    // One interaction a user: the numbers mean nothing here, the bytes are as many as of any training.
    private static double Write(string path, int users, int items, int d)
    {
        var plays = CsrMatrix.FromTriplets(users, items, [.. Enumerable.Range(0, users).Select(user => (user, (int)(user * 7919L % items), 1f))]);
        var model = ModelKinds.Get(ImplicitAlsModel.KindName)
            .Trainer(new Dictionary<string, double> { ["factors"] = d, ["sweeps"] = 1 }).Train(new(plays), new(1, Workers.Default));
        var clock = Stopwatch.StartNew();
        using var file = File.Create(path);
        model.Save(file);
        file.Flush(flushToDisk: true);
        return clock.Elapsed.TotalSeconds;
    }

    private static Times Measure(string path, int users)
    {
        var clock = Stopwatch.StartNew();
        var (model, file) = ModelKinds.Open(path);
        var open = clock.Elapsed.TotalMilliseconds;
        model.Score(new UserHistory(users / 2, [], []), new float[model.Items]);
        var score = clock.Elapsed.TotalMilliseconds;
        clock.Restart();
        file.Verify();
        return new(open, score, clock.Elapsed.TotalMilliseconds);
    }

    private static void Report(string name, Times? times)
        => Console.WriteLine($"{name}: opened after {times!.Open:F1} ms, every item scored for one user after {times.Score:F1} ms; every byte proved in {times.Verify:F0} ms on {Workers.Default} threads");

    // The system takes the pages of a synced file back when it is asked to; without the tool the figure is a warm one, and says so.
    private static void Forget(string path)
    {
        try
        {
            using var asked = Process.Start(new ProcessStartInfo("dd", [$"of={path}", "oflag=nocache", "conv=notrunc,fdatasync", "count=0"]) { RedirectStandardError = true, UseShellExecute = false })!;
            asked.WaitForExit();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Console.WriteLine("(no dd on this machine: the pages stay in memory)");
        }
    }
}
