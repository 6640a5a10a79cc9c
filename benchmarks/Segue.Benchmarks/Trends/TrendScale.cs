using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Segue.Core;
using Segue.Events;
using Segue.Features.Trends;
using Segue.Numerics;

namespace Segue.Benchmarks.Trends;

/// <summary>Decayed counts of 5,000 cities by a million tracks, against a plain dictionary of doubles: <c>trending MILLIONS</c>. Then the same events the whole way that a
/// server gives them: as events of listeners, to city, country and world, over hours and days.</summary>
internal static class TrendScale
{
    private const int Cities = 5000, Countries = 100, Tracks = 1_000_000, Listeners = 500_000, Most = 100, Checked = 50, Counters = 1024, EventsAhead = 16;
    private const float Least = LiveTrends.LeastWeight, Floor = 0.05f;
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan HalfLife = TimeSpan.FromDays(3), Span = TimeSpan.FromDays(14);

    public static void Run(string[] args)
    {
        var events = Make((int)(double.Parse(args[0], CultureInfo.InvariantCulture) * 1e6));
        var step = Span / events.Length;
        var counts = Fill(events, step, 0);
        Compare(events, step, counts);
        var small = Fill(events, step, Counters);
        var (equal, end) = (0, Start + Span);
        for (var city = 0; city < Cities; city += Cities / Checked)
        {
            var exact = counts.Heaviest(city, end).Take(50).Select(pair => pair.Item).ToHashSet();
            equal += small.Heaviest(city, end).Take(50).Count(pair => exact.Contains(pair.Item)) == exact.Count ? 1 : 0;
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the 50 heaviest of {Counters} counters are the exact ones in {equal} of {Checked} cities"));
        var longest = TimeSpan.Zero;
        var again = new DecayedCounts(HalfLife, Most, Least, Floor);   // timed apart: looking at the clock costs as much as an event
        for (var n = 0; n < events.Length; n++)
        {
            var before = Stopwatch.GetTimestamp();
            again.Add(events[n].City, events[n].Track, 1, Start + (n * step));
            var took = Stopwatch.GetElapsedTime(before);
            longest = took > longest ? took : longest;
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"longest single event: {longest.TotalMilliseconds:F2} ms"));
        Whole(events.AsSpan(0, Math.Min(events.Length, 2_000_000)), step);
    }

    private static DecayedCounts Fill((int City, int Track)[] events, TimeSpan step, int counters)
    {
        var counts = new DecayedCounts(HalfLife, Most, Least, Floor, counters);
        var spent = Processor();
        for (var n = 0; n < events.Length; n++)
        {
            var (city, track) = events[Math.Min(n + EventsAhead, events.Length - 1)];
            counts.Prefetch(city, track);
            counts.Add(events[n].City, events[n].Track, 1, Start + (n * step));
        }
        spent = Processor() - spent;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{(counters == 0 ? "tables" : $"{counters} counters a city")}: {events.Length:N0} events, {spent.TotalNanoseconds / events.Length:F0} ns an event, {counts.Pairs:N0} pairs kept, {(double)counts.Bytes / counts.Pairs:F1} bytes a pair, {counts.Bytes >> 20} MiB"));
        return counts;
    }

    // What a dictionary of all pairs says of some cities from the largest to the smallest, without decay by steps, floor or heap.
    private static void Compare((int City, int Track)[] events, TimeSpan step, DecayedCounts counts)
    {
        var plain = new Dictionary<(int City, int Track), double>();
        var spent = Processor();
        var taken = 0;
        for (var n = 0; n < events.Length; n++)
        {
            if (events[n].City % (Cities / Checked) == 0)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(plain, events[n], out _) += Math.Pow(2, n * step / HalfLife);
                taken++;
            }
        }
        spent = Processor() - spent;
        var end = Start + Span;
        var (equal, greatest) = (0, 0.0);
        foreach (var city in plain.GroupBy(pair => pair.Key.City))
        {
            var scale = Math.Pow(2, -(Span / HalfLife));
            var expected = city.Select(pair => pair.Value * scale).Where(weight => weight >= Least).OrderDescending().Take(Most).ToList();
            var heaviest = counts.Heaviest(city.Key, end);
            var apart = heaviest.Count != expected.Count ? 1 : heaviest.Select((pair, n) => Math.Max(
                Math.Abs(pair.Score - expected[n]), Math.Abs(pair.Score - (plain[(city.Key, pair.Item)] * scale))) / expected[n]).DefaultIfEmpty().Max();
            equal += apart < 1e-4 ? 1 : 0;
            greatest = Math.Max(greatest, apart);
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"plain dictionary: {spent.TotalNanoseconds / taken:F0} ns an event; the {Most} heaviest are its own in {equal} of {Checked} cities, greatest relative difference of a weight {greatest:E1}"));
    }

    private static void Whole(ReadOnlySpan<(int City, int Track)> events, TimeSpan step)
    {
        var random = new SeededRandom(2);
        var listeners = Enumerable.Range(0, Listeners).Select(n => new ListenerId(UInt128.CreateTruncating(SeededRandom.Mix((ulong)n)).ToString("x32", CultureInfo.InvariantCulture))).ToArray();
        var tracks = Enumerable.Range(0, Tracks).Select(n => new TrackId($"track-{n:D7}")).ToArray();
        var trends = new LiveTrends();
        trends.Know(listeners.Select((id, n) => new ListenerProfile(id, new($"country {n % Cities % Countries}", null, $"city {n % Cities}"), AgeBand.Unknown, Gender.Unknown)));
        var made = new ListenerEvent[events.Length];
        for (var n = 0; n < made.Length; n++)
        {
            var listener = listeners[(random.NextInt(Listeners / Cities) * Cities) + events[n].City];
            made[n] = new() { Kind = EventKind.Listen, Key = default, Listener = listener, Track = tracks[events[n].Track], At = Start + (n * step) };
        }
        var spent = Processor();
        trends.Apply(made);
        spent = Processor() - spent;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"whole way: {made.Length:N0} events, {spent.TotalNanoseconds / made.Length:F0} ns an event with its six counts, repeats and limits"));
        foreach (var span in Enum.GetValues<TrendSpan>())
        {
            var clock = Stopwatch.GetTimestamp();
            var trending = trends.At(new("country 0", null, "city 0"), span, made[^1].At);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{span}: {trending.Name ?? "the world"} answers with {trending.Tracks.Count} tracks in {Stopwatch.GetElapsedTime(clock).TotalMicroseconds:F0} µs"));
        }
    }

    // Cities by Zipf's law of exponent 0.9, tracks of 1; a quarter of the plays follow the city's own order of tracks.
    private static (int City, int Track)[] Make(int count)
    {
        var random = new SeededRandom(1);
        var events = new (int City, int Track)[count];
        for (var n = 0; n < count; n++)
        {
            var city = (int)(Math.Pow((random.NextDouble() * (Math.Pow(Cities + 1, 0.1) - 1)) + 1, 10) - 1);
            var rank = (int)(Math.Exp(random.NextDouble() * Math.Log(Tracks + 1)) - 1);
            var isOwn = random.NextInt(4) == 0;
            events[n] = (Math.Min(city, Cities - 1), isOwn ? (int)(SeededRandom.Mix(((ulong)city << 32) + (ulong)rank) % Tracks) : Math.Min(rank, Tracks - 1));
        }
        return events;
    }

    private static TimeSpan Processor() => Process.GetCurrentProcess().TotalProcessorTime;
}
