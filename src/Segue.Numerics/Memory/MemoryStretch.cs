using System.IO.MemoryMappedFiles;
using System.Runtime.Intrinsics.X86;

namespace Segue.Numerics.Memory;

/// <summary>Bytes of any number outside the collected heap: a buffer's, a mapped file's, or a part of them, which keeps the whole alive.</summary>
/// <remarks>The memory is freed, and the file unmapped, when no stretch and no matrix looks at it any more. A span keeps nothing alive: hold
/// the stretch as long as it is looked at. A mapped file that is renamed or deleted stays readable; one that is cut short under the map
/// ends the process, as everywhere: files that are mapped must not be changed.</remarks>
public sealed unsafe class MemoryStretch
{
    private readonly byte* _start;
    private readonly object _keeper;

    private MemoryStretch(byte* start, long length, object keeper)
    {
        _start = start;
        _keeper = keeper;
        Length = length;
    }

    /// <summary>Bytes.</summary>
    public long Length { get; }

    /// <summary>The first byte; who works with it holds the stretch meanwhile.</summary>
    internal byte* Start => _start;

    /// <summary>Bytes aligned to 64.</summary>
    /// <param name="zeroed">False leaves whatever was there: what is never written then takes no memory on most systems.</param>
    /// <exception cref="OutOfMemoryException">The system has not as much.</exception>
    public static MemoryStretch Allocate(long length, bool zeroed = true)
    {
        var buffer = new NativeBuffer<byte>(length, zeroed);
        return new(buffer.Start, length, buffer);
    }

    /// <summary>A whole file. Nothing is read before it is looked at, and a write stays in this process' memory.</summary>
    /// <exception cref="IOException">The file cannot be read or mapped.</exception>
    public static MemoryStretch Map(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
        if (file.Length == 0)
        {
            return Allocate(0);   // an empty file has no map
        }
        using var map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        var length = file.Length;
        var view = map.CreateViewAccessor(0, length, MemoryMappedFileAccess.CopyOnWrite).SafeMemoryMappedViewHandle;
        return new((byte*)view.DangerousGetHandle(), length, view);
    }

    /// <exception cref="ArgumentOutOfRangeException">The part lies outside.</exception>
    public MemoryStretch Slice(long from, long length)
    {
        RequireInside(from, length);
        return new(_start + from, length, _keeper);
    }

    /// <exception cref="ArgumentOutOfRangeException">The part lies outside.</exception>
    public Span<byte> Span(long from, int length)
    {
        RequireInside(from, length);
        return new(_start + from, length);
    }

    /// <summary>Asks for the lines of memory of a part, so that they come together instead of one after the other. A hint: it changes nothing, and nothing waits for it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The part lies outside.</exception>
    public void Fetch(long from, int length)
    {
        const int Line = 64;
        RequireInside(from, length);
        if (Sse.IsSupported)
        {
            for (var at = (nint)(_start + from) & -Line; at < (nint)(_start + from + length); at += Line)
            {
                Sse.Prefetch0((void*)at);
            }
        }
    }

    /// <summary>The bytes as a row-major matrix of float32, in place.</summary>
    /// <exception cref="ArgumentException">There are more or fewer bytes than the matrix has, or they do not begin at a multiple of 4.</exception>
    public DenseMatrix AsMatrix(int rows, int columns)
        => Length == (long)rows * columns * sizeof(float) && (nint)_start % sizeof(float) == 0
            ? new(rows, columns, (float*)_start, _keeper)
            : throw new ArgumentException($"{Length} bytes at {(nint)_start % 64} past a line are no {rows} × {columns} matrix.");

    private void RequireInside(long from, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, Length - length);
    }
}
