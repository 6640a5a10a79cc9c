using System.Runtime.InteropServices;
using Segue.Events.Normalizing;

namespace Segue.Events.Log;

/// <summary>Events on their way into the log, as the records that they will be.</summary>
/// <remarks>Not thread-safe. About 170 bytes an event, most of them from a pool that gets them back when the log has taken the events in.</remarks>
public sealed class EventBatch
{
    private readonly RecordBuffer _records, _keyTexts;
    private readonly List<Entry> _entries;
    private readonly List<int> _unkeyed = [];   // entries whose keys are to be made of _keyTexts

    /// <param name="expected">About how many events will come.</param>
    public EventBatch(int expected = 16)
        => (_records, _keyTexts, _entries) = (new(160 * expected), new(QuickSha256.BlockSize * expected), new(expected));

    public int Count => _entries.Count;

    /// <summary>The event at a place, read from its record.</summary>
    public ListenerEvent this[int index]
    {
        get
        {
            Seal();
            return EventCodec.Decode(_records.Written[_entries[index].Start.._entries[index].End])!;
        }
    }

    /// <summary>Size of the records.</summary>
    internal int Bytes => _records.Length;

    /// <exception cref="ArgumentException">The event cannot be kept: too large.</exception>
    public void Add(ListenerEvent listened) => Add(EventRecord.Of(listened));

    /// <summary>Adds an event whose key is the SHA-256 of a text: hashed with others, many at once.</summary>
    /// <inheritdoc cref="Add(ListenerEvent)"/>
    internal void Add(in EventRecord record, ReadOnlySpan<byte> keyText)
    {
        if (QuickSha256.TryPad(keyText, _keyTexts))
        {
            _unkeyed.Add(Count);
            Add(record);
        }
        else
        {
            Add(record);
            SetKey(Count - 1, QuickSha256.First128(keyText));
        }
    }

    /// <summary>To be called when all events are there: makes the keys that are missing.</summary>
    internal void Seal()
    {
        if (_unkeyed.Count == 0)
        {
            return;
        }
        Span<UInt128> hashes = stackalloc UInt128[QuickSha256.Lanes];
        for (var n = 0; n < _unkeyed.Count; n += QuickSha256.Lanes)
        {
            var few = Math.Min(QuickSha256.Lanes, _unkeyed.Count - n);
            QuickSha256.First128(_keyTexts.Written.Slice(n * QuickSha256.BlockSize, few * QuickSha256.BlockSize), hashes);
            for (var i = 0; i < few; i++)
            {
                SetKey(_unkeyed[n + i], hashes[i]);
            }
        }
        _unkeyed.Clear();
        _keyTexts.Clear();
    }

    internal EventKey KeyOf(int index) => _entries[index].Key;

    internal ReadOnlySpan<byte> RecordsOf(int first, int end)
        => _records.Written[(first == 0 ? 0 : _entries[first - 1].End)..(end == 0 ? 0 : _entries[end - 1].End)];

    /// <summary>Gives the memory back; only <see cref="Count"/> may be asked afterwards.</summary>
    internal void Release()
    {
        _records.Release();
        _keyTexts.Release();
    }

    private void Add(in EventRecord record)
    {
        var length = EventCodec.Encode(record, _records);
        _entries.Add(new(record.Key, _records.Length - length, _records.Length));
    }

    private void SetKey(int index, UInt128 key)
    {
        ref var entry = ref CollectionsMarshal.AsSpan(_entries)[index];
        entry = entry with { Key = new(key) };
        EventCodec.SetKey(_records.Change(entry.Start), key);
    }

    /// <param name="Start">Of the record, behind its length.</param>
    private readonly record struct Entry(EventKey Key, int Start, int End);
}
