using System.Numerics;
using Segue.Numerics.Memory;

namespace Segue.Radio.State;

/// <summary>The records of one owner: found by key, in memory outside the collected heap, and what does not fit into them beside.</summary>
/// <remarks>An index of 8 bytes a place (32 bits of the key's hash, 7 for where the record's next event will lie, the record's number and one) leads to records that never move, so it is the index alone that grows: of the 40,000 listeners that an
/// owner has when there are 10 million, in about a millisecond. Records of a mapped file stay where they are; a write makes the page this process' own. Whoever uses an owner holds its <see cref="Gate"/>.</remarks>
/// <param name="arena">Where records lie.</param>
internal sealed class OwnedListeners(MemoryArena arena)
{
    private const int FirstShift = 6, NumberBits = 25;
    private const uint Number = (1 << NumberBits) - 1;
    private static readonly MemoryStretch Nothing = MemoryStretch.Allocate(0);
    private readonly List<MemoryStretch> _blocks = [];
    private readonly Stack<int> _free = new();
    private readonly Dictionary<int, ListenerSide> _sides = [];
    private MemoryStretch _adopted = Nothing;
    private int _adoptedRecords;
    private ulong[] _places = new ulong[8];

    /// <summary>Held by who uses anything here.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Listeners.</summary>
    public int Count => Records - _free.Count;

    /// <summary>Records, those that nobody has included.</summary>
    public int Records { get; private set; }

    /// <summary>Bytes of records and index.</summary>
    public long Bytes => (Records * (long)ListenerRecord.Bytes) + (_places.LongLength * sizeof(ulong));

    /// <summary>What is beside the records, by their numbers.</summary>
    public IReadOnlyDictionary<int, ListenerSide> Sides => _sides;

    public ListenerRecord this[int record] => new(Span(record));

    /// <summary>The number of a listener's record; -1 when there is none.</summary>
    public int Find(ListenerKey key) => Meet(key, Ahead.Nothing, out _) is >= 0 and var place ? RecordAt((uint)place) : -1;

    /// <summary>A listener's record for who will read all of it; false when there is none.</summary>
    public bool TryRead(ListenerKey key, out ListenerRecord record) => Meet(key, Ahead.Whole, out record) >= 0;

    /// <summary>The number of a listener's record, a new one where there is none.</summary>
    public int Take(ListenerKey key) => RecordAt(Take(key, out _));

    /// <summary>Takes an event of a listener in.</summary>
    /// <exception cref="InvalidOperationException">The row is too large for the record.</exception>
    public void Append(ListenerKey key, SinceEvent happened)
    {
        var place = Take(key, out var record);
        if (happened.IsVote)
        {
            record.DropVotes(happened.Track);
        }
        record.Append(happened);
        _places[place] = Entry(key.Place, record.Next, RecordAt(place));
    }

    /// <summary>What is beside a record; made where there is nothing.</summary>
    public ListenerSide Beside(int record)
    {
        if (!_sides.TryGetValue(record, out var side))
        {
            _sides.Add(record, side = new());
        }
        return side;
    }

    /// <summary>Puts something beside a record that has nothing there.</summary>
    public void Put(int record, ListenerSide side) => _sides.Add(record, side);

    /// <summary>Leaves nothing of a listener, in the record or beside it, but the record itself with these flags.</summary>
    public void Reset(int record, RecordFlags flags)
    {
        _sides.Remove(record);
        this[record].Begin(this[record].Key, flags);
    }

    /// <summary>Takes a listener out, and leaves no byte of them.</summary>
    public void Remove(ListenerKey key)
    {
        var record = Find(key);
        if (record < 0)
        {
            return;
        }
        var mask = (uint)(_places.Length - 1);
        var gap = key.Place & mask;
        while (RecordAt(gap) != record)
        {
            gap = (gap + 1) & mask;
        }
        for (var next = (gap + 1) & mask; _places[next] != 0; next = (next + 1) & mask)
        {
            var wish = (uint)(_places[next] >> 32) & mask;
            if (((next - wish) & mask) >= ((next - gap) & mask))   // it may stand in the gap, and be found
            {
                (_places[gap], gap) = (_places[next], next);
            }
        }
        _places[gap] = 0;
        _sides.Remove(record);
        this[record].Clear();
        _free.Push(record);
    }

