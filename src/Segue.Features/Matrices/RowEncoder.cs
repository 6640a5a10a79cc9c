using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Segue.Events.Compaction;
using Segue.Events.Files;
using Segue.Numerics;
using Segue.Numerics.Sparse;

namespace Segue.Features.Matrices;

/// <summary>What encoding left.</summary>
/// <param name="Chunks">Stretches of users that were scattered apart from each other.</param>
internal sealed record EncodedRows(float[] Weights, float[] Targets, bool IsExact, long Count, int Chunks)
{
    public bool HasCodes => Weights.Length > 1;
}

/// <summary>The third step: finds the codebook, writes the matrix by user, and scatters its entries to the groups of their items.</summary>
internal sealed class RowEncoder(WorkFolder work, MatrixFiles files, BuildSizes sizes, int items, MatrixOptions options, IProgress<StepProgress>? progress)
{
    public EncodedRows Run(List<GroupRows> groups, CancellationToken cancellation)
    {
        if (work.Marked<EncodedRows>(WorkFolder.EncodedMark) is not { } done)
        {
            done = Encode(groups, cancellation);
            work.Mark(WorkFolder.EncodedMark, done);
        }
        work.DeleteAll("lengths-*");
        work.DeleteAll("entries-*");
        return done;
    }

    private EncodedRows Encode(List<GroupRows> groups, CancellationToken cancellation)
    {
        var encoder = Survey(groups, cancellation);
        var book = encoder.Codebook;
        var chunks = Chunks(groups);
        var encoded = new EncodedRows(book.Weights.ToArray(), book.Targets.ToArray(), encoder.IsExact, groups.Sum(group => group.Entries), chunks.Count);
        var itemGroups = ItemGroup.Plan(files, items, encoded.Count, sizes, options.Threads);
        var groupOf = ItemGroup.ByItem(itemGroups, items);
        var block = (int)Math.Clamp(sizes.ScatterBytes / 8 / chunks.Count / itemGroups.Count, 16, 1 << 16);
        work.DeleteAll("scatter-*");   // of a build that was cut off
        using var starts = files.Create(MatrixFiles.ByUser + MatrixFiles.Starts);
        using var columns = files.Create(MatrixFiles.ByUser + MatrixFiles.Columns);
        using var codes = encoded.HasCodes ? files.Create(MatrixFiles.ByUser + MatrixFiles.Codes) : null;
        long at = 0;
        var firsts = groups.Select(group => (at += group.Entries) - group.Entries).ToArray();
        long written = 0;
        Workers.For(chunks.Count, options.Threads, chunk =>
        {
            using var scatter = new ItemScatter(work, itemGroups, groupOf, chunk, block);
            for (var group = chunks[chunk].First; group < chunks[chunk].End; group++)
            {
                cancellation.ThrowIfCancellationRequested();
                var rows = new RowWriter(starts, columns, codes, groups[group].FirstUser, firsts[group]);
                ForEach(groups, group, rows.Start, new Coder(encoder, rows, scatter).Add);
                rows.Flush();
                progress?.Report(new("encoding", Interlocked.Add(ref written, groups[group].Entries), encoded.Count));
            }
            scatter.Flush();
        }, cancellation);
        RandomAccess.Write(starts, MemoryMarshal.AsBytes<long>([encoded.Count]), 8L * (groups[^1].FirstUser + groups[^1].Users));
        foreach (var file in new[] { starts, columns, codes }.OfType<SafeFileHandle>())
        {
            DurableFile.Sync(file, "the matrix by user");
        }
        work.SyncAll("scatter-*");
        return encoded;
    }

    // Counts the users of each item, writes where the rows of items start, and finds the codebook: it is the same for any number of threads.
    private WeightEncoder Survey(List<GroupRows> groups, CancellationToken cancellation)
    {
        var counts = new int[items];
        var alone = options.Threads == 1;
        var builders = new WeightCodebookBuilder[groups.Count];
        long seen = 0;
        var all = groups.Sum(group => group.Entries);
        Workers.For(groups.Count, options.Threads, group =>
        {
            var builder = builders[group] = new();
            var known = new PairCache();
            ForEach(groups, group, _ => { }, (_, entry) =>
            {
                if (alone)
                {
                    counts[entry.Item]++;
                }
                else
                {
                    Interlocked.Increment(ref counts[entry.Item]);
                }
                if (!known.Knows(entry, out var slot))
                {
                    builder.Add(entry.Weight, entry.Target);
                    known.Learn(slot, entry, 0);
                }
            });
            progress?.Report(new("surveying", Interlocked.Add(ref seen, groups[group].Entries), all));
        }, cancellation);
        using (var file = files.Create(MatrixFiles.ByItem + MatrixFiles.Starts))
        {
            var starts = new BlockWriter<long>(file, 0);
            long sum = 0;
            foreach (var count in counts)
            {
                starts.Add(sum);
                sum += count;
            }
            starts.Add(sum);
            starts.Flush();
            DurableFile.Sync(file, MatrixFiles.ByItem + MatrixFiles.Starts);
        }
        var together = new WeightCodebookBuilder();
        Array.ForEach(builders, together.Add);
        return together.Build();
    }

