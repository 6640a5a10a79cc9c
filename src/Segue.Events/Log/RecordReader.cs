using System.Buffers.Binary;
using System.Text;

namespace Segue.Events.Log;

/// <summary>Reads what <see cref="RecordBuffer"/> wrote; every length is checked before it is believed.</summary>
/// <remarks>All methods throw <see cref="InvalidDataException"/> where the bytes end too early or make no sense.</remarks>
internal ref struct RecordReader(ReadOnlySpan<byte> bytes)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly int Remaining => _rest.Length;

    public byte Byte() => Bytes(1)[0];

    public ReadOnlySpan<byte> Bytes(long count)
    {
        if (count < 0 || count > _rest.Length)
        {
            throw new InvalidDataException($"a record ends {count - _rest.Length} bytes too early.");
        }
        var taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2));

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Bytes(8));

    public UInt128 UInt128() => BinaryPrimitives.ReadUInt128BigEndian(Bytes(16));

    public ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Byte();
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
        throw new InvalidDataException("a number is longer than 64 bits.");
    }

    public long Ticks()
    {
        var coded = Varint();
        var value = UnZigZag(coded >> 1);
        if ((coded & 1) != 0)
        {
            return value;
        }
        return value is < long.MaxValue / TimeSpan.TicksPerMillisecond and > long.MinValue / TimeSpan.TicksPerMillisecond
            ? value * TimeSpan.TicksPerMillisecond
            : throw new InvalidDataException("a time is out of range.");
    }

    public int Int32()
    {
        var value = UnZigZag(Varint());
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw new InvalidDataException("a number is out of range.");
    }

    public string Text()
    {
        try
        {
            return Strict.GetString(Block());
        }
        catch (DecoderFallbackException malformed)
        {
            throw new InvalidDataException("a text is not UTF-8.", malformed);
        }
    }

    /// <summary>Bytes with their count before them: a text, or a whole record.</summary>
    public ReadOnlySpan<byte> Block()
    {
        var length = Varint();
        return Bytes(length <= int.MaxValue ? (long)length : long.MaxValue);
    }

    private static long UnZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);
}