    /// <summary>Copies all records; there must be room.</summary>
    public void CopyTo(Span<byte> target)
    {
        _adopted.Span(0, (int)_adopted.Length).CopyTo(target);
        target = target[(int)_adopted.Length..(Records * ListenerRecord.Bytes)];
        for (var block = 0; target.Length > 0; block++)
        {
            var bytes = (int)Math.Min(BlockBytes(block), target.Length);
            _blocks[block].Span(0, bytes).CopyTo(target);
            target = target[bytes..];
        }
    }

    /// <summary>Takes records over as they lie there, for an owner that has none.</summary>
    public void Adopt(MemoryStretch records)
    {
        var count = (int)(records.Length / ListenerRecord.Bytes);
        (_adopted, _adoptedRecords, Records) = (records, count, count);
        for (var record = 0; record < count; record++)
        {
            if (this[record].Flags.HasFlag(RecordFlags.Taken))
            {
                Enter(this[record].Key.Place, record);
            }
            else
            {
                _free.Push(record);
            }
        }
    }

    private Span<byte> Span(int record)
    {
        var (stretch, from) = Stretch(record);
        return stretch.Span(from, ListenerRecord.Bytes);
    }

    private (MemoryStretch Stretch, long From) Stretch(int record)
    {
        if (record < _adoptedRecords)
        {
            return (_adopted, (long)record * ListenerRecord.Bytes);
        }
        record -= _adoptedRecords;
        var block = BlockOf(record);
        return (_blocks[block], (record - FirstOf(block)) * (long)ListenerRecord.Bytes);
    }

    // Blocks of 64, 64, 128, 256 … records: what nobody wrote to takes no memory, but for the rest of a large page.
    private static int BlockOf(int record) => 32 - BitOperations.LeadingZeroCount((uint)record >> FirstShift);

    private static int FirstOf(int block) => block == 0 ? 0 : 1 << (FirstShift + block - 1);

    private static long BlockBytes(int block) => (1L << (FirstShift + Math.Max(0, block - 1))) * ListenerRecord.Bytes;

    private int RecordAt(uint place) => (int)((uint)_places[place] & Number) - 1;

    private static ulong Entry(uint hash, int next, int record) => ((ulong)hash << 32) | ((uint)next << NumberBits) | (uint)(record + 1);

    // What the caller will look at comes together with the key, so that it does not wait for one line of memory after the other.
    private int Meet(ListenerKey key, Ahead ahead, out ListenerRecord found)
    {
        var mask = (uint)(_places.Length - 1);
        var hash = key.Place;
        for (var place = hash & mask; _places[place] is not 0 and var entry; place = (place + 1) & mask)
        {
            if ((uint)(entry >> 32) == hash)
            {
                var (stretch, from) = Stretch((int)((uint)entry & Number) - 1);
                if (ahead == Ahead.Next)
                {
                    stretch.Fetch(from + ListenerRecord.At((int)((uint)entry >> NumberBits)), SinceEvent.Bytes);
                }
                else if (ahead == Ahead.Whole)
                {
                    stretch.Fetch(from, ListenerRecord.Bytes);
                }
                found = new(stretch.Span(from, ListenerRecord.Bytes));
                if (found.Is(key))
                {
                    return (int)place;
                }
            }
        }
        found = default;
        return -1;
    }

    private uint Take(ListenerKey key, out ListenerRecord found)
    {
        if (Meet(key, Ahead.Next, out found) is >= 0 and var place)
        {
            return (uint)place;
        }
        if (!_free.TryPop(out var record))
        {
            record = Records < Number - 1 ? Records : throw new InvalidOperationException("An owner has no room for more listeners.");
            if (BlockOf(record - _adoptedRecords) == _blocks.Count)
            {
                _blocks.Add(arena.Take(BlockBytes(_blocks.Count)));
            }
            Records++;   // once it has its memory
        }
        found = this[record];
        found.Begin(key, RecordFlags.Taken);
        return Enter(key.Place, record);
    }

    private uint Enter(uint hash, int record)
    {
        if (4 * (long)Records > 3 * _places.LongLength)
        {
            var before = _places;
            _places = new ulong[2 * before.Length];
            foreach (var entry in before.Where(entry => entry != 0))
            {
                Put(entry);
            }
        }
        return Put(Entry(hash, this[record].Next, record));
    }

    private uint Put(ulong entry)
    {
        var mask = (uint)(_places.Length - 1);
        var place = (uint)(entry >> 32) & mask;
        while (_places[place] != 0)
        {
            place = (place + 1) & mask;
        }
        _places[place] = entry;
        return place;
    }

    /// <summary>What of a record is asked for before it is looked at.</summary>
    private enum Ahead
    {
        Nothing,

        /// <summary>The place of the next event.</summary>
        Next,
        Whole,
    }
}
