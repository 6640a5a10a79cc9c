using System.Runtime.InteropServices;
using Segue.Events.Files;
using Segue.Numerics.Memory;

namespace Segue.Features.Matrices;

/// <summary>Gathers occurrences in memory; each time it is full, one more run goes to disk, while the next is gathered where there are threads.</summary>
/// <remarks>
/// A run holds its occurrences in the order of the buckets of their users. Its file: how many occurrences of the source it covers, how many each
/// bucket holds (int64), then the occurrences, 16 bytes each. It gets its name when it is whole and on disk.
/// </remarks>
internal sealed class RunWriter : IAsyncDisposable
{
    private readonly WorkFolder _work;
    private readonly UserBuckets _buckets;
    private readonly NativeBuffer<PackedOccurrence> _sorted;
    private readonly NativeBuffer<PackedOccurrence>? _spare;
    private NativeBuffer<PackedOccurrence> _filling;
    private NativeBuffer<PackedOccurrence>? _writing;
    private Task _seal = Task.CompletedTask;
    private int _run;
    private int _count;
    private long _gathered;

    /// <param name="overlapped">Whether a run is written by another thread while the next is gathered: costs a third buffer.</param>
    public RunWriter(WorkFolder work, UserBuckets buckets, int capacity, bool overlapped)
    {
        (_work, _buckets) = (work, buckets);
        for (; File.Exists(work[NameOf(_run)]); _run++)
        {
            var head = RunSet.Head(work[NameOf(_run)], buckets);
            Consumed += head[0];
            Kept += head.Skip(1).Sum();
        }
        _filling = new(capacity, zeroed: false);
        _sorted = new(capacity, zeroed: false);
        _spare = overlapped ? new(capacity, zeroed: false) : null;
    }

    /// <summary>Occurrences of the source that are in whole runs or gathered.</summary>
    public long Consumed { get; private set; }

    /// <summary>Occurrences in whole runs or gathered.</summary>
    public long Kept { get; private set; }

    public static string NameOf(int run) => $"run-{run:D6}";

    /// <param name="batch">At most as many as a run holds.</param>
    /// <param name="position">Occurrences of the source up to the end of the batch.</param>
    public async ValueTask AppendAsync(ReadOnlyMemory<PackedOccurrence> batch, long position)
    {
        if (_count + batch.Length > _filling.Length)
        {
            await SealAsync();
        }
        batch.Span.CopyTo(_filling.Span(_count, batch.Length));
        _count += batch.Length;
        Kept += batch.Length;
        _gathered = position;
    }

    /// <summary>Writes what is left.</summary>
    public async Task FinishAsync(long position)
    {
        _gathered = position;
        if (_count > 0)
        {
            await SealAsync();
        }
        await _seal;
    }

    public async ValueTask DisposeAsync()
    {
        await _seal.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);   // it uses the buffers
        Array.ForEach([_filling, _sorted, _spare, _writing], buffer => buffer?.Dispose());
    }

    private async Task SealAsync()
    {
        await _seal;
        var (run, count, covered) = (_run++, _count, _gathered - Consumed);
        var full = _filling;
        if (_spare is null)
        {
            Seal(run, full, count, covered);
        }
        else
        {
            _filling = _writing ?? _spare;
            _writing = full;
            _seal = Task.Run(() => Seal(run, full, count, covered));
        }
        Consumed = _gathered;
        _count = 0;
    }

    private void Seal(int run, NativeBuffer<PackedOccurrence> records, int count, long covered)
    {
        var from = records.Span(0, count);
        var to = _sorted.Span(0, count);
        var head = new long[1 + _buckets.Count];
        foreach (ref readonly var record in from)
        {
            head[1 + _buckets.Of(record)]++;
        }
        head[0] = covered;
        var next = new int[_buckets.Count];
        for (var bucket = 1; bucket < next.Length; bucket++)
        {
            next[bucket] = next[bucket - 1] + (int)head[bucket];
        }
        foreach (ref readonly var record in from)
        {
            to[next[_buckets.Of(record)]++] = record;
        }
        DurableFile.Replace(_work[NameOf(run)], stream =>
        {
            stream.Write(MemoryMarshal.AsBytes(head.AsSpan()));
            stream.Write(MemoryMarshal.AsBytes(_sorted.Span(0, count)));
        });
    }
}

/// <summary>All runs, to be read by ranges of buckets.</summary>
internal sealed class RunSet
{
    private readonly List<(string Path, long[] Starts)> _runs = [];

    public RunSet(WorkFolder work, UserBuckets buckets)
    {
        Buckets = buckets;
        for (var run = 0; File.Exists(work[RunWriter.NameOf(run)]); run++)
        {
            var starts = Head(work[RunWriter.NameOf(run)], buckets);
            starts[0] = 0;
            for (var bucket = 0; bucket < buckets.Count; bucket++)
            {
                starts[bucket + 1] += starts[bucket];
            }
            _runs.Add((work[RunWriter.NameOf(run)], starts));
        }
    }

    public UserBuckets Buckets { get; }
    public int Count => _runs.Count;

    /// <summary>Occurrences in the buckets [first, end).</summary>
    public long CountOf(int first, int end) => _runs.Sum(run => run.Starts[end] - run.Starts[first]);

    /// <summary>Reads the occurrences in the buckets [first, end), of one run after the other.</summary>
    public void Read(int first, int end, Span<PackedOccurrence> all)
    {
        foreach (var (path, starts) in _runs)
        {
            var count = (int)(starts[end] - starts[first]);
            using var file = File.OpenHandle(path);
            Blocks.Read(file, MemoryMarshal.AsBytes(all[..count]), Offset(starts[first]));
            all = all[count..];
        }
    }

    /// <summary>Reads the occurrences in a bucket, a block at a time.</summary>
    public IEnumerable<BlockReader<PackedOccurrence>> Readers(int bucket)
    {
        foreach (var (path, starts) in _runs)
        {
            using var file = File.OpenHandle(path);
            yield return new(file, Offset(starts[bucket]), starts[bucket + 1] - starts[bucket]);
        }
    }

    /// <summary>Occurrences of the source that a run covers, then those in each bucket.</summary>
    /// <exception cref="InvalidDataException">The file was changed since.</exception>
    public static long[] Head(string path, UserBuckets buckets)
    {
        var head = new long[1 + buckets.Count];
        using var file = File.OpenHandle(path);
        Blocks.Read(file, MemoryMarshal.AsBytes(head.AsSpan()), 0);
        var bytes = 8L * head.Length + 16 * head.Skip(1).Sum();
        return RandomAccess.GetLength(file) == bytes
            ? head
            : throw new InvalidDataException($"{path} has {RandomAccess.GetLength(file)} bytes instead of {bytes}: remove the work folder and build again.");
    }

    private long Offset(long record) => 8L * (1 + Buckets.Count) + 16 * record;
}
