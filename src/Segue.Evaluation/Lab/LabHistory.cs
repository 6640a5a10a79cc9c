using System.Runtime.InteropServices;
using Segue.Numerics;

namespace Segue.Evaluation.Lab;

/// <summary>Simulates the days in which listeners choose for themselves.</summary>
internal sealed class LabHistory(LabTruth truth, LabOptions options, DateTimeOffset start)
{
    private const int ListenersPerPiece = 64;
    private const long MillisecondsPerDay = 86_400_000;

    /// <summary>Sessions are at least this far apart, more than the half hour at which logs are commonly cut into sessions.</summary>
    private const long Pause = 31 * 60_000;

    /// <summary>Hours of the day about which sessions begin, with the share of each: way to work, day, evening.</summary>
    private static readonly (double Hour, double Share)[] Peaks = [(8, 0.25), (13.5, 0.30), (19.5, 0.45)];

    /// <summary>What each listener remembers at the end.</summary>
    public LabMemory[] Memories { get; } = new LabMemory[options.Listeners];

    public LabListen[] Simulate(IProgress<double>? progress, CancellationToken cancellation)
    {
        var pieces = (options.Listeners + ListenersPerPiece - 1) / ListenersPerPiece;
        var plays = new List<LabListen>[pieces];
        var done = 0;
        Workers.For(
            pieces,
            options.Threads,
            piece =>
            {
                plays[piece] = [];
                var end = Math.Min(options.Listeners, (piece + 1) * ListenersPerPiece);
                for (var listener = piece * ListenersPerPiece; listener < end; listener++)
                {
                    Live(listener, plays[piece]);
                }
                progress?.Report((double)Interlocked.Increment(ref done) / pieces);
            },
            cancellation);
        return Merge(plays, cancellation);
    }

    /// <summary>Puts the plays in order of time, then listener: dealt into days first, then each day sorted by itself.</summary>
    private LabListen[] Merge(List<LabListen>[] plays, CancellationToken cancellation)
    {
        var ends = new int[options.Days];
        foreach (var play in plays.SelectMany(piece => piece))
        {
            ends[DayOf(play)]++;
        }
        for (var day = 1; day < ends.Length; day++)
        {
            ends[day] += ends[day - 1];
        }
        var merged = new LabListen[ends[^1]];
        var next = ends.Select((_, day) => day == 0 ? 0 : ends[day - 1]).ToArray();
        for (var piece = 0; piece < plays.Length; piece++)
        {
            foreach (ref readonly var play in CollectionsMarshal.AsSpan(plays[piece]))
            {
                merged[next[DayOf(play)]++] = play;
            }
            plays[piece] = [];   // lets the piece go, so that the whole history is held little more than once
        }
        Workers.For(
            options.Days,
            options.Threads,
            day => merged.AsSpan((day == 0 ? 0 : ends[day - 1])..ends[day]).Sort(
                static (left, right) => left.StartedAt.CompareTo(right.StartedAt) is var order and not 0
                    ? order
                    : left.Listener.CompareTo(right.Listener)),
            cancellation);
        return merged;
    }

    private int DayOf(in LabListen play) => (int)((play.StartedAt - start).Ticks / TimeSpan.TicksPerDay);

    private void Live(int index, List<LabListen> plays)
    {
        var random = new SeededRandom(options.Seed, LabStreams.History, (ulong)index);
        var (memory, library) = (new LabMemory(), new LabLibrary());
        long now = 0;
        for (var day = 0; day < options.Days; day++)
        {
            var listener = truth.Population.On(index, day);
            var starts = new long[DrawPoisson(listener.SessionsPerDay, ref random)];
            for (var i = 0; i < starts.Length; i++)
            {
                starts[i] = day * MillisecondsPerDay + DrawTimeOfDay(ref random);
            }
            Array.Sort(starts);
            foreach (var begin in starts)
            {
                now = Math.Max(now, begin);
                now = Listen(listener, memory, library, now, plays, ref random) + Pause;
            }
        }
        Memories[index] = memory;
    }

    /// <summary>One session; gives back when it ended, in milliseconds since the start.</summary>
    private long Listen(
        LabListener listener, LabMemory memory, LabLibrary library, long now, List<LabListen> plays, ref SeededRandom random)
    {
        var mood = new LabMood(listener, truth.Genres, truth.Catalogue.GenreShares, ref random);
        var length = listener.DrawSessionLength(ref random);
        var end = options.Days * MillisecondsPerDay;
        for (var i = 0; i < length && now < end; i++)
        {
            var second = (int)(now / 1000);
            var (track, utility) = library.Choose(truth, listener, mood, memory, second, ref random);
            var reaction = truth.React(utility, track, ref random);
            var heard = (long)reaction.Heard.TotalMilliseconds;
            if (now + heard > end)
            {
                return end;
            }
            plays.Add(new LabListen(listener.Index, track, start.AddMilliseconds(now), reaction));
            memory.Add(track, second);
            if (!reaction.Skipped)
            {
                library.Keep(track);
            }
            mood.Drift(ref random);
            now += heard;
        }
        return now;
    }

    private static long DrawTimeOfDay(ref SeededRandom random)
    {
        var left = random.NextDouble();
        var peak = 0;
        while (peak < Peaks.Length - 1 && (left -= Peaks[peak].Share) >= 0)
        {
            peak++;
        }
        var hour = Peaks[peak].Hour + 2 * random.NextNormal();
        return (long)(Math.Clamp(hour, 0, 23.99) * 3_600_000);
    }

    /// <summary>Knuth's product of uniform numbers; fit for the small means it gets.</summary>
    private static int DrawPoisson(double mean, ref SeededRandom random)
    {
        var (limit, product, count) = (Math.Exp(-mean), random.NextDouble(), 0);
        while (product > limit)
        {
            product *= random.NextDouble();
            count++;
        }
        return count;
    }
}
