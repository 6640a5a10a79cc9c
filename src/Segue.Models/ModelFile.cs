using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace Segue.Models;

/// <summary>The container of every trained model; layout in <c>docs/model-file.md</c>.</summary>
/// <remarks>Magic, format version, a JSON header, the arrays' raw little-endian bytes, SHA-256 of all before. It holds no time and
/// no machine's name: equal models are equal bytes.</remarks>
public sealed class ModelFile
{
    private const int FormatVersion = 1;
    private const int MaxHeader = 1 << 20;
    private static readonly byte[] Magic = "SEGUEMDL"u8.ToArray();
    private readonly Dictionary<string, byte[]> _arrays = new(StringComparer.Ordinal);

    public ModelFile(string kind, int users, int items, IReadOnlyDictionary<string, double> settings)
        => (Kind, Users, Items, Settings) = (kind, users, items, settings);

    public string Kind { get; }
    public int Users { get; }
    public int Items { get; }
    public IReadOnlyDictionary<string, double> Settings { get; }

    public void Add<T>(string name, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("Model files are little-endian; this processor is not.");
        }
        _arrays.Add(name, MemoryMarshal.AsBytes(values).ToArray());
    }

    /// <exception cref="InvalidDataException">The array is absent or not of <paramref name="length"/> elements.</exception>
    public T[] Get<T>(string name, long? length = null)
        where T : unmanaged
    {
        var bytes = _arrays.TryGetValue(name, out var found) ? found : throw new InvalidDataException($"The model lacks its '{name}'.");
        var values = MemoryMarshal.Cast<byte, T>(bytes).ToArray();
        return length is null || values.Length == length
            ? values
            : throw new InvalidDataException($"The model's '{name}' has {values.Length} elements; {length} were expected.");
    }

    public void WriteTo(Stream stream)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Write(ReadOnlySpan<byte> bytes)
        {
            stream.Write(bytes);
            hash.AppendData(bytes);
        }

        var header = JsonSerializer.SerializeToUtf8Bytes(new Header(
            Kind, Users, Items, new(Settings.ToDictionary(), StringComparer.Ordinal), [.. _arrays.Select(a => new Section(a.Key, a.Value.LongLength))]));
        Span<byte> lengths = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(lengths, FormatVersion);
        BinaryPrimitives.WriteInt32LittleEndian(lengths[4..], header.Length);
        Write(Magic);
        Write(lengths);
        Write(header);
        foreach (var array in _arrays.Values)
        {
            Write(array);
        }
        stream.Write(hash.GetHashAndReset());
    }

    /// <exception cref="InvalidDataException">Not a model file, of a newer format, cut short, or with a bit changed.</exception>
    public static ModelFile ReadFrom(Stream stream)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] Read(long length)
        {
            var bytes = ReadExactly(stream, length) ?? throw new InvalidDataException("The model file is cut short.");
            hash.AppendData(bytes);
            return bytes;
        }

        if (!Read(Magic.Length).AsSpan().SequenceEqual(Magic))
        {
            throw new InvalidDataException("This is not a Segue model file.");
        }
        var lengths = Read(8);
        var (version, headerLength) = (BinaryPrimitives.ReadInt32LittleEndian(lengths), BinaryPrimitives.ReadInt32LittleEndian(lengths.AsSpan(4)));
        if (version != FormatVersion || headerLength is <= 0 or > MaxHeader)
        {
            throw new InvalidDataException($"The model file has format {version} and a header of {headerLength} bytes; this program reads format {FormatVersion}.");
        }
        Header header;
        try
        {
            header = JsonSerializer.Deserialize<Header>(Read(headerLength)) ?? throw new JsonException("empty");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"The model file's header is damaged: {fault.Message}", fault);
        }
        if (header is not { Kind: not null, Settings: not null, Sections: not null } || Array.Exists(header.Sections, section => section?.Name is null))
        {
            throw new InvalidDataException("The model file's header is damaged: a part of it is missing.");
        }
        var file = new ModelFile(header.Kind, header.Users, header.Items, header.Settings);
        var remaining = stream.CanSeek ? stream.Length - stream.Position : Array.MaxLength;
        foreach (var section in header.Sections)
        {
            // A damaged length must not become a huge allocation before the checksum can find it.
            if (section.Bytes < 0 || section.Bytes > Math.Min(remaining, Array.MaxLength) || !file._arrays.TryAdd(section.Name, Read(section.Bytes)))
            {
                throw new InvalidDataException($"The model file's section '{section.Name}' is damaged.");
            }
        }
        var computed = hash.GetHashAndReset();
        var stored = new byte[computed.Length];
        var length = stream.ReadAtLeast(stored, stored.Length, throwOnEndOfStream: false);
        return length == stored.Length && computed.AsSpan().SequenceEqual(stored) && stream.ReadByte() < 0
            ? file
            : throw new InvalidDataException("The model file's checksum does not agree: it was changed or cut after it was written.");
    }

    // A stream that does not tell its length is read piece by piece: memory grows with what is there, not with what a damaged
    // header claims. Null when the stream ends too early.
    private static byte[]? ReadExactly(Stream stream, long length)
    {
        const int Piece = 1 << 20;
        var bytes = new byte[stream.CanSeek ? length : Math.Min(length, Piece)];
        var read = 0;
        while (true)
        {
            read += stream.ReadAtLeast(bytes.AsSpan(read), bytes.Length - read, throwOnEndOfStream: false);
            if (read < bytes.Length || read == length)
            {
                return read == length ? bytes : null;
            }
            Array.Resize(ref bytes, (int)Math.Min(length, 2L * bytes.Length));
        }
    }

    private sealed record Header(string Kind, int Users, int Items, SortedDictionary<string, double> Settings, Section[] Sections);

    private sealed record Section(string Name, long Bytes);
}
