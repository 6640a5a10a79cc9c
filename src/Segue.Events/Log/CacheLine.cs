using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Segue.Events.Log;

/// <summary>A hint to the processor; does nothing where there is none to give.</summary>
internal static class CacheLine
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Prefetch<T>(ref T place)
        where T : unmanaged
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref place));   // the array may move meanwhile: a hint may be wrong
        }
    }
}
