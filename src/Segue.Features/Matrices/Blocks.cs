using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Segue.Features.Matrices;

/// <summary>Writes elements in order from a place of a file on, a block at a time. What is in the block is lost without <see cref="Flush"/>.</summary>
/// <param name="from">Bytes before the first element.</param>
internal sealed class BlockWriter<T>(SafeFileHandle file, long from, int blockBytes = BlockWriter.UsualBytes)
    where T : unmanaged
{
    private readonly T[] _block = new T[Math.Max(1, blockBytes / Unsafe.SizeOf<T>())];
    private long _at = from;
    private int _count;

    public void Add(T element)
    {
        if (_count == _block.Length)
        {
            Flush();
        }
        _block[_count++] = element;
    }

    public void Flush()
    {
        var bytes = MemoryMarshal.AsBytes(_block.AsSpan(0, _count));
        RandomAccess.Write(file, bytes, _at);
        _at += bytes.Length;
        _count = 0;
    }
}

internal static class BlockWriter
{
    // Small enough for the heap of short-lived objects: larger ones pile up until the next full collection.
    public const int UsualBytes = 64 << 10;
}

/// <summary>Reads elements in order from a place of a file on, a block at a time.</summary>
/// <param name="from">Bytes before the first element.</param>
/// <param name="count">Elements that there are.</param>
internal sealed class BlockReader<T>(SafeFileHandle file, long from, long count, int blockBytes = BlockWriter.UsualBytes)
    where T : unmanaged
{
    private readonly T[] _block = new T[(int)Math.Clamp(count, 1, Math.Max(1, blockBytes / Unsafe.SizeOf<T>()))];
    private long _at = from;
    private long _left = count;
    private int _next, _length;

    /// <summary>The next element.</summary>
    /// <exception cref="EndOfStreamException">There is none.</exception>
    public T Take()
    {
        if (_next == _length && TakeBlock().IsEmpty)
        {
            throw new EndOfStreamException("All elements were read.");
        }
        return _block[_next++];
    }

    /// <summary>The next elements, as many as a block holds; empty at the end. Valid until the next call. Not to be mixed with <see cref="Take"/>.</summary>
    public ReadOnlySpan<T> TakeBlock()
    {
        _length = (int)Math.Min(_left, _block.Length);
        _next = 0;
        var block = _block.AsSpan(0, _length);
        Blocks.Read(file, MemoryMarshal.AsBytes(block), _at);
        _at += (long)_length * Unsafe.SizeOf<T>();
        _left -= _length;
        return block;
    }
}

internal static class Blocks
{
    /// <exception cref="EndOfStreamException">The file ends earlier.</exception>
    public static void Read(SafeFileHandle file, Span<byte> bytes, long from)
    {
        while (!bytes.IsEmpty)
        {
            var read = RandomAccess.Read(file, bytes, from);
            if (read == 0)
            {
                throw new EndOfStreamException($"A file of {RandomAccess.GetLength(file)} bytes ends before byte {from + bytes.Length}.");
            }
            bytes = bytes[read..];
            from += read;
        }
    }
}
