using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Segue.Numerics;

namespace Segue.Retrieval.Lists;

/// <summary>What the head of a file of lists tells.</summary>
/// <param name="ModelVersion">Version of the models that made the lists.</param>
/// <param name="Length">Items of a list at most.</param>
/// <param name="Lists">How many lists there are.</param>
/// <param name="Items">Items of the models: a list holds rows below.</param>
internal sealed record ListHeader(string ModelVersion, DateTimeOffset MadeAt, int Length, int Lists, int Items);

/// <summary>The bytes of a file of lists: docs/lists.md.</summary>
internal static class ListLayout
{
    public const int HeaderBytes = 128, MaxVersionBytes = 64, MaxLength = 1000;
    private const int Format = 1, VersionAt = 36, CheckAt = HeaderBytes - sizeof(uint), ItemsAt = 8, NoItem = -1;
    private static ReadOnlySpan<byte> Magic => "SegueLst"u8;

    /// <summary>Bytes of one list: 8 + 6 × length.</summary>
    public static int SlotBytes(int length) => ItemsAt + length * (sizeof(int) + sizeof(ushort));

    /// <summary>Where list n begins.</summary>
    public static long SlotAt(ListHeader header, long n) => HeaderBytes + (long)sizeof(int) * header.Lists + n * SlotBytes(header.Length);

    public static long FileBytes(ListHeader header) => SlotAt(header, header.Lists);

    public static byte[] Write(ListHeader header)
    {
        var bytes = new byte[HeaderBytes];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Format);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), header.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), header.Lists);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(20), header.Items);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), header.MadeAt.ToUnixTimeMilliseconds());
        var version = Encoding.UTF8.GetBytes(header.ModelVersion);
        if (version.Length > MaxVersionBytes)
        {
            throw new ArgumentException($"The model version '{header.ModelVersion}' has {version.Length} bytes; allowed are up to {MaxVersionBytes}.", nameof(header));
        }
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(32), version.Length);
        version.CopyTo(bytes, VersionAt);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(CheckAt), Check(bytes.AsSpan(0, CheckAt)));
        return bytes;
    }

    /// <exception cref="InvalidDataException">These are no such bytes, of a format to come, or damaged.</exception>
    public static ListHeader ReadHeader(ReadOnlySpan<byte> bytes, string path)
    {
        if (bytes.Length < HeaderBytes || !bytes.StartsWith(Magic))
        {
            throw new InvalidDataException($"{path} is not a file of lists.");
        }
        if (BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]) is not Format and var format)
        {
            throw new InvalidDataException($"{path} has format {format}; this program reads format {Format}.");
        }
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[CheckAt..]) != Check(bytes[..CheckAt]))
        {
            throw new InvalidDataException($"The head of {path} is damaged.");
        }
        return new(
            Encoding.UTF8.GetString(bytes.Slice(VersionAt, BinaryPrimitives.ReadInt32LittleEndian(bytes[32..]))),
            DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(bytes[24..])),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[20..]));
    }

    /// <summary>Writes the list of a user's row; what it does not fill says so.</summary>
    public static void WriteSlot(Span<byte> slot, int row, ReadOnlySpan<ScoredItem> list)
    {
        var length = (slot.Length - ItemsAt) / (sizeof(int) + sizeof(ushort));
        var scores = slot[(ItemsAt + length * sizeof(int))..];
        BinaryPrimitives.WriteInt32LittleEndian(slot[sizeof(uint)..], row);
        for (var n = 0; n < length; n++)
        {
            var (item, score) = n < list.Length ? (list[n].Item, Math.Clamp(list[n].Score, (float)Half.MinValue, (float)Half.MaxValue)) : (NoItem, 0f);
            BinaryPrimitives.WriteInt32LittleEndian(slot[(ItemsAt + n * sizeof(int))..], item);
            BinaryPrimitives.WriteHalfLittleEndian(scores[(n * sizeof(ushort))..], (Half)score);
        }
        BinaryPrimitives.WriteUInt32LittleEndian(slot, Check(slot[sizeof(uint)..]));
    }

    /// <returns>Null when the bytes are not the row's list as it was written.</returns>
    public static ScoredItem[]? ReadSlot(ReadOnlySpan<byte> slot, int row)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(slot) != Check(slot[sizeof(uint)..]) || BinaryPrimitives.ReadInt32LittleEndian(slot[sizeof(uint)..]) != row)
        {
            return null;
        }
        var length = (slot.Length - ItemsAt) / (sizeof(int) + sizeof(ushort));
        var scores = slot[(ItemsAt + length * sizeof(int))..];
        var list = new List<ScoredItem>(length);
        for (var n = 0; n < length && BinaryPrimitives.ReadInt32LittleEndian(slot[(ItemsAt + n * sizeof(int))..]) is not NoItem and var item; n++)
        {
            list.Add(new(item, (float)BinaryPrimitives.ReadHalfLittleEndian(scores[(n * sizeof(ushort))..])));
        }
        return [.. list];
    }

    private static uint Check(ReadOnlySpan<byte> bytes)
    {
        var check = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            check = BitOperations.Crc32C(check, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }
        foreach (var value in bytes)
        {
            check = BitOperations.Crc32C(check, value);
        }
        return ~check;
    }
}
