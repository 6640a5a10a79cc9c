using System.Runtime.InteropServices;

namespace Segue.Numerics.Memory;

/// <summary>Zeroed memory outside the collected heap, aligned to 64 bytes; freed by <see cref="Dispose"/>, or when nobody holds it.</summary>
/// <remarks>Large blocks ask the system for large pages: rows gathered at random cost a miss of the address cache each otherwise.
/// Not checked for use after disposal.</remarks>
public sealed unsafe class NativeBuffer<T> : IDisposable
    where T : unmanaged
{
    private const long LargePage = 2 << 20;
    private void* _start;

    /// <exception cref="OutOfMemoryException">The system has not as much.</exception>
    public NativeBuffer(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        var bytes = checked(Math.Max(length, 1) * sizeof(T));
        var large = bytes >= 2 * LargePage;
        _start = NativeMemory.AlignedAlloc((nuint)bytes, large ? (nuint)LargePage : 64);
        if (large)
        {
            LargePages.Advise(_start, bytes);
        }
        NativeMemory.Clear(_start, (nuint)bytes);
    }

    ~NativeBuffer() => Free();

    public long Length { get; }

    /// <summary>The first element.</summary>
    internal T* Start => (T*)_start;

    /// <exception cref="ArgumentOutOfRangeException">The stretch lies outside.</exception>
    public Span<T> Span(long from, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from + length, Length);
        return new((T*)_start + from, length);
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_start);
        _start = null;
    }
}

internal static unsafe partial class LargePages
{
    private const int AdviseLargePages = 14;

    // Advice only: where the system does not know it, small pages serve.
    public static void Advise(void* start, long bytes)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = Advise(start, (nuint)bytes, AdviseLargePages);
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* start, nuint bytes, int advice);
}
