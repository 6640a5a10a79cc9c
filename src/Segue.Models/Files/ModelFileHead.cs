using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace Segue.Models.Files;

/// <summary>What stands before a model file's arrays; layout in <c>docs/model-file.md</c>.</summary>
/// <param name="Settings">By name, so that equal settings are equal bytes.</param>
internal sealed record ModelFileHead(string Kind, int Users, int Items, SortedDictionary<string, double> Settings, ModelFileHead.Section[] Sections)
{
    /// <summary>Bytes of magic, format version and length of the header.</summary>
    public const int PreambleBytes = 16;

    /// <summary>The format that is written; format 1 is read too.</summary>
    public const int NewestFormat = 2;

    private const int MaxHeader = 1 << 20, HashBytes = SHA256.HashSizeInBytes, Line = 64;
    private const long MaxSection = 1L << 50;   // sums of such lengths do not overflow

    public static ReadOnlySpan<byte> Magic => "SEGUEMDL"u8;

    /// <param name="Crc"><see cref="Numerics.Memory.BlockChecksum"/> of the array; 0 in format 1.</param>
    internal sealed record Section(string Name, long Bytes, uint Crc);

    /// <summary>Format version and bytes of the header.</summary>
    /// <exception cref="InvalidDataException">Not a model file, of a newer format, or damaged.</exception>
    public static (int Format, int HeaderBytes) ReadPreamble(ReadOnlySpan<byte> preamble)
    {
        if (!preamble.StartsWith(Magic))
        {
            throw new InvalidDataException("This is not a Segue model file.");
        }
        var (format, length) = (BinaryPrimitives.ReadInt32LittleEndian(preamble[8..]), BinaryPrimitives.ReadInt32LittleEndian(preamble[12..]));
        if (format is < 1 or > NewestFormat)
        {
            throw new InvalidDataException($"The model file has format {format}; this program reads formats 1 to {NewestFormat}. Read it with the program that wrote it, or a newer one.");
        }
        return length is > 0 and <= MaxHeader
            ? (format, length)
            : throw new InvalidDataException($"The model file's header is damaged: its length is {length}; allowed are 1 to {MaxHeader} bytes.");
    }

    /// <exception cref="InvalidDataException">No header, or a part of it is missing.</exception>
    public static ModelFileHead Parse(ReadOnlySpan<byte> json)
    {
        ModelFileHead? head;
        try
        {
            head = JsonSerializer.Deserialize<ModelFileHead>(json);
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"The model file's header is damaged: {fault.Message}", fault);
        }
        return head is { Kind: not null, Settings: not null, Sections: not null, Users: >= 0, Items: >= 0 }
            && Array.TrueForAll(head.Sections, section => section is { Name: not null, Bytes: >= 0 and <= MaxSection })
            && head.Sections.DistinctBy(section => section.Name, StringComparer.Ordinal).Count() == head.Sections.Length
            ? head
            : throw new InvalidDataException("The model file's header is damaged: a part of it is missing or out of range.");
    }

    /// <summary>Preamble, header, their SHA-256, and zeros to the first array.</summary>
    public byte[] ToBytes()
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(this);
        var bytes = new byte[StartOf(header.Length)];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), NewestFormat);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), header.Length);
        header.CopyTo(bytes, PreambleBytes);
        var hashed = PreambleBytes + header.Length;
        SHA256.HashData(bytes.AsSpan(0, hashed), bytes.AsSpan(hashed));
        return bytes;
    }

    /// <param name="bytes">What <see cref="ToBytes"/> made, <see cref="StartOf"/> bytes.</param>
    /// <exception cref="InvalidDataException">A bit was changed.</exception>
    public static ModelFileHead FromBytes(ReadOnlySpan<byte> bytes, int headerBytes)
    {
        var hashed = PreambleBytes + headerBytes;
        return SHA256.HashData(bytes[..hashed]).AsSpan().SequenceEqual(bytes.Slice(hashed, HashBytes)) && !bytes[(hashed + HashBytes)..].ContainsAnyExcept((byte)0)
            ? Parse(bytes.Slice(PreambleBytes, headerBytes))
            : throw new InvalidDataException("The model file's header is damaged: its checksum does not agree.");
    }

    /// <summary>Where the first array begins.</summary>
    public static int StartOf(int headerBytes) => (int)ToLine(PreambleBytes + headerBytes + HashBytes);

    /// <summary>The next multiple of 64.</summary>
    public static long ToLine(long offset) => (offset + Line - 1) / Line * Line;
}
