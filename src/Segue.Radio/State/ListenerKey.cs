using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Segue.Core;

namespace Segue.Radio.State;

/// <summary>A listener as the records of state have them: 128 bits.</summary>
/// <remarks>Of a pseudonym they are its 32 hexadecimal digits, so that a search for a pseudonym's bytes finds the record; of another id, as an imported
/// data set may have, the first half of its SHA-256. Two listeners of one key are as unlikely as two pseudonyms that are the same.</remarks>
public readonly record struct ListenerKey(ulong High, ulong Low)
{
    /// <summary>Bytes of a key.</summary>
    public const int Bytes = 16;

    /// <summary>All state of a listener belongs to one of so many owners, told by the key: nothing of one listener is anywhere else.</summary>
    public const int Owners = 256;

    private readonly ulong _mixed = Mix(High ^ (Low * 0x9E3779B97F4A7C15));

    /// <summary>Which one, from 0.</summary>
    public int Owner => (int)(_mixed >> 56);

    /// <summary>32 bits that are equally likely, independent of <see cref="Owner"/>.</summary>
    internal uint Place => (uint)_mixed;

    public static ListenerKey Of(ListenerId listener)
    {
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        var isPseudonym = listener.Value.Length == 2 * Bytes && !listener.Value.AsSpan().ContainsAnyInRange('A', 'F')
            && Convert.FromHexString(listener.Value, bytes, out _, out _) == OperationStatus.Done;
        if (!isPseudonym)
        {
            SHA256.HashData(Encoding.UTF8.GetBytes(listener.Value), bytes);
        }
        return Read(bytes);
    }

    // Keys of pseudonyms are even already; ids of a data set may be digits that somebody counted up.
    private static ulong Mix(ulong mixed)
    {
        mixed = (mixed ^ (mixed >> 33)) * 0xFF51AFD7ED558CCD;
        mixed = (mixed ^ (mixed >> 33)) * 0xC4CEB9FE1A85EC53;
        return mixed ^ (mixed >> 33);
    }

    /// <summary>Whether these are the key's bytes.</summary>
    internal bool Is(ReadOnlySpan<byte> bytes)
        => BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]) == Low && BinaryPrimitives.ReadUInt64BigEndian(bytes) == High;

    internal static ListenerKey Read(ReadOnlySpan<byte> bytes)
        => new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    internal void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
    }
}
