using System.Buffers.Binary;
using System.Text.Json;
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
            throw Damaged($"it is shorter than {StateWriter.HeadRoom} bytes, or does not begin as one of format {(char)Magic[^1]} does");
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

    /// <summary>What lies beside the records of an owner, by record, and the sittings of its listeners.</summary>
    /// <param name="sitting">Reads one of them.</param>
    /// <exception cref="InvalidDataException">It cannot be read.</exception>
    internal (IReadOnlyList<(int Record, ListenerSide Side)> Sides, IReadOnlyList<T> Sittings) Read<T>(int number, Func<BinaryReader, T> sitting)
    {
        var part = _parts[number];
        using var from = new BinaryReader(new MemoryStream(_file.Span(part.At + part.RecordBytes, part.Beside).ToArray()));
        try
        {
            List<TOne> All<TOne>(Func<TOne> read) => [.. Enumerable.Range(0, from.ReadInt32()).Select(_ => read())];
            return (All(() => (from.ReadInt32(), ListenerSide.Read(from))), All(() => sitting(from)));
        }
        catch (Exception fault) when (fault is EndOfStreamException or JsonException or ArgumentException or FormatException)
        {
            throw new InvalidDataException($"Part {number} of the saved state of listeners cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>Lets an owner that has nothing go on from here.</summary>
    /// <param name="sides">Of <see cref="Read"/>.</param>
    internal void Give(int number, OwnedListeners owner, IReadOnlyList<(int Record, ListenerSide Side)> sides)
    {
        var part = _parts[number];
        lock (owner.Gate)
        {
            owner.Adopt(_file.Slice(part.At, part.RecordBytes));
            foreach (var (record, side) in sides)
            {
                owner.Put(record, side);
            }
        }
    }
}
