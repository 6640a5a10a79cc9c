using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Segue.Events.Log;

/// <summary>Writes what a record becomes; false, and nothing written: it stays.</summary>
internal delegate bool RecordChange(ReadOnlySpan<byte> record, RecordBuffer into);

/// <summary>Events that were written together: a row of a segment.</summary>
/// <param name="First">Offset of the first event.</param>
/// <param name="Count">How many events, erased ones included; at least 1.</param>
/// <param name="WrittenAt">When the block was appended, to the millisecond.</param>
/// <param name="File">The segment's path, for messages.</param>
public sealed record LogBlock(long First, int Count, DateTimeOffset WrittenAt, string File)
{
    /// <summary>The records, one after the other.</summary>
    internal ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Offset behind the last event.</summary>
    public long End => First + Count;

    /// <summary>The events, decoded as they are taken (about 1 µs each); erased ones are left out. May run beside other blocks of the same reader.</summary>
    /// <exception cref="LogDamagedException">A record cannot be read; <see cref="LogDamagedException.Offset"/> tells which.</exception>
    public IEnumerable<LoggedEvent> Events()
    {
        var place = 0;
        for (var i = 0; i < Count; i++)
        {
            if (DecodeAt(First + i, ref place) is { } listened)
            {
                yield return new(First + i, listened);
            }
        }
    }

    /// <summary>The records without their lengths, as ranges of <see cref="Payload"/>: as many as <see cref="Count"/> says.</summary>
    /// <exception cref="LogDamagedException">The payload is not made of so many records.</exception>
    internal List<Range> Records()
    {
        var records = new List<Range>(Math.Min(Count, Payload.Length));
        var place = 0;
        for (var i = 0; i < Count; i++)
        {
            records.Add(Next(First + i, ref place));
        }
        return place == Payload.Length ? records : throw new LogDamagedException(File, First, "its block holds more than its events.");
    }

    /// <summary>The block with some records replaced.</summary>
    /// <param name="replace">Writes what a record becomes; false: it stays.</param>
    internal LogBlock Rewritten(RecordChange replace)
    {
        var into = new RecordBuffer(Payload.Length);
        var copied = 0;
        foreach (var record in Records())
        {
            var end = record.End.Value;
            if (!replace(Payload.Span[record], into))
            {
                into.Bytes(Payload.Span[copied..end]);   // its length, too
            }
            copied = end;
        }
        return this with { Payload = into.Written.ToArray() };
    }

    /// <summary>What a block's checksum covers: place, count, time and payload.</summary>
    internal static byte[] Checksum(long first, int count, long writtenAt, ReadOnlySpan<byte> payload)
    {
        Span<byte> head = stackalloc byte[20];
        BinaryPrimitives.WriteInt64LittleEndian(head, first);
        BinaryPrimitives.WriteInt32LittleEndian(head[8..], count);
        BinaryPrimitives.WriteInt64LittleEndian(head[12..], writtenAt);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(head);
        hash.AppendData(payload);
        return hash.GetHashAndReset();
    }

    private ListenerEvent? DecodeAt(long offset, ref int place)
    {
        var record = Next(offset, ref place);
        try
        {
            return EventCodec.Decode(Payload.Span[record]);
        }
        catch (InvalidDataException malformed)
        {
            throw new LogDamagedException(File, offset, malformed.Message, malformed);
        }
    }

    private Range Next(long offset, ref int place)
    {
        try
        {
            var reader = new RecordReader(Payload.Span[place..]);
            var length = reader.Block().Length;
            var end = Payload.Length - reader.Remaining;
            place = end;
            return (end - length)..end;
        }
        catch (InvalidDataException malformed)
        {
            throw new LogDamagedException(File, offset, malformed.Message, malformed);
        }
    }
}
