using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Segue.Core;
using Segue.Events;
using Segue.Events.Catalogue;
using Segue.Events.Compaction;
using Segue.Events.Objects;
using Segue.Features.Snapshots;
using Segue.Numerics;

namespace Segue.Benchmarks;

/// <summary>Compaction and a feature build over millions of made events: <c>features MILLIONS [FOLDER]</c>. One run a process, so that
/// the peak of its memory is that run's.</summary>
internal static class FeatureScale
{
    private const int Days = 90, Tracks = 100_000, Artists = 8_000;
    private static readonly DateTimeOffset Start = new(2018, 11, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task RunAsync(string[] args)
    {
        var count = (long)(double.Parse(args[0], CultureInfo.InvariantCulture) * 1e6);
        var folder = args.Length > 1 ? args[1] : Directory.CreateTempSubdirectory("segue-features-").FullName;
        var listeners = (int)(count / 200);
        var objects = new BareObjects(Path.Combine(folder, "objects"));
        var clock = Stopwatch.StartNew();
        foreach (var _ in Make(count, listeners))
        {
        }
        Report("make events (not counted below)", count, clock);
        await new EventCompactor(objects, Path.Combine(folder, "compaction")).CompactAsync(Make(count, listeners), count, null, CancellationToken.None);
        Report("compact (with making)", count, clock);
        var sources = new FeatureSources(Accounts(listeners).ToAsyncEnumerable(), Catalogue().ToAsyncEnumerable());
        var snapshot = await new FeatureBuilder(objects, Path.Combine(folder, "features")).BuildAsync(
            Start.AddDays(Days), null, sources, new Steps(clock), CancellationToken.None);
        Report("build features", count, clock);
        Console.WriteLine($"{snapshot.Files.Sum(file => file.Bytes) / 1e6:F0} MB of features, "
            + $"peak memory {Process.GetCurrentProcess().PeakWorkingSet64 / 1048576.0:F0} MiB");
        Directory.Delete(folder, recursive: true);
    }

    private static TimeSpan _spent;

    // On a machine with other work the processor's time says more than the clock's.
    private static void Report(string what, long count, Stopwatch clock)
    {
        var now = Process.GetCurrentProcess().TotalProcessorTime;
        var seconds = (now - _spent).TotalSeconds;
        _spent = now;
        Console.WriteLine($"{what}: {clock.Elapsed.TotalSeconds:F1} s, {count / clock.Elapsed.TotalSeconds:N0} events/s, "
            + $"{seconds:F1} s of processor, {count / seconds:N0} events/s of processor, {Process.GetCurrentProcess().PeakWorkingSet64 / 1048576.0:F0} MiB at most so far");
        clock.Restart();
    }

    // By time, as a log is. A listener's taste is a stretch of the catalogue; tracks of low number are heard more.
    private static IEnumerable<LoggedEvent> Make(long count, int listeners)
    {
        var random = new SeededRandom(1);
        var names = Enumerable.Range(0, listeners).Select(Listener).ToArray();
        var tracks = Enumerable.Range(0, Tracks).Select(n => new TrackId($"track-{n:D7}")).ToArray();
        for (var n = 0L; n < count; n++)
        {
            var listener = random.NextInt(listeners);
            var share = random.NextDouble();
            var track = (int)((listener * 7919L + (long)(share * share * share * 20_000)) % Tracks);
            var kind = random.NextInt(100) switch { < 60 => EventKind.Listen, < 90 => EventKind.Impression, < 94 => EventKind.Click, < 98 => EventKind.Vote, _ => EventKind.PlaylistAdd };
            var length = TimeSpan.FromMilliseconds(120_000 + (track % 180_000));
            yield return new(n, new()
            {
                Kind = kind,
                Key = new(new UInt128((ulong)n * 0x9E3779B97F4A7C15, (ulong)n)),
                Listener = names[listener],
                At = Start.AddMilliseconds(n * Days * 86_400_000.0 / count),
                Track = tracks[track],
                Heard = kind == EventKind.Listen ? TimeSpan.FromMilliseconds((long)(random.NextDouble() * length.TotalMilliseconds)) : null,
                Length = kind == EventKind.Listen ? length : null,
                End = kind == EventKind.Listen ? EndReason.Finished : EndReason.Unknown,
                Origin = kind == EventKind.Listen ? ListenOrigin.Radio : null,
                Recommendation = kind == EventKind.Impression ? new RecommendationId(new Guid((int)n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)) : null,
                Value = kind == EventKind.Vote ? (sbyte)(random.NextInt(3) - 1) : (sbyte)0,
                Playlist = kind == EventKind.PlaylistAdd ? "mine" : null,
                Position = kind is EventKind.Click or EventKind.Impression ? random.NextInt(10) : null,
                Shown = kind == EventKind.Impression ? new("taste", "000001", "none", 1) : null,
            });
        }
    }

    private static ListenerId Listener(int n)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, n);
        return new(Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16)));
    }

    private static IEnumerable<ListenerProfile> Accounts(int listeners)
        => Enumerable.Range(0, listeners).Select(n => new ListenerProfile(Listener(n), new("FR", null, "Lyon"), (AgeBand)(n % 7), (Gender)(n % 4), new(2018, 1, 1)));

    private static IEnumerable<CatalogueRecording> Catalogue()
        => Enumerable.Range(0, Tracks).Select(n => new CatalogueRecording(
            new(new($"track-{n:D7}"), $"Title {n}", new(new($"artist-{n % Artists:D5}"), $"Artist {n % Artists}"), $"genre {n % 40}", [$"tag {n % 300}"], TimeSpan.FromMilliseconds(120_000 + (n % 180_000))), null, null));

    private sealed class Steps(Stopwatch clock) : IProgress<StepProgress>
    {
        public void Report(StepProgress value) => Console.WriteLine($"  {clock.Elapsed.TotalSeconds,6:F1} s  {value.Step}");
    }

    /// <summary>A directory without syncs: what is measured is the building.</summary>
    private sealed class BareObjects(string root) : IObjectStore
    {
        public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
        {
            await Task.CompletedTask;
            Directory.CreateDirectory(root);
            foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                var name = Path.GetRelativePath(root, file).Replace('\\', '/');
                if (name.StartsWith(prefix, StringComparison.Ordinal))
                {
                    yield return new(name, new FileInfo(file).Length, "");
                }
            }
        }

        public Task<Stream> OpenAsync(string name, CancellationToken cancellation)
            => File.Exists(Path.Combine(root, name)) ? Task.FromResult<Stream>(File.OpenRead(Path.Combine(root, name))) : throw new FileNotFoundException(null, name);

        public Task PutAsync(string name, string file, CancellationToken cancellation)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, name))!);
            File.Copy(file, Path.Combine(root, name), overwrite: true);
            return Task.CompletedTask;
        }

        public Task DeleteAsync(string name, CancellationToken cancellation)
        {
            File.Delete(Path.Combine(root, name));
            return Task.CompletedTask;
        }

        public Task<string> LocalFileAsync(string name, CancellationToken cancellation) => Task.FromResult(Path.Combine(root, name));
    }
}
