using Segue.Features.Interactions;
using Segue.Numerics.Memory;

namespace Segue.Features.Matrices;

/// <summary>Users whose occurrences are sorted together.</summary>
/// <param name="First">Its first bucket.</param>
/// <param name="End">The bucket after its last.</param>
internal sealed record UserGroup(int First, int End, long Occurrences)
{
    /// <summary>Divides the buckets [first, end) into groups that fit, each of one bucket at least.</summary>
    public static List<UserGroup> Plan(RunSet runs, int first, int end, long capacity)
    {
        var groups = new List<UserGroup>();
        long sum = 0;
        for (var bucket = first; bucket < end; bucket++)
        {
            var count = runs.CountOf(bucket, bucket + 1);
            if (sum + count > capacity && bucket > first)
            {
                groups.Add(new(first, bucket, sum));
                (first, sum) = (bucket, 0);
            }
            sum += count;
        }
        groups.Add(new(first, end, sum));
        return groups;
    }
}

/// <summary>Receives a user's row: by item, then by action, each once. Valid until it returns.</summary>
internal delegate void TakeRow(int user, ReadOnlySpan<PairAction> row);

/// <summary>Reads groups of users and gives their rows, users ascending. Not thread-safe: each thread has one.</summary>
/// <param name="capacity">Occurrences that fit, twice over: the memory is 32 bytes each.</param>
internal sealed class GroupReader(RunSet runs, int items, int capacity) : IDisposable
{
    // Sorting stays in the processor's nearer caches; but each part reads something of every run, which must not be too little.
    private const int NearRecords = 1 << 17, ReadRecords = 1 << 13;
    private readonly NativeBuffer<PackedOccurrence> _records = new(capacity, zeroed: false);
    private readonly NativeBuffer<PackedOccurrence> _scratch = new(capacity, zeroed: false);

    public void Read(UserGroup group, TakeRow take)
    {
        var fold = new RowFold(take);
        foreach (var part in UserGroup.Plan(runs, group.First, group.End, Math.Min(capacity, Math.Max(NearRecords, runs.Count * ReadRecords))))
        {
            if (part.Occurrences <= capacity)
            {
                var count = (int)part.Occurrences;
                runs.Read(part.First, part.End, _records.Span(0, count));
                fold.Take(Sort(part, count));
            }
            else
            {
                ReadInPieces(part, fold);
            }
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

    // One bucket with more occurrences than fit: reads it several times, each time for the least that are not done, so that amounts add up in
    // the same order as ever.
    private void ReadInPieces(UserGroup group, RowFold fold)
    {
        UInt128 least = 0;
        while (true)
        {
            var bound = UInt128.MaxValue;
            var count = 0;
            foreach (var reader in runs.Readers(group.First))
            {
                for (var block = reader.TakeBlock(); !block.IsEmpty; block = reader.TakeBlock())
                {
                    foreach (ref readonly var record in block)
                    {
                        if (record.Order >= least && record.Order < bound && count == capacity)
                        {
                            (count, bound) = KeepLeast(group, count);
                        }
                        if (record.Order >= least && record.Order < bound)
                        {
                            _records.Span(count++, 1)[0] = record;
                        }
                    }
                }
            }
            fold.Take(Sort(group, count));
            if (bound == UInt128.MaxValue)
            {
                return;
            }
            least = bound;
        }
    }

    // Keeps about the lesser half, and says which is the first that does not stay. Equal occurrences stay together.
    private (int Count, UInt128 Bound) KeepLeast(UserGroup group, int count)
    {
        var records = Sort(group, count);
        var middle = records[count / 2];
        var (kept, end) = (records.IndexOf(middle), records.LastIndexOf(middle) + 1);
        return kept > 0 ? (kept, middle.Order)
            : end < count ? (end, records[end].Order)
            : throw new InvalidDataException(FormattableString.Invariant(
                $"User {middle.User} has {capacity:N0} or more equal occurrences of item {middle.Item}: add them up before, or give more memory."));
    }
}

/// <summary>Adds up sorted occurrences to rows.</summary>
internal sealed class RowFold(TakeRow take)
{
    private PairAction[] _row = new PairAction[256];
    private int _count;
    private int _user = -1;
    private PackedOccurrence _open;
    private double _amount;   // of the pair and action that the last occurrence belongs to; 0: there is none
    private float _age;

    /// <param name="sorted">None before those of the call before.</param>
    public void Take(ReadOnlySpan<PackedOccurrence> sorted)
    {
        foreach (ref readonly var record in sorted)
        {
            if (_amount > 0 && record.IsSameAction(_open))
            {
                _amount += record.Amount;   // the least first, whatever the order of the source
                _age = Math.Min(_age, record.Age);
            }
            else
            {
                Close();
                if (record.User != _user)
                {
                    Give();
                    _user = record.User;
                }
                (_open, _amount, _age) = (record, record.Amount, record.Age);
            }
        }
    }

    /// <summary>Gives the last row.</summary>
    public void End()
    {
        Close();
        Give();
    }

    private void Close()
    {
        if (_amount == 0)
        {
            return;
        }
        if (_count == _row.Length)
        {
            Array.Resize(ref _row, 2 * _row.Length);
        }
        _row[_count++] = new(_open.Item, _open.Action, (float)Math.Min(_amount, float.MaxValue), _age);
        _amount = 0;
    }

    private void Give()
    {
        if (_count > 0)
        {
            take(_user, _row.AsSpan(0, _count));
        }
        _count = 0;
    }
}
