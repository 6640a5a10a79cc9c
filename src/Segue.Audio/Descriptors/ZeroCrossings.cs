using System.Numerics;
using System.Runtime.InteropServices;

namespace Segue.Audio.Descriptors;

internal static class ZeroCrossings
{
    /// <summary>How many neighbors are of unlike sign; 0 counts as positive.</summary>
    public static long Count(ReadOnlySpan<float> samples)
    {
        var bits = MemoryMarshal.Cast<float, int>(samples);
        var sums = Vector<int>.Zero;   // minus one for each crossing
        var i = 0;
        for (; i < bits.Length - Vector<int>.Count; i += Vector<int>.Count)
        {
            sums += (new Vector<int>(bits[i..]) ^ new Vector<int>(bits[(i + 1)..])) >> 31;
        }
        long count = -Vector.Sum(sums);
        for (; i + 1 < bits.Length; i++)
        {
            count += (bits[i] ^ bits[i + 1]) >>> 31;
        }
        return count;
    }
}
