using System.Buffers.Binary;
using Segue.Numerics;
using Segue.Numerics.Memory;

namespace Segue.Radio.State;

/// <summary>A state that was saved: the file is mapped (on Windows copied into memory), and every byte of it was proved.</summary>
public sealed class SavedState
{
    private readonly MemoryStretch _file;
    private readonly StatePart[] _parts;

    private SavedState(MemoryStretch file, StateHead head, DateTimeOffset asOf, UInt128 endKey, StatePart[] parts)
        => (_file, Head, AsOf, EndKey, _parts) = (file, head, asOf, endKey, parts);

    internal static ReadOnlySpan<byte> Magic => "SegueSt1"u8;

    public StateHead Head { get; }

    /// <summary>When it was saved.</summary>
    public DateTimeOffset AsOf { get; }

    /// <summary>The offset of the log from which on a start reads.</summary>
    public long Position => _parts.Min(part => part.Position);

    /// <summary>Events before this offset were known to one owner at least.</summary>
    public long End => _parts.Max(part => part.Position);

    /// <summary>Key of the event before <see cref="End"/>, by which another log is told from this one; 0 where there was none.</summary>
    public UInt128 EndKey { get; }

    /// <summary>By owner: events before this offset are known.</summary>
    internal long[] Positions => [.. _parts.Select(part => part.Position)];

    /// <summary>Maps a file and reads it whole, to prove it.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or of another format.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SavedState Open(string path, int threads)
    {
        InvalidDataException Damaged(string what) => new($"{path} is no whole state of listeners: {what}.");
        var file = OperatingSystem.IsWindows() ? Copy(path) : MemoryStretch.Map(path);
        if (file.Length < StateWriter.HeadRoom || !file.Span(0, Magic.Length).SequenceEqual(Magic))
        {
            throw Damaged($"it does not begin as one of format {(char)Magic[^1]} does");
        }
        var length = BinaryPrimitives.ReadInt32LittleEndian(file.Span(8, 4));
        if (length is < 0 or > StateWriter.HeadRoom - 16 || BlockChecksum.Crc32C(file.Span(16, length)) != BinaryPrimitives.ReadUInt32LittleEndian(file.Span(12, 4)))
        {
            throw Damaged("the checksum of its head does not agree");
        }
        using var from = new BinaryReader(new MemoryStream(file.Span(16, length).ToArray()));
        var head = new StateHead(from.ReadString(), from.ReadInt64(), from.ReadInt32(), from.ReadString());
        var (asOf, key) = (new DateTimeOffset(from.ReadInt64(), TimeSpan.Zero), new UInt128(from.ReadUInt64(), from.ReadUInt64()));
        var parts = new StatePart[ListenerKey.Owners];
        for (var owner = 0; owner < parts.Length; owner++)
        {
            parts[owner] = StatePart.Read(from);
        }
        Workers.For(parts.Length, threads, owner =>
        {
            var part = parts[owner];
            if (part.At + part.RecordBytes + part.Beside > file.Length
                || BlockChecksum.Crc32C(file.Span(part.At, (int)part.RecordBytes)) != part.RecordsSum
                || BlockChecksum.Crc32C(file.Span(part.At + part.RecordBytes, part.Beside)) != part.BesideSum)
            {
                throw Damaged($"part {owner} is cut short, or its checksum does not agree");
            }
        });
        return new(file, head, asOf, key, parts);
    }

    // A file that is mapped cannot be deleted there, and an erasure must.
    private static MemoryStretch Copy(string path)
    {
        using var file = File.OpenHandle(path);
        var copy = MemoryStretch.Allocate(RandomAccess.GetLength(file), zeroed: false);
        for (long from = 0; from < copy.Length;)
        {
            var read = RandomAccess.Read(file, copy.Span(from, (int)Math.Min(copy.Length - from, BlockChecksum.Block)), from);
            from += read > 0 ? read : throw new EndOfStreamException($"{path} was cut short while it was read.");
        }
        return copy;
    }

    /// <summary>Lets an owner that has nothing go on from here.</summary>
    /// <returns>What is behind the records and what was beside them.</returns>
    internal BinaryReader Give(int number, OwnedListeners owner)
    {
        var part = _parts[number];
        var from = new BinaryReader(new MemoryStream(_file.Span(part.At + part.RecordBytes, part.Beside).ToArray()));
        lock (owner.Gate)
        {
            owner.Adopt(_file.Slice(part.At, part.RecordBytes));
            for (var left = from.ReadInt32(); left > 0; left--)
            {
                owner.Put(from.ReadInt32(), ListenerSide.Read(from));
            }
        }
        return from;
    }
}
