using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Segue.Events.Compaction;
using Segue.Events.Files;
using Segue.Features.Interactions;
using Segue.Numerics;

namespace Segue.Features.Matrices;

/// <summary>An entry of a row before the codebook is known.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct WeighedEntry(int Item, float Weight, float Target);

/// <summary>One group's rows on disk.</summary>
/// <param name="Users">From the first on: one length each.</param>
internal sealed record GroupRows(int FirstUser, int Users, long Entries);

/// <summary>The second step: from runs to weighed rows, a file of row lengths (int32) and one of entries (12 bytes each) for every group of users.
/// Goes on after the last whole group.</summary>
internal sealed class UserRows(WorkFolder work, BuildSizes sizes, int users, int items, TasteWeights weights, MatrixOptions options, IProgress<StepProgress>? progress)
{
    // Groups are made small enough that all threads have some, but not tiny.
    private const int GroupsPerThread = 4, LeastGroup = 1 << 16;

    public static string LengthsOf(int group) => $"lengths-{group:D6}";
    public static string EntriesOf(int group) => $"entries-{group:D6}";

    public List<GroupRows> Run(IntakeTotals totals, CancellationToken cancellation)
    {
        if (work.Marked<List<GroupRows>>(WorkFolder.RowsMark) is { } done)
        {
            work.DeleteAll("run-*");
            return done;
        }
        var runs = new RunSet(work, new(users));
        var shared = totals.Kept / (GroupsPerThread * options.Threads);
        var groups = UserGroup.Plan(runs, 0, runs.Buckets.Count, Math.Clamp(shared, Math.Min(LeastGroup, sizes.GroupRecords), sizes.GroupRecords));
        var itemUsers = options.MinItemUsers > 1 ? ItemUsers(runs, groups, cancellation) : null;
        ForEachGroup("rows", runs, groups, group => File.Exists(work[LengthsOf(group)]), (group, reader) => Write(group, groups[group], reader, itemUsers), cancellation);
        var rows = groups.Select((group, n) => new GroupRows(
            runs.Buckets.FirstUser(group.First),
            runs.Buckets.FirstUser(group.End) - runs.Buckets.FirstUser(group.First),
            new FileInfo(work[EntriesOf(n)]).Length / Unsafe.SizeOf<WeighedEntry>())).ToList();
        work.Mark(WorkFolder.RowsMark, rows);
        work.DeleteAll("run-*");
        return rows;
    }

    private int[] ItemUsers(RunSet runs, List<UserGroup> groups, CancellationToken cancellation)
    {
        var counts = new int[items];
        var file = work[WorkFolder.ItemUsers];
        if (File.Exists(file))
        {
            using var handle = File.OpenHandle(file);
            Blocks.Read(handle, MemoryMarshal.AsBytes(counts.AsSpan()), 0);
            return counts;
        }
        ForEachGroup("counting", runs, groups, _ => false, (group, reader) => reader.Read(groups[group], (_, row) =>
        {
            for (var n = 0; n < row.Length; n++)
            {
                if (n == 0 || row[n].Item != row[n - 1].Item)
                {
                    Interlocked.Increment(ref counts[row[n].Item]);
                }
            }
        }), cancellation);
        DurableFile.Replace(file, stream => stream.Write(MemoryMarshal.AsBytes(counts.AsSpan())));
        return counts;
    }

    private void ForEachGroup(
        string step, RunSet runs, List<UserGroup> groups, Func<int, bool> isDone, Action<int, GroupReader> read, CancellationToken cancellation)
    {
        // Readers hold the memory: as many as threads, and no more than the largest group fills.
        var capacity = (int)Math.Min(sizes.GroupRecords, Math.Max(1, groups.Max(group => group.Occurrences)));
        var readers = new ConcurrentBag<GroupReader>();
        long done = 0;
        try
        {
            Workers.For(groups.Count, options.Threads, group =>
            {
                if (!isDone(group))
                {
                    var reader = readers.TryTake(out var idle) ? idle : new GroupReader(runs, items, capacity);
                    try
                    {
                        read(group, reader);
                    }
                    finally
                    {
                        readers.Add(reader);
                    }
                }
                progress?.Report(new(step, Interlocked.Increment(ref done), groups.Count));
            }, cancellation);
        }
        finally
        {
            foreach (var reader in readers)
            {
                reader.Dispose();
            }
        }
    }

    private void Write(int number, UserGroup group, GroupReader reader, int[]? itemUsers)
    {
        var (user, end) = (new UserBuckets(users).FirstUser(group.First), new UserBuckets(users).FirstUser(group.End));
        var selection = new RowSelection(options, weights, itemUsers);
        var (entriesDraft, lengthsDraft) = (work[EntriesOf(number)] + ".draft", work[LengthsOf(number)] + ".draft");
        using (var entriesFile = File.OpenHandle(entriesDraft, FileMode.Create, FileAccess.Write))
        using (var lengthsFile = File.OpenHandle(lengthsDraft, FileMode.Create, FileAccess.Write))
        {
            var entries = new BlockWriter<WeighedEntry>(entriesFile, 0);
            var lengths = new BlockWriter<int>(lengthsFile, 0);
            reader.Read(group, (of, row) =>
            {
                for (; user < of; user++)
                {
                    lengths.Add(0);
                }
                var count = selection.Weigh(of, row);
                for (var n = 0; n < count; n++)
                {
                    entries.Add(new(selection.Items[n], selection.Weights[n], selection.Targets[n]));
                }
                lengths.Add(count);
                user++;
            });
            for (; user < end; user++)
            {
                lengths.Add(0);
            }
            entries.Flush();
            lengths.Flush();
        }
        DurableFile.SyncAndPublish(entriesDraft, work[EntriesOf(number)]);
        DurableFile.SyncAndPublish(lengthsDraft, work[LengthsOf(number)]);   // last: a group with lengths is whole
    }
}
