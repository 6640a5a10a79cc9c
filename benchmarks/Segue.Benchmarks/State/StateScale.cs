using System.Diagnostics;
using System.Globalization;
using Segue.Benchmarks.Taste;
using Segue.Core;
using Segue.Evaluation.Lab;
using Segue.Events;
using Segue.Events.Pseudonyms;
using Segue.Features.Interactions;
using Segue.Numerics.Memory;
using Segue.Radio;
using Segue.Radio.Sessions;
using Segue.Radio.State;
using Segue.Server.Stores;

namespace Segue.Benchmarks.State;

/// <summary>Records of listeners: a read, an update, memory, saving and a restart from it: <c>state [LISTENERS [EVENTS]]</c>, by default 10,000,000 listeners and a rest of 10,000,000 events of the log; with 0 events reads and updates alone. Needs 512 bytes of
/// disk and 530 of memory a listener.</summary>
/// <remarks>Records are full: 98 events each. "Zipf" draws listener n with a chance of 1 ÷ n.</remarks>
internal static class StateScale
{
    private const int Operations = 5_000_000;
    private static readonly Pseudonymizer Pseudonyms = new([new byte[32]], _ => true);

    public static async Task RunAsync(string[] args)
    {
        int Given(int n, int usual) => args.Length > n ? int.Parse(args[n], CultureInfo.InvariantCulture) : usual;
        var (listeners, events) = (Given(0, 10_000_000), Given(1, 10_000_000));
        if (events == 0)
        {
            Table(listeners);
            return;
        }
        var folder = Directory.CreateTempSubdirectory("segue-state-");
        try
        {
            await RestartAsync(folder.FullName, listeners, events);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        Collect();
        Table(listeners);
        Collect();
        StatePeers.Measure(Math.Min(listeners, 1_000_000));
    }

    /// <summary>Nanoseconds of processor time a call.</summary>
    internal static double Nanoseconds(int count, Action<int> call)
    {
        var before = CorePeaks.CpuSeconds();
        for (var n = 0; n < count; n++)
        {
            call(n);
        }
        return (CorePeaks.CpuSeconds() - before) * 1e9 / count;
    }

    /// <summary>The n-th draw.</summary>
    internal static int Draw(int n, int listeners, bool isZipf)
    {
        var share = (Mix((ulong)n) >> 11) * (1.0 / (1UL << 53));
        return (int)(isZipf ? Math.Pow(listeners, share) - 1 : share * listeners);
    }

    internal static ListenerKey Key(int listener) => new(Mix((ulong)listener), Mix(~(ulong)listener));

    internal static void Tell(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    internal static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }

    /// <summary>Reads and updates of a table at random; records full.</summary>
    internal static void Table(int listeners)
    {
        var (free, chained) = Line(listeners);
        Tell($"one line of memory at random, read and written, among {listeners:N0} × 512 bytes: {free:F0} ns; where each is known from the one before: {chained:F0} ns");
        Collect();
        var (table, target, sum) = (new ListenerTable(), new SinceEvent[ListenerTable.MaxEvents], 0L);
        var filling = Nanoseconds(listeners, n =>
        {
            for (var e = 0; e < ListenerTable.MaxEvents; e++)
            {
                table.Append(Key(n), new(e, SinceKind.Listen, 0));
            }
        });
        Tell($"{table.Count:N0} listeners: {table.Bytes / (double)listeners:F0} bytes each, {Status("VmRSS")} resident; made in {filling / 1000:F2} µs each");
        foreach (var isZipf in (bool[])[false, true])
        {
            var update = Nanoseconds(Operations, n => table.Append(Key(Draw(n, listeners, isZipf)), new(n & 0xFFFFF, SinceKind.Listen, 0)));
            var read = Nanoseconds(Operations, n => sum += table.Read(Key(Draw(-n, listeners, isZipf)), target));
            Tell($"  {(isZipf ? "Zipf" : "any listener")}: an update {update:F0} ns, a read of 98 events {read:F0} ns");
        }
        Tell($"  ({Nanoseconds(Operations, n => sum += Draw(n, listeners, false) + (long)Key(n).Low):F0} ns of each are the drawing; {sum & 1})");
    }

    // What nothing that lies in memory can beat on this machine at this load.
    private static (double Free, double Chained) Line(int listeners)
    {
        var (memory, last) = (MemoryStretch.Allocate(listeners * 512L), 0);
        var free = Nanoseconds(Operations, n => memory.Span(Draw(n, listeners, false) * 512L, 64)[n & 63]++);
        var chained = Nanoseconds(Operations, n => last = memory.Span(Draw(n + (last & 0x80), listeners, false) * 512L, 64)[n & 63]++);
        return (free, chained);
    }

    private static ulong Mix(ulong n)
    {
        n = (n + 0x9E3779B97F4A7C15) * 0xBF58476D1CE4E5B9;
        n = (n ^ (n >> 27)) * 0x94D049BB133111EB;
        return n ^ (n >> 31);
    }

    private static ListenerId Id(int listener) => new(string.Create(CultureInfo.InvariantCulture, $"{Key(listener).High:x16}{Key(listener).Low:x16}"));

    private static string Status(string what)
        => OperatingSystem.IsLinux() ? File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(what, StringComparison.Ordinal))?[(what.Length + 1)..].Trim() ?? "?" : "?";

