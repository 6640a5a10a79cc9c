using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Segue.Events.Log;

/// <summary>Growing bytes in which records are written, from a pool: arrays of megabytes would each bring a full garbage collection nearer.</summary>
/// <remarks>Not thread-safe. Without <see cref="Release"/> the bytes are collected, not pooled.</remarks>
internal sealed class RecordBuffer(int capacity = 1024)
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(capacity);

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <inheritdoc cref="Written"/>
    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, Length);

    /// <summary>What was written from a place on, to be changed.</summary>
    public Span<byte> Change(int from) => _bytes.AsSpan(from, Length - from);

    public void Clear() => Length = 0;

    /// <summary>Empties it, and gives the bytes back; they must not be read any more.</summary>
    public void Release()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, Length) = ([], 0);
    }

    public void Byte(byte value)
    {
        Ensure(1);
        _bytes[Length++] = value;
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Ensure(value.Length);
        value.CopyTo(_bytes.AsSpan(Length));
        Length += value.Length;
    }

    public void UInt16(ushort value)
    {
        Ensure(2);
        BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(Length), value);
        Length += 2;
    }

    public void Double(double value)
    {
        Ensure(8);
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.AsSpan(Length), value);
        Length += 8;
    }

    public void UInt128(UInt128 value)
    {
        Ensure(16);
        BinaryPrimitives.WriteUInt128BigEndian(_bytes.AsSpan(Length), value);
        Length += 16;
    }

    /// <summary>Seven bits a byte, the lowest first.</summary>
    public void Varint(ulong value)
    {
        Ensure(10);
        while (value >= 0x80)
        {
            _bytes[Length++] = (byte)(value | 0x80);
            value >>= 7;
        }
        _bytes[Length++] = (byte)value;
    }

    /// <summary>Whole milliseconds in few bytes, anything finer in some more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than 7,000 years.</exception>
    public void Ticks(long ticks)
    {
        if (ticks is > 1L << 61 or < -(1L << 61))
        {
            throw new ArgumentOutOfRangeException(nameof(ticks), ticks, "A time span of an event is shorter than 7,000 years.");
        }
        var (whole, rest) = Math.DivRem(ticks, TimeSpan.TicksPerMillisecond);
        Varint(rest == 0 ? ZigZag(whole) << 1 : (ZigZag(ticks) << 1) | 1);
    }

    public void Int32(int value) => Varint(ZigZag(value));

    public void Text(string value)
    {
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        Ensure(most + 5);
        if (value.Length < 0x80 && Encoding.UTF8.TryGetBytes(value, _bytes.AsSpan(Length + 1, most), out var written) && written < 0x80)
        {
            _bytes[Length] = (byte)written;
            Length += written + 1;
            return;
        }
        Varint((ulong)Encoding.UTF8.GetByteCount(value));
        Length += Encoding.UTF8.GetBytes(value, _bytes.AsSpan(Length));
    }

    /// <summary>Bytes with their count before them.</summary>
    public void Block(ReadOnlySpan<byte> value)
    {
        Varint((ulong)value.Length);
        Bytes(value);
    }

    /// <summary>Leaves room for a length of at most 28 bits; <see cref="EndRecord"/> fills it in.</summary>
    public int BeginRecord()
    {
        Ensure(4);
        Length += 4;
        return Length;
    }

    /// <summary>Puts the length before the record that began at <paramref name="start"/>, and closes the gap that a short length leaves.</summary>
    /// <returns>The length.</returns>
    public int EndRecord(int start)
    {
        var length = Length - start;
        if (length < 1 << 14)
        {
            _bytes.AsSpan(start, length).CopyTo(_bytes.AsSpan(start - 2));
            _bytes[start - 4] = (byte)(length | 0x80);
            _bytes[start - 3] = (byte)(length >> 7);
            Length -= 2;
            return length;
        }
        if (length >= 1 << 28)
        {
            throw new ArgumentException("An event is larger than 256 MiB.");
        }
        for (var i = 0; i < 4; i++)
        {
            _bytes[start - 4 + i] = (byte)((length >> (7 * i)) & 0x7f | (i < 3 ? 0x80 : 0));
        }
        return length;
    }

    private static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    private void Ensure(int more)
    {
        if (_bytes.Length - Length < more)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, Length + more));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }
    }
}
