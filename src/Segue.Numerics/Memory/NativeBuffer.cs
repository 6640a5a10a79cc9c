using System.Runtime.InteropServices;

namespace Segue.Numerics.Memory;

/// <summary>Memory outside the collected heap, aligned to 64 bytes; freed by <see cref="Dispose"/>, or when nobody holds it.</summary>
/// <remarks>Large blocks ask the system for large pages: rows gathered at random cost a miss of the address cache each otherwise.
/// Not checked for use after disposal.</remarks>
public sealed unsafe class NativeBuffer<T> : IDisposable
    where T : unmanaged
{
    private const long LargePage = 2 << 20;
    private readonly Block _block;

    /// <param name="zeroed">False leaves whatever was there: what is never written then takes no memory on most systems.</param>
    /// <exception cref="OutOfMemoryException">The system has not as much.</exception>
    public NativeBuffer(long length, bool zeroed = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        var bytes = checked(Math.Max(length, 1) * sizeof(T));
        var large = bytes >= 2 * LargePage;
        _block = new(bytes, large ? (nuint)LargePage : 64);
        Start = (T*)_block.DangerousGetHandle();
        if (large)
        {
            LargePages.Advise(Start, bytes);
        }
        if (zeroed)
        {
            NativeMemory.Clear(Start, (nuint)bytes);
        }
    }

    public long Length { get; }

    /// <summary>The first element.</summary>
    internal T* Start { get; }

    /// <exception cref="ArgumentOutOfRangeException">The stretch lies outside.</exception>
    public Span<T> Span(long from, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from + length, Length);
        return new(Start + from, length);
    }

    public void Dispose() => _block.Dispose();

    private sealed class Block : SafeHandle
    {
        public Block(long bytes, nuint alignment)
            : base(0, ownsHandle: true)
            => SetHandle((nint)NativeMemory.AlignedAlloc((nuint)bytes, alignment));

        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle()
        {
            NativeMemory.AlignedFree((void*)handle);
            return true;
        }
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
