using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Segue.Events.Compaction;
using Segue.Numerics;
using Segue.Numerics.Memory;

namespace Segue.Features.Matrices;

/// <summary>Items whose rows are gathered together in memory: 5 bytes an entry and 4 bytes an item.</summary>
internal sealed record ItemGroup(int First, int End, long FirstEntry, long Entries)
{
    private const int MostItems = 1 << 24;   // an item's place in its group has 24 bits in a scattered entry
    private const int GroupsPerThread = 4, EntryBytes = 5, ItemBytes = 4;
    private const long LeastBytes = 1 << 18;

    /// <summary>Divides the items, each group as large as a thread's share of the memory allows, as the file of starts tells their rows.</summary>
    public static List<ItemGroup> Plan(MatrixFiles files, int items, long entries, BuildSizes sizes, int threads)
    {
        var shared = EntryBytes * entries / (GroupsPerThread * threads);   // so that all threads have some
        var most = Math.Clamp(shared, Math.Min(LeastBytes, sizes.TurnBytes), sizes.TurnBytes);
        using var file = File.OpenHandle(files[MatrixFiles.ByItem + MatrixFiles.Starts]);
        var starts = new BlockReader<long>(file, 0, items + 1L);
        var groups = new List<ItemGroup>();
        var (first, firstEntry, start) = (0, 0L, starts.Take());
        for (var item = 0; item < items; item++)
        {
            var end = starts.Take();
            var bytes = EntryBytes * (end - firstEntry) + ItemBytes * (item + 1L - first);
            if ((bytes > most || end - firstEntry > int.MaxValue || item - first == MostItems) && item > first)
            {
                groups.Add(new(first, item, firstEntry, start - firstEntry));
                (first, firstEntry) = (item, start);
            }
            start = end;
        }
        groups.Add(new(first, items, firstEntry, start - firstEntry));
        return groups.Count <= ushort.MaxValue
            ? groups
            : throw new InvalidOperationException($"{entries} entries would need {groups.Count} groups of items; {ushort.MaxValue} is the most. Give more memory.");
    }

    public static ushort[] ByItem(List<ItemGroup> groups, int items)
    {
        var groupOf = new ushort[items];
        for (var group = 0; group < groups.Count; group++)
        {
            groupOf.AsSpan(groups[group].First, groups[group].End - groups[group].First).Fill((ushort)group);
        }
        return groupOf;
    }
}

/// <summary>Sends entries to files by the group of their item, 8 bytes each: item within the group 24 bits, code 8, user 32.</summary>
/// <param name="chunk">The stretch of users that they come from.</param>
/// <param name="block">Entries that each group gathers before they are written.</param>
internal sealed class ItemScatter(WorkFolder work, List<ItemGroup> groups, ushort[] groupOf, int chunk, int block) : IDisposable
{
    public const int ItemShift = 40, CodeShift = 32;
    private readonly NativeBuffer<ulong> _blocks = new((long)groups.Count * block, zeroed: false);
    private readonly int[] _counts = new int[groups.Count];
    private readonly int[] _firsts = [.. groups.Select(group => group.First)];

    public static string NameOf(int chunk, int group) => $"scatter-{chunk:D4}-{group:D5}";

    public void Add(int item, int user, byte code)
    {
        var group = groupOf[item];
        ref var count = ref _counts[group];
        if (count == block)
        {
            Write(group);
        }
        _blocks.Span((long)group * block + count++, 1)[0] = (ulong)(item - _firsts[group]) << ItemShift | (ulong)code << CodeShift | (uint)user;
    }

    public void Flush()
    {
        for (var group = 0; group < groups.Count; group++)
        {
            Write(group);
        }
    }

    public void Dispose() => _blocks.Dispose();

    // Opened for each block: there may be more files than a process may hold open.
    private void Write(int group)
    {
        using var file = new FileStream(work[NameOf(chunk, group)], FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        file.Write(MemoryMarshal.AsBytes(_blocks.Span((long)group * block, _counts[group])));
        _counts[group] = 0;
    }
}

/// <summary>The last step but one: gathers the entries of each group of items and writes the matrix by item.</summary>
internal sealed class ItemTurn(WorkFolder work, MatrixFiles files, BuildSizes sizes, int items, MatrixOptions options, IProgress<StepProgress>? progress)
{
    public void Run(EncodedRows encoded, CancellationToken cancellation)
    {
        var groups = ItemGroup.Plan(files, items, encoded.Count, sizes, options.Threads);
        using var columns = files.Create(MatrixFiles.ByItem + MatrixFiles.Columns);
        using var codes = encoded.HasCodes ? files.Create(MatrixFiles.ByItem + MatrixFiles.Codes) : null;
        long done = 0;
        Workers.For(groups.Count, Math.Min(options.Threads, sizes.TurnThreads), number =>
        {
            var group = groups[number];
            using var users = new NativeBuffer<int>(group.Entries, zeroed: false);
            using var itsCodes = new NativeBuffer<byte>(codes is null ? 0 : group.Entries, zeroed: false);
            Gather(number, group, encoded.Chunks, users.Span(0, (int)group.Entries), codes is null ? [] : itsCodes.Span(0, (int)group.Entries));
            Write(columns, users, group.FirstEntry);
            if (codes is not null)
            {
                Write(codes, itsCodes, group.FirstEntry);
            }
            progress?.Report(new("turning", Interlocked.Add(ref done, group.Entries), encoded.Count));
        }, cancellation);
    }

    // Users come in ascending order, so those of an item do.
    private void Gather(int number, ItemGroup group, int chunks, Span<int> users, Span<byte> codes)
    {
        var next = Starts(group);
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            using var file = File.OpenHandle(work[ItemScatter.NameOf(chunk, number)]);
            var entries = new BlockReader<ulong>(file, 0, RandomAccess.GetLength(file) / 8);
            for (var block = entries.TakeBlock(); !block.IsEmpty; block = entries.TakeBlock())
            {
                foreach (var entry in block)
                {
                    var at = next[(int)(entry >> ItemScatter.ItemShift)]++;
                    users[at] = (int)(uint)entry;
                    if (!codes.IsEmpty)
                    {
                        codes[at] = (byte)(entry >> ItemScatter.CodeShift);
                    }
                }
            }
        }
    }

    // Rows of a group, from its first entry on.
    private int[] Starts(ItemGroup group)
    {
        using var file = File.OpenHandle(files[MatrixFiles.ByItem + MatrixFiles.Starts]);
        var starts = new BlockReader<long>(file, 8L * group.First, group.End - group.First);
        var next = new int[group.End - group.First];
        foreach (ref var place in next.AsSpan())
        {
            place = (int)(starts.Take() - group.FirstEntry);
        }
        return next;
    }

    private static void Write<T>(Microsoft.Win32.SafeHandles.SafeFileHandle file, NativeBuffer<T> elements, long first)
        where T : unmanaged
    {
        const int Length = 1 << 20;
        for (long at = 0; at < elements.Length; at += Length)
        {
            var block = elements.Span(at, (int)Math.Min(Length, elements.Length - at));
            RandomAccess.Write(file, MemoryMarshal.AsBytes(block), (first + at) * Unsafe.SizeOf<T>());
        }
    }
}
