using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Segue.Events.Log;

/// <summary>Hints to the processor; they do nothing where there are none to give.</summary>
public static class CacheLine
{
    private const int Bytes = 64;

    /// <summary>Asks for the line of a place that is needed soon.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Prefetch<T>(ref T place)
        where T : unmanaged
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref place));   // the array may move meanwhile: a hint may be wrong
        }
    }

    /// <summary>How many elements after one in pinned memory the next line begins, or that one's own; the size of an element divides a line.</summary>
    public static unsafe int ElementsToNext<T>(ref T place)
        where T : unmanaged
        => (int)(-(nint)Unsafe.AsPointer(ref place) & (Bytes - 1)) / sizeof(T);
}
