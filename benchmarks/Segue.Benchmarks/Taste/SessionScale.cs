using System.Diagnostics;
using System.Globalization;
using Segue.Features.Interactions;
using Segue.Models;
using Segue.Models.Sittings;
using Segue.Numerics;

namespace Segue.Benchmarks.Taste;

/// <summary>What the next tracks by past sittings cost: <c>sessions [SITTINGS ITEMS]</c>, by default a million sittings of a million items.</summary>
/// <remarks>Sittings are synthetic: 5 to 24 items of one of 2,000 overlapping neighborhoods, popular ones more often. A question is the last ten items of a sitting; answered are 100
/// items. Microseconds are the processor's, of one thread: the best and the median of several runs over the same questions.</remarks>
internal static class SessionScale
{
    private const int Neighborhoods = 2000, NeighborhoodItems = 5000, Questions = 10_000, Runs = 7, Asked = 10, Answered = 100;

    public static void Run(string[] args)
    {
        var numbers = args.Select(arg => int.Parse(arg, CultureInfo.InvariantCulture)).ToArray();
        var (count, items) = numbers is [var s, var i] ? (s, i) : (1_000_000, 1_000_000);
        var sequences = Sittings(count, items);
        var data = new TrainingSet(
            CsrMatrix.FromTriplets(count, items, [.. sequences.SelectMany((sitting, user) => sitting.Select(item => (user, item, 1f)))]), sequences);
        Console.WriteLine($"{count:N0} sittings of {items:N0} items, {sequences.Sum(sitting => (long)sitting.Length):N0} listens");
        var questions = Enumerable.Range(0, Questions).Select(n => UserHistory.OfItems([.. sequences[(int)(n * 7919L % count)].TakeLast(Asked)])).ToArray();
        foreach (var sample in new[] { 500, 5000 })
        {
            Measure(SessionNeighborsModel.KindName, new() { ["sample"] = sample }, data, questions);
        }
        Measure(TransitionsModel.KindName, [], data, questions);
        Measure(SessionBlendModel.KindName, new() { ["neighbors.sample"] = 500 }, data, questions);
    }

    private static void Measure(string kind, Dictionary<string, double> settings, TrainingSet data, UserHistory[] questions)
    {
        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var clock = Stopwatch.StartNew();
        var model = (SittingModel)ModelKinds.Get(kind).Trainer(settings).Train(data, new(1, Workers.Default));
        var built = clock.Elapsed.TotalSeconds;
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        var times = new double[Runs];
        long allocated = 0, answered = 0;
        for (var run = 0; run < Runs; run++)
        {
            (allocated, answered) = (GC.GetAllocatedBytesForCurrentThread(), 0);
            var started = CorePeaks.CpuSeconds();
            foreach (var question in questions)
            {
                answered += model.Propose(question, Answered).Length;
            }
            times[run] = 1e6 * (CorePeaks.CpuSeconds() - started) / questions.Length;
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        }
        Array.Sort(times);
        using var counted = new CountingStream();
        model.Save(counted);
        Console.WriteLine(
            $"{kind} {string.Join(' ', settings.Select(s => $"{s.Key}={s.Value}"))}: {times[0]:F1} us a question (median {times[Runs / 2]:F1}), {allocated / questions.Length:N0} bytes allocated for "
            + $"{(double)answered / questions.Length:F0} answers; built in {built:F1} s, {kept / 1048576.0:N0} MiB in memory, {counted.Length / 1048576.0:N0} MiB on disk");
    }

    private static int[][] Sittings(int count, int items)
    {
        var sittings = new int[count][];
        for (var sitting = 0; sitting < count; sitting++)
        {
            var random = new SeededRandom(1, (ulong)sitting);
            var neighborhood = Zipf(ref random, Neighborhoods, 0.8);
            sittings[sitting] = new int[5 + Zipf(ref random, 20, 1.0001)];
            for (var n = 0; n < sittings[sitting].Length; n++)
            {
                sittings[sitting][n] = (neighborhood * (items / Neighborhoods) + Zipf(ref random, NeighborhoodItems, 0.9)) % items;
            }
        }
        return sittings;
    }

    // A number in [0, n) whose chance falls as rank^-power, by the inverse of the continuous law.
    private static int Zipf(ref SeededRandom random, int n, double power)
        => Math.Min(n - 1, (int)(Math.Pow(random.NextDouble() * (Math.Pow(n + 1, 1 - power) - 1) + 1, 1 / (1 - power)) - 1));

    private sealed class CountingStream : Stream
    {
        private long _length;

        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => _length;
        public override long Position { get => _length; set => throw new NotSupportedException(); }
        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => _length += count;
        public override void Write(ReadOnlySpan<byte> buffer) => _length += buffer.Length;
    }
}
