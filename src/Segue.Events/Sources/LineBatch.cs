using System.Buffers;

namespace Segue.Events.Sources;

/// <summary>Why a line has no usable text.</summary>
public enum LineDefect : byte
{
    None,

    /// <summary>Longer than <see cref="SourceReaderOptions.MaxLineBytes"/>; its first bytes are given.</summary>
    TooLong,
}

/// <summary>Reasons of rejections that a source gives.</summary>
public static class SourceReasons
{
    /// <summary>Of <see cref="LineDefect.TooLong"/>.</summary>
    public const string LineTooLong = "line-too-long";
}

/// <summary>A line of a batch.</summary>
/// <param name="Number">From 1, blank lines counted.</param>
/// <param name="Offset">Of its first byte in the object, unzipped.</param>
/// <param name="Start">Of its first byte in the batch's buffer.</param>
/// <param name="Length">Bytes, without the line's end.</param>
/// <param name="End">Of the line's end in the batch's buffer.</param>
internal readonly record struct LinePlace(long Number, long Offset, int Start, int Length, int End, LineDefect Defect);

/// <summary>Some lines that follow each other in one object. Dispose when they are no longer needed: their memory is used again.</summary>
/// <remarks>Reading is safe from several threads. Batches of an object come in order and may be parsed in any.</remarks>
public sealed class LineBatch : IDisposable
{
    private readonly SharedBuffer _buffer;
    private readonly int _first;
    private bool _disposed;

    internal LineBatch(SourceObject source, SharedBuffer buffer, int first, int count, SourceCheckpoint checkpoint)
    {
        (Source, _buffer, _first, Count, Checkpoint) = (source, buffer, first, count, checkpoint);
        buffer.Share();
    }

    public SourceObject Source { get; }

    /// <summary>Lines that are not blank; may be 0.</summary>
    public int Count { get; }

    /// <summary>Blank lines on the way, which count as nothing.</summary>
    public int BlankLines { get; internal init; }

    /// <summary>What to give to <see cref="SourceProgress.Save"/> once the fate of every line is on disk.</summary>
    public SourceCheckpoint Checkpoint { get; }

    /// <summary>The bytes of a line as they stand in the source, without its end.</summary>
    public ReadOnlySpan<byte> this[int line] => Place(line) is var place ? _buffer.Bytes.AsSpan(place.Start, place.Length) : default;

    public long Number(int line) => Place(line).Number;

    public long Offset(int line) => Place(line).Offset;

    public LineDefect Defect(int line) => Place(line).Defect;

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _buffer.Release();
        }
    }

    private LinePlace Place(int line)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)line, (uint)Count, nameof(line));
        return _buffer.Lines[_first + line];
    }
}

/// <summary>Pooled memory for some bytes and the lines found in them; it goes back when its last holder lets go.</summary>
internal sealed class SharedBuffer(int bytes)
{
    private int _holders = 1;

    internal byte[] Bytes { get; } = ArrayPool<byte>.Shared.Rent(bytes);

    internal LinePlace[] Lines { get; private set; } = ArrayPool<LinePlace>.Shared.Rent(4096);

    internal int LineCount { get; private set; }

    internal void Add(in LinePlace line)
    {
        if (LineCount == Lines.Length)
        {
            var larger = ArrayPool<LinePlace>.Shared.Rent(LineCount * 2);
            Lines.CopyTo(larger, 0);
            ArrayPool<LinePlace>.Shared.Return(Lines);
            Lines = larger;
        }
        Lines[LineCount++] = line;
    }

    internal void Share() => Interlocked.Increment(ref _holders);

    internal void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            ArrayPool<byte>.Shared.Return(Bytes);
            ArrayPool<LinePlace>.Shared.Return(Lines);
        }
    }
}
