using System.Security.Cryptography;
using Segue.Numerics.Memory;

namespace Segue.Models.Files;

/// <summary>Reads model files of formats 1 and 2 from streams, and format 2 in place.</summary>
internal static class ModelFileReader
{
    private const int Piece = 1 << 20;

    /// <summary>Maps a file of format 2: the header is proved now, arrays when they are asked for. A file of format 1 is read and proved whole.</summary>
    /// <exception cref="InvalidDataException">Not a whole model file of a known format.</exception>
    public static ModelFile Open(string path)
    {
        var whole = MemoryStretch.Map(path);
        var (format, headerBytes) = ModelFileHead.ReadPreamble(Part(whole, 0, ModelFileHead.PreambleBytes).Span(0, ModelFileHead.PreambleBytes));
        if (format == 1)
        {
            using var file = File.OpenRead(path);
            return Read(file);
        }
        var start = ModelFileHead.StartOf(headerBytes);
        var head = ModelFileHead.FromBytes(Part(whole, 0, start).Span(0, start), headerBytes);
        var sections = new List<ModelSection>();
        long at = start;
        foreach (var section in head.Sections)
        {
            sections.Add(new(section.Name, Part(whole, at, section.Bytes), section.Crc));
            var (end, line) = (at + section.Bytes, ModelFileHead.ToLine(at + section.Bytes));
            RequireZeros(Part(whole, end, line - end).Span(0, (int)(line - end)));
            at = line;
        }
        GC.KeepAlive(whole);
        return at == whole.Length
            ? new(head, sections)
            : throw new InvalidDataException($"The model file has {whole.Length} bytes; its header tells of {at}.");
    }

    /// <summary>Reads a file of any format and proves every byte of it.</summary>
    /// <exception cref="InvalidDataException">Not a model file, of a newer format, cut short, or with a bit changed.</exception>
    public static ModelFile Read(Stream stream)
    {
        var preamble = ReadExactly(stream, ModelFileHead.PreambleBytes);
        var (format, headerBytes) = ModelFileHead.ReadPreamble(preamble);
        var file = format == 1 ? ReadFormat1(stream, preamble, headerBytes) : ReadFormat2(stream, preamble, headerBytes);
        if (stream.ReadByte() >= 0)
        {
            throw new InvalidDataException("The model file has bytes after its end.");
        }
        file.Verify();
        return file;
    }

    private static ModelFile ReadFormat2(Stream stream, byte[] preamble, int headerBytes)
    {
        var rest = ReadExactly(stream, ModelFileHead.StartOf(headerBytes) - preamble.Length);
        var head = ModelFileHead.FromBytes([.. preamble, .. rest], headerBytes);
        return new(head, head.Sections.Select(section =>
        {
            var place = ReadArray(stream, section);
            RequireZeros(ReadExactly(stream, (int)(ModelFileHead.ToLine(section.Bytes) - section.Bytes)));
            return new ModelSection(section.Name, place, section.Crc);
        }));
    }

    // Magic, version, header, arrays without padding, SHA-256 of all before.
    private static ModelFile ReadFormat1(Stream stream, byte[] preamble, int headerBytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(preamble);
        var header = ReadExactly(stream, headerBytes);
        hash.AppendData(header);
        var head = ModelFileHead.Parse(header);
        var sections = head.Sections.Select(section => new ModelSection(section.Name, ReadArray(stream, section, hash), stored: null)).ToList();
        return ReadExactly(stream, SHA256.HashSizeInBytes).AsSpan().SequenceEqual(hash.GetHashAndReset())
            ? new(head, sections)
            : throw new InvalidDataException("The model file's checksum does not agree: it was changed or cut after it was written.");
    }

    private static MemoryStretch ReadArray(Stream stream, ModelFileHead.Section section, IncrementalHash? hash = null)
    {
        // A wrong length must not become a huge allocation. Where the stream does not tell its length, memory is taken as bytes come.
        if (stream.CanSeek && section.Bytes > stream.Length - stream.Position)
        {
            throw CutShort();
        }
        var place = MemoryStretch.Allocate(stream.CanSeek ? section.Bytes : Math.Min(section.Bytes, Piece));
        for (long at = 0; at < section.Bytes;)
        {
            if (at == place.Length)
            {
                var larger = MemoryStretch.Allocate(Math.Min(section.Bytes, 2 * place.Length));
                for (long from = 0; from < at; from += Piece)
                {
                    var length = (int)Math.Min(Piece, at - from);
                    place.Span(from, length).CopyTo(larger.Span(from, length));
                }
                place = larger;
            }
            var piece = place.Span(at, (int)Math.Min(Piece, place.Length - at));
            Fill(stream, piece);
            hash?.AppendData(piece);
            at += piece.Length;
        }
        return place;
    }

    private static byte[] ReadExactly(Stream stream, int length)
    {
        var bytes = new byte[length];
        Fill(stream, bytes);
        return bytes;
    }

    private static void Fill(Stream stream, Span<byte> target)
    {
        if (stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false) < target.Length)
        {
            throw CutShort();
        }
    }

    private static MemoryStretch Part(MemoryStretch whole, long from, long length)
        => from + length <= whole.Length ? whole.Slice(from, length) : throw CutShort();

    private static void RequireZeros(ReadOnlySpan<byte> padding)
    {
        if (padding.ContainsAnyExcept((byte)0))
        {
            throw new InvalidDataException("The model file is damaged between two sections.");
        }
    }

    private static InvalidDataException CutShort() => new("The model file is cut short.");
}
