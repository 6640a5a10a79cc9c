using System.IO.MemoryMappedFiles;
using Segue.Events.Files;
using Segue.Numerics;

namespace Segue.Retrieval.Lists;

/// <summary>Every listener's best items, made beforehand: a file that is mapped, so that it is ready at once and a look-up reads one list.</summary>
/// <remarks>Found by the user's row in the models that made it, by binary search: O(log lists). 12 + 6 × length bytes a listener; scores have the precision of
/// float16. Safe for any number of callers. Each list has a checksum of its own. Layout: docs/lists.md.</remarks>
public sealed class ListenerLists : IDisposable
{
    /// <summary>Longest list that a file may hold.</summary>
    public const int MaxLength = ListLayout.MaxLength;

    private readonly ListHeader _header;
    private readonly string _path;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    private ListenerLists(string path, ListHeader header, MemoryMappedFile file, MemoryMappedViewAccessor view)
        => (_path, _header, _file, _view) = (path, header, file, view);

    public string ModelVersion => _header.ModelVersion;
    public DateTimeOffset MadeAt => _header.MadeAt;

    /// <summary>Items of a list at most, 1 to <see cref="MaxLength"/>.</summary>
    public int Length => _header.Length;

    /// <summary>Listeners who have a list.</summary>
    public int Count => _header.Lists;

    public long Bytes => ListLayout.FileBytes(_header);

    /// <summary>Bytes of a file.</summary>
    public static long BytesOf(long lists, int length) => ListLayout.HeaderBytes + lists * (sizeof(int) + ListLayout.SlotBytes(length));

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is not such a file, of a format to come, cut off, or its head is damaged.</exception>
    public static ListenerLists Open(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[ListLayout.HeaderBytes];
        var header = ListLayout.ReadHeader(bytes.AsSpan(0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)), path);
        if (stream.Length != ListLayout.FileBytes(header))
        {
            throw new InvalidDataException($"{path} has {stream.Length} bytes and should have {ListLayout.FileBytes(header)}.");
        }
        var file = MemoryMappedFile.CreateFromFile(stream, mapName: null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        return new(path, header, file, file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read));
    }

    /// <summary>The list of a user, best first; null where the user has none.</summary>
    /// <exception cref="InvalidDataException">The list is damaged.</exception>
    public ScoredItem[]? Find(int row)
    {
        var n = PlaceOf(row);
        return n < 0 ? null
            : ListLayout.ReadSlot(Slot(n), row) ?? throw new InvalidDataException($"The list of row {row} in {_path} is damaged.");
    }

    /// <summary>Replaces a file by one of another model version, whose users' and items' rows are the same, without the list of one user.</summary>
    /// <param name="withoutRow">The user's row; may have no list.</param>
    public static void Rewrite(string path, string modelVersion, int withoutRow)
    {
        using var lists = Open(path);
        var left = lists.PlaceOf(withoutRow);
        var header = lists._header with { ModelVersion = modelVersion, Lists = lists.Count - (left < 0 ? 0 : 1) };
        DurableFile.Replace(path, target =>
        {
            target.Write(ListLayout.Write(header));
            for (var n = 0; n < lists.Count; n++)
            {
                target.Write(n == left ? [] : BitConverter.GetBytes(lists.RowAt(n)));
            }
            for (var n = 0; n < lists.Count; n++)
            {
                target.Write(n == left ? [] : lists.Slot(n));
            }
        });
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }

    private int RowAt(int n) => _view.ReadInt32(ListLayout.HeaderBytes + (long)n * sizeof(int));

    private int PlaceOf(int row)
    {
        var (from, to) = (0, Count - 1);
        while (from <= to)
        {
            var middle = from + (to - from) / 2;
            var found = RowAt(middle);
            if (found == row)
            {
                return middle;
            }
            (from, to) = found < row ? (middle + 1, to) : (from, middle - 1);
        }
        return -1;
    }

    private byte[] Slot(int n)
    {
        var slot = new byte[ListLayout.SlotBytes(Length)];
        _view.ReadArray(ListLayout.SlotAt(_header, n), slot, 0, slot.Length);
        return slot;
    }
}
