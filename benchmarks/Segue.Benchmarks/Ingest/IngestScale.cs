using System.Diagnostics;
using System.Globalization;
using Segue.Events.Doors;
using Segue.Events.Log;
using Segue.Events.Resolving;
using Segue.Events.Sources;
using Segue.Events.Wire;
using Segue.Server;
using Segue.Server.Stores;

namespace Segue.Benchmarks.Ingest;

/// <summary>Events a second from a file and over HTTP into a synced log, the share of each step, and what other stores make of the same rows:
/// <c>ingest [MILLIONS] [--postgres CONNECTION] [--redis HOST:PORT]</c>.</summary>
internal static class IngestScale
{
    private const int Connections = 64;

    public static async Task RunAsync(string[] args)
    {
        var count = (int)(double.Parse(args.FirstOrDefault(arg => char.IsAsciiDigit(arg[0])) ?? "2", CultureInfo.InvariantCulture) * 1e6);
        var folder = Directory.CreateTempSubdirectory("segue-ingest-");
        try
        {
            var file = Path.Combine(folder.FullName, "events.jsonl");
            SyntheticEvents.WriteLines(file, count);
            Console.WriteLine($"{count:N0} events, {new FileInfo(file).Length / (double)count:F0} bytes a line, {Environment.ProcessorCount} cores");
            await StepsAsync(file, count);
            await FromFileAsync(file, count, Path.Combine(folder.FullName, "from-file"));
            await OverHttpAsync(count, 100, Path.Combine(folder.FullName, "http-100"));
            await OverHttpAsync(Math.Max(1, count / 10), 1, Path.Combine(folder.FullName, "http-1"));
            if (Option(args, "--postgres") is { } connection)
            {
                await TellAsync("PostgreSQL COPY, 10,000 rows a commit, no index", count, () => Peers.PostgresCopyAsync(connection, count));
            }
            if (Option(args, "--redis")?.Split(':') is [var host, var port])
            {
                await TellAsync("Redis XADD, 500 a round trip", count, () => Peers.RedisAddAsync(host, int.Parse(port, CultureInfo.InvariantCulture), count));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // On one thread each, so that the shares can be compared.
    private static async Task StepsAsync(string file, int count)
    {
        await TellAsync("read lines", count, async () => count / await SecondsAsync(file, _ => { }));
        var reader = new EventReader(new([new byte[32]]), new RecordingResolver([]), TimeProvider.System);
        foreach (var what in new[] { "new listeners", "known listeners" })
        {
            await TellAsync($"read, parse, validate, pseudonymize, resolve, key and encode on one thread, {what}", count, async () => count / await SecondsAsync(file, batch =>
            {
                var events = new EventBatch(batch.Count);
                for (var n = 0; n < batch.Count; n++)
                {
                    if (reader.Read(batch[n], events).Kind != VerdictKind.Accepted)
                    {
                        throw new InvalidOperationException("The generator makes events that are rejected.");
                    }
                }
                _ = events[0];   // makes the keys
            }));
        }
    }

    private static async Task<double> SecondsAsync(string file, Action<LineBatch> work)
    {
        var clock = Stopwatch.StartNew();
        await foreach (var batch in new SourceReader(new FileSource(file), progress: null).ReadAsync(CancellationToken.None))
        {
            using (batch)
            {
                work(batch);
            }
        }
        return clock.Elapsed.TotalSeconds;
    }

    private static async Task FromFileAsync(string file, int count, string root)
    {
        await using var store = OpenStore.OpenOrCreate(root, new(), TimeProvider.System);
        foreach (var what in new[] { "from a file to the synced log", "the same file again: all duplicates" })
        {
            await TellAsync(what, count, async () =>
            {
                var clock = Stopwatch.StartNew();
                var reader = new SourceReader(new FileSource(file), progress: null);
                var counts = await new FileIngest(store.Events, new(), TimeProvider.System).RunAsync(reader.ReadAsync(CancellationToken.None), null, null, CancellationToken.None);
                return counts.Accepted + counts.Duplicate == count ? count / clock.Elapsed.TotalSeconds : throw new InvalidOperationException(counts.ToJson());
            });
        }
    }

    private static async Task OverHttpAsync(int count, int perBody, string root)
    {
        await using var store = OpenStore.OpenOrCreate(root, new(), TimeProvider.System);
        var onAir = new OnAir();
        onAir.TakeEvents(store, TimeProvider.System);
        await using var app = SegueServer.Build(new() { Urls = "http://127.0.0.1:0" }, onAir);
        await app.StartAsync();
        var bodies = SyntheticEvents.Bodies(count, perBody);
        var address = new Uri(new Uri(app.Urls.Single()), "/v1/events");
        await HttpLoad.PostAsync(address, SyntheticEvents.Bodies(count / 4, perBody, seed: 2), Connections);   // until the code is compiled for speed
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var outcome = await HttpLoad.PostAsync(address, bodies, Connections);
        var spent = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"over HTTP, {perBody} a request, {Connections} connections, client included: {outcome.RequestsPerSecond * perBody:N0} events/s, p50 {outcome.P50.TotalMilliseconds:F1} ms, p99 {outcome.P99.TotalMilliseconds:F1} ms, {spent.TotalSeconds * 1e6 / count:F2} µs CPU an event, {outcome.Failures} failures"));
    }

    private static async Task TellAsync(string what, int count, Func<Task<double>> run)
    {
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var rate = await run();
        var spent = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {rate:N0} events/s, {spent.TotalSeconds * 1e6 / count:F2} µs CPU an event"));
    }

    private static string? Option(string[] args, string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
}
