using Segue.Numerics;
using Segue.Numerics.Memory;

namespace Segue.Models.Files;

/// <summary>One array of a model file: added by a model that is written, or read.</summary>
/// <param name="read">Gives its bytes from any offset on.</param>
/// <param name="place">Where its bytes lie; null for one that was added.</param>
/// <param name="stored">The checksum that stands in the file; null where nothing is left to check.</param>
internal sealed class ModelSection(string name, long bytes, ReadBytes read, MemoryStretch? place = null, uint? stored = null)
{
    private uint? _unchecked = stored;

    public ModelSection(string name, MemoryStretch place, uint? stored)
        : this(name, place.Length, (from, target) => place.Span(from, target.Length).CopyTo(target), place, stored)
    {
    }

    public string Name => name;
    public long Bytes => bytes;

    public uint Checksum(CancellationToken cancellation = default) => BlockChecksum.Of(bytes, read, Workers.Default, cancellation);

    /// <summary>Reads the array once and compares; the next time nothing is read.</summary>
    /// <exception cref="InvalidDataException">It is not as it was written.</exception>
    public void RequireSound(CancellationToken cancellation = default)
    {
        if (_unchecked is { } expected && Checksum(cancellation) != expected)
        {
            throw new InvalidDataException($"The model file's section '{name}' is damaged: its checksum does not agree.");
        }
        _unchecked = null;
    }

    public void CopyTo(long from, Span<byte> target) => read(from, target);

    /// <summary>The bytes in place, or a copy of what was added.</summary>
    public MemoryStretch Place()
    {
        if (place is not null)
        {
            return place;
        }
        var copy = MemoryStretch.Allocate(bytes);
        for (long at = 0; at < bytes; at += BlockChecksum.Block)
        {
            read(at, copy.Span(at, (int)Math.Min(BlockChecksum.Block, bytes - at)));
        }
        return copy;
    }

    public void WriteTo(Stream stream)
    {
        var block = new byte[Math.Min(BlockChecksum.Block, bytes)];
        for (long at = 0; at < bytes; at += block.Length)
        {
            var piece = block.AsSpan(0, (int)Math.Min(block.Length, bytes - at));
            read(at, piece);
            stream.Write(piece);
        }
        stream.Write(stackalloc byte[(int)(ModelFileHead.ToLine(bytes) - bytes)]);
    }
}
