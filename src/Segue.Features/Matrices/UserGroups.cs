using Segue.Features.Interactions;
using Segue.Numerics.Memory;

namespace Segue.Features.Matrices;

/// <summary>Users whose occurrences are sorted together.</summary>
/// <param name="First">Its first bucket.</param>
/// <param name="End">The bucket after its last.</param>
internal sealed record UserGroup(int First, int End, long Occurrences)
{
    /// <summary>Divides the buckets into groups that fit, each of one bucket at least.</summary>
    public static List<UserGroup> Plan(RunSet runs, long capacity)
    {
        var groups = new List<UserGroup>();
        var (first, sum) = (0, 0L);
        for (var bucket = 0; bucket < runs.Buckets.Count; bucket++)
        {
            var count = runs.CountOf(bucket, bucket + 1);
            if (sum + count > capacity && bucket > first)
            {
                groups.Add(new(first, bucket, sum));
                (first, sum) = (bucket, 0);
            }
            sum += count;
        }
        groups.Add(new(first, runs.Buckets.Count, sum));
        return groups;
    }
}

/// <summary>Receives a user's row: by item, then by action, each once. Valid until it returns.</summary>
internal delegate void TakeRow(int user, ReadOnlySpan<PairAction> row);

/// <summary>Reads groups of users and gives their rows, users ascending. Not thread-safe: each thread has one.</summary>
/// <param name="capacity">Occurrences that fit, twice over: the memory is 32 bytes each.</param>
internal sealed class GroupReader(RunSet runs, int items, int capacity) : IDisposable
{
    private readonly NativeBuffer<PackedOccurrence> _records = new(capacity, zeroed: false);
    private readonly NativeBuffer<PackedOccurrence> _scratch = new(capacity, zeroed: false);

    public void Read(UserGroup group, TakeRow take)
    {
        var fold = new RowFold(take);
        if (group.Occurrences <= capacity)
        {
            var count = (int)group.Occurrences;
            runs.Read(group.First, group.End, _records.Span(0, count));
            Sort(group, count);
            fold.Take(_records.Span(0, count));
        }
        else
        {
            ReadInPieces(group, fold);
        }
        fold.End();
    }

    public void Dispose()
    {
        _records.Dispose();
        _scratch.Dispose();
    }

    private Span<PackedOccurrence> Sort(UserGroup group, int count)
    {
        var (first, end) = (runs.Buckets.FirstUser(group.First), runs.Buckets.FirstUser(group.End));
        var records = _records.Span(0, count);
        RadixSort.Sort(records, _scratch.Span(0, count), first, end - first, items);
        return records;
    }

    // One bucket with more occurrences than fit: reads it several times, each time for the least pairs after those that are done. A pair
    // stays in one piece, so that its amounts add up in the same order as ever.
    private void ReadInPieces(UserGroup group, RowFold fold)
    {
        ulong least = 0;
        while (true)
        {
            var bound = ulong.MaxValue;
            var count = 0;
            foreach (var reader in runs.Readers(group.First))
            {
                for (var block = reader.TakeBlock(); !block.IsEmpty; block = reader.TakeBlock())
                {
                    foreach (ref readonly var record in block)
                    {
                        if (record.Pair < least || record.Pair >= bound)
                        {
                            continue;
                        }
                        if (count == capacity)
                        {
                            (count, bound) = KeepLeast(group, count);
                            if (record.Pair >= bound)
                            {
                                continue;
                            }
                        }
                        _records.Span(count++, 1)[0] = record;
                    }
                }
            }
            fold.Take(Sort(group, count));
            if (bound == ulong.MaxValue)
            {
                return;
            }
            least = bound;
        }
    }

    // Keeps about the lesser half, and says which pair is the first that does not stay.
    private (int Count, ulong Bound) KeepLeast(UserGroup group, int count)
    {
        var records = Sort(group, count);
        var middle = records[count / 2].Pair;
        var kept = count / 2;
        for (; kept > 0 && records[kept - 1].Pair == middle; kept--)
        {
        }
        if (kept > 0)
        {
            return (kept, middle);
        }
        for (kept = count / 2; kept < count && records[kept].Pair == middle; kept++)
        {
        }
        return kept < count
            ? (kept, records[kept].Pair)
            : throw new InvalidDataException(FormattableString.Invariant(
                $"User {records[0].User} has more than {capacity:N0} occurrences of item {records[0].Item}: add those of a day up before, or give more memory."));
    }
}

/// <summary>Adds up sorted occurrences to rows.</summary>
internal sealed class RowFold(TakeRow take)
{
    private PairAction[] _row = new PairAction[256];
    private int _count;
    private int _user = -1;

    /// <param name="sorted">After those of the call before; all of a pair in one call.</param>
    public void Take(ReadOnlySpan<PackedOccurrence> sorted)
    {
        for (var n = 0; n < sorted.Length;)
        {
            ref readonly var first = ref sorted[n];
            var (amount, age) = (0.0, float.MaxValue);
            for (; n < sorted.Length && sorted[n].IsSameAction(first); n++)
            {
                amount += sorted[n].Amount;   // the least first, whatever the order of the source
                age = Math.Min(age, sorted[n].Age);
            }
            if (first.User != _user)
            {
                End();
                _user = first.User;
            }
            if (_count == _row.Length)
            {
                Array.Resize(ref _row, 2 * _row.Length);
            }
            _row[_count++] = new(first.Item, first.Action, (float)Math.Min(amount, float.MaxValue), age);
        }
    }

    /// <summary>Gives the last row.</summary>
    public void End()
    {
        if (_count > 0)
        {
            take(_user, _row.AsSpan(0, _count));
        }
        _count = 0;
    }
}