    private static async Task RestartAsync(string folder, int listeners, int events)
    {
        var world = LabWorld.Create(new() { Tracks = 2000, Listeners = 300, Days = 10 });
        var data = Dataset.Build(world.Catalogue, world.Listeners, LabExport.ToInteractions(world, world.SimulateHistory()));
        var models = LabModels.TrainAll("benchmark", data.Training, new(1, 2));
        RadioStation Station() => new(data, models, new(), new NoSink(), TimeProvider.System);
        var states = new StateFolder(Path.Combine(folder, "state"));
        await SaveAsync(Station(), states, listeners);
        Collect();
        await using var store = OpenStore.OpenOrCreate(Path.Combine(folder, "store"), new(), TimeProvider.System);
        await WriteLogAsync(store, world.Catalogue, listeners, events);

        var clock = Stopwatch.StartNew();
        var saved = SavedState.Open(states.Newest()!, Environment.ProcessorCount);
        var proved = clock.Elapsed;
        var station = Station();
        if (!station.Restore(saved, Pseudonyms, DateTimeOffset.MinValue))
        {
            throw new InvalidOperationException("The saved state is of another station.");
        }
        var restored = clock.Elapsed;
        foreach (var logged in store.Events.Log.Read(saved.Position))
        {
            station.Recall(logged, Pseudonyms, DateTimeOffset.MinValue);
        }
        var recalled = clock.Elapsed;
        station.Start(Id(1), RadioSeeds.None, 10, isNew: true);
        Tell($"restart: mapped and proved after {proved.TotalSeconds:F1} s, indexed after {restored.TotalSeconds:F1} s, {events:N0} events of the log told after {recalled.TotalSeconds:F1} s, first answer after {clock.Elapsed.TotalSeconds:F1} s");
        Tell($"  resident: {Status("VmRSS")}, of it {Status("RssFile")} of files and {Status("RssAnon")} of this process' own");
    }

    private static async Task SaveAsync(RadioStation station, StateFolder states, int listeners)
    {
        var tracks = station.Catalogue.Tracks;
        var now = TimeProvider.System.GetUtcNow();
        for (var n = 0; n < listeners; n++)
        {
            station.Repertoire.Take(Id(n), new(RadioEventKind.Played, tracks[n % tracks.Count].Id), now);
        }
        var update = Nanoseconds(1_000_000, n => station.Repertoire.Take(Id(Draw(n, listeners, false)), new(RadioEventKind.Played, tracks[n % tracks.Count].Id), now));
        var making = Nanoseconds(1_000_000, n => _ = (Id(Draw(n, listeners, false)), new RadioEvent(RadioEventKind.Played, tracks[n % tracks.Count].Id)));
        Tell($"Repertoire.Take with the id's text and the catalogue's: {update - making:F0} ns");
        var (clock, longest) = (Stopwatch.StartNew(), TimeSpan.Zero);
        await station.SaveAsync(states, Pseudonyms, work =>
        {
            var began = clock.Elapsed;
            work(0);
            longest = clock.Elapsed - began > longest ? clock.Elapsed - began : longest;
            return Task.CompletedTask;
        }, _ => 0, CancellationToken.None);
        Tell($"saved in {clock.Elapsed.TotalSeconds:F1} s with the sync, {new FileInfo(states.Newest()!).Length / 1e9:F2} GB; events waited {longest.TotalMilliseconds:F1} ms at most");
    }

    private static async Task WriteLogAsync(OpenStore store, IReadOnlyList<Track> tracks, int listeners, int events)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        for (var first = 0; first < events; first += 20_000)
        {
            await store.Events.KeepAsync([.. Enumerable.Range(first, Math.Min(20_000, events - first)).Select(n => new ListenerEvent
            {
                Kind = EventKind.Listen, Key = new(new UInt128(Mix((ulong)n), Mix(~(ulong)n))), Listener = Id(Draw(n, listeners, false)), Track = tracks[n % tracks.Count].Id, At = at,
                Heard = TimeSpan.FromSeconds(200), Length = TimeSpan.FromSeconds(200), End = EndReason.Finished,
            })], CancellationToken.None);
        }
    }

    private sealed class NoSink : IFeedbackSink
    {
        public void Shown(IReadOnlyList<Impression> impressions)
        {
        }

        public void Heard(Listen listen)
        {
        }

        public void Voted(Vote vote)
        {
        }
    }
}