    private void ForEach(List<GroupRows> groups, int group, Action<int> startRow, Action<int, WeighedEntry> take)
    {
        using var lengthsFile = File.OpenHandle(work[UserRows.LengthsOf(group)]);
        using var entriesFile = File.OpenHandle(work[UserRows.EntriesOf(group)]);
        var (_, users, count) = groups[group];
        var lengths = new BlockReader<int>(lengthsFile, 0, users);
        var entries = new BlockReader<WeighedEntry>(entriesFile, 0, count);
        for (var user = 0; user < users; user++)
        {
            var length = lengths.Take();
            startRow(length);
            for (var n = 0; n < length; n++)
            {
                take(groups[group].FirstUser + user, entries.Take());
            }
        }
    }

    // One stretch of groups for each thread, with about as many entries each.
    private List<(int First, int End)> Chunks(List<GroupRows> groups)
    {
        var all = Math.Max(1, groups.Sum(group => group.Entries));
        var chunks = new List<(int First, int End)>();
        long before = 0;
        foreach (var (group, n) in groups.Select((group, n) => (group, n)))
        {
            if (chunks.Count == 0 || before >= (double)all * chunks.Count / options.Threads)
            {
                chunks.Add((n, n));
            }
            chunks[^1] = (chunks[^1].First, n + 1);
            before += group.Entries;
        }
        return chunks;
    }

    private sealed class RowWriter(SafeFileHandle starts, SafeFileHandle columns, SafeFileHandle? codes, int firstUser, long firstEntry)
    {
        private readonly BlockWriter<long> _starts = new(starts, 8L * firstUser);
        private readonly BlockWriter<int> _columns = new(columns, 4 * firstEntry);
        private readonly BlockWriter<byte>? _codes = codes is null ? null : new(codes, firstEntry);
        private long _at = firstEntry;

        public void Start(int length)
        {
            _starts.Add(_at);
            _at += length;
        }

        public void Add(int item, byte code)
        {
            _columns.Add(item);
            _codes?.Add(code);
        }

        public void Flush()
        {
            _starts.Flush();
            _columns.Flush();
            _codes?.Flush();
        }
    }

    private sealed class Coder(WeightEncoder encoder, RowWriter rows, ItemScatter scatter)
    {
        private readonly PairCache _known = new();

        public void Add(int user, WeighedEntry entry)
        {
            var code = encoder.IsExact ? Known(entry) : encoder.Encode(entry.Weight, entry.Target);
            rows.Add(entry.Item, code);
            scatter.Add(entry.Item, user, code);
        }

        private byte Known(in WeighedEntry entry)
        {
            if (!_known.Knows(entry, out var slot))
            {
                _known.Learn(slot, entry, encoder.Encode(entry.Weight, entry.Target));
            }
            return _known[slot];
        }
    }
}

/// <summary>The codes of pairs (weight, target) met lately: where there are few, most are found here.</summary>
internal sealed class PairCache
{
    private const int Bits = 10;
    private readonly (ulong Pair, byte Code)[] _slots = new (ulong, byte)[1 << Bits];

    public byte this[int slot] => _slots[slot].Code;

    /// <param name="slot">Where it is, or where it would be.</param>
    public bool Knows(in WeighedEntry entry, out int slot)
    {
        var pair = PairOf(entry);
        slot = (int)(pair * 0x9E3779B97F4A7C15UL >> 64 - Bits);
        return _slots[slot].Pair == pair;
    }

    public void Learn(int slot, in WeighedEntry entry, byte code) => _slots[slot] = (PairOf(entry), code);

    // Weights are above 0: no pair is 0.
    private static ulong PairOf(in WeighedEntry entry) => (ulong)BitConverter.SingleToUInt32Bits(entry.Weight) << 32 | BitConverter.SingleToUInt32Bits(entry.Target);
}
