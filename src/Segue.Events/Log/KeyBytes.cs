using System.Buffers.Binary;

namespace Segue.Events.Log;

/// <summary>Keys of events as 16 bytes, the highest first: so their order as bytes is their order as numbers.</summary>
internal static class KeyBytes
{
    public const int Size = 16;

    public static byte[] Of(UInt128 key)
    {
        var bytes = new byte[Size];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, key);
        return bytes;
    }

    public static UInt128 ToKey(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt128BigEndian(bytes);

    /// <summary>Whether a sorted page of keys holds one.</summary>
    public static bool Contains(ReadOnlySpan<byte> page, UInt128 key)
    {
        int low = 0, high = page.Length / Size;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (ToKey(page[(middle * Size)..]) < key)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low < page.Length / Size && ToKey(page[(low * Size)..]) == key;
    }
}
