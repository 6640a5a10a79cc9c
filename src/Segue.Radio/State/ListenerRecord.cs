namespace Segue.Radio.State;

/// <summary>The 512 bytes of a listener: whose they are, and the newest events since the training.</summary>
/// <remarks>
/// 16 bytes of key, 1 of <see cref="RecordFlags"/>, 1 for where the oldest event lies, 1 for how many there are, 3 that are 0, then a ring of
/// <see cref="MaxEvents"/> events. An event more changes two lines of memory.
/// </remarks>
internal readonly ref struct ListenerRecord(Span<byte> bytes)
{
    public const int Bytes = 512;
    public const int MaxEvents = (Bytes - Head) / SinceEvent.Bytes;
    private const int Head = 22, FlagsAt = 16, StartAt = 17, CountAt = 18;
    private readonly Span<byte> _bytes = bytes;

    public ListenerKey Key => ListenerKey.Read(_bytes);

    public bool Is(ListenerKey key) => key.Is(_bytes);

    public RecordFlags Flags
    {
        get => (RecordFlags)_bytes[FlagsAt];
        set => _bytes[FlagsAt] = (byte)value;
    }

    public int Count => _bytes[CountAt];

    /// <summary>Where in the ring the next event will lie; where the ring is full, that is where the oldest lies.</summary>
    public int Next => _bytes[StartAt] + _bytes[CountAt] is var next && next < MaxEvents ? next : next - MaxEvents;

    /// <summary>The byte of a record at which a place of the ring begins.</summary>
    public static int At(int place) => Head + place * SinceEvent.Bytes;

    /// <summary>Makes the record a listener's of whom nothing is known.</summary>
    public void Begin(ListenerKey key, RecordFlags flags)
    {
        _bytes.Clear();
        key.Write(_bytes);
        Flags = flags;
    }

    /// <summary>Leaves nothing of the listener.</summary>
    public void Clear() => _bytes.Clear();

    /// <summary>Takes an event in; of too many the oldest that is no vote goes, for votes hold: the oldest vote where all are votes.</summary>
    public void Append(SinceEvent happened)
    {
        int start = _bytes[StartAt], count = _bytes[CountAt];
        if (count == MaxEvents)
        {
            var gone = 0;
            while (gone < count && SinceEvent.Read(Slot(start + gone)).IsVote)
            {
                gone++;
            }
            for (var n = gone == count ? 0 : gone; n > 0; n--)
            {
                Slot(start + n - 1).CopyTo(Slot(start + n));
            }
            _bytes[StartAt] = (byte)(start = (start + 1) % MaxEvents);
            count--;
        }
        happened.Write(Slot(start + count));
        _bytes[CountAt] = (byte)(count + 1);
    }

    /// <summary>Drops votes on a track.</summary>
    public void DropVotes(int track)
    {
        int start = _bytes[StartAt], count = _bytes[CountAt], kept = 0;
        for (var n = 0; n < count; n++)
        {
            var happened = SinceEvent.Read(Slot(start + n));
            if (!happened.IsVote || happened.Track != track)
            {
                if (kept < n)
                {
                    Slot(start + n).CopyTo(Slot(start + kept));
                }
                kept++;
            }
        }
        for (var n = kept; n < count; n++)
        {
            Slot(start + n).Clear();
        }
        _bytes[CountAt] = (byte)kept;
    }

    /// <summary>Copies the events, oldest first; there must be room for <see cref="Count"/>.</summary>
    public void CopyTo(Span<SinceEvent> target)
    {
        int start = _bytes[StartAt], count = _bytes[CountAt];
        var whole = Math.Min(count, MaxEvents - start);   // up to where the ring begins again
        SinceEvent.ReadAll(_bytes[At(start)..], target[..whole]);
        SinceEvent.ReadAll(_bytes[Head..], target[whole..count]);
    }

    private Span<byte> Slot(int n) => _bytes.Slice(At(n < MaxEvents ? n : n - MaxEvents), SinceEvent.Bytes);
}

[Flags]
internal enum RecordFlags : byte
{
    None = 0,

    /// <summary>The record is somebody's.</summary>
    Taken = 1,

    /// <summary>The listener was erased: the training data's part counts no more.</summary>
    Forgotten = 2,
}
