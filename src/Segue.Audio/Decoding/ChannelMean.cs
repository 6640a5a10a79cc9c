using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Segue.Audio.Decoding;

/// <summary>One channel of several.</summary>
internal static class ChannelMean
{
    /// <summary>mean[n] ← (Σ_c interleaved[n · channels + c]) / channels, summed in the order of the channels. The memory may be the same, from the same place on.</summary>
    /// <param name="interleaved">Shape [frames × channels].</param>
    /// <param name="mean">Receives the frames.</param>
    public static void Of(ReadOnlySpan<float> interleaved, int channels, Span<float> mean)
    {
        Numerics.Shape.RequireSame(interleaved.Length, mean.Length * channels);
        if (channels == 1)
        {
            interleaved.CopyTo(mean);
            return;
        }
        var share = 1f / channels;
        for (var n = channels == 2 ? OfPairs(interleaved, mean) : 0; n < mean.Length; n++)
        {
            var sum = interleaved[n * channels];
            foreach (var value in interleaved.Slice(n * channels + 1, channels - 1))
            {
                sum += value;
            }
            mean[n] = sum * share;
        }
    }

    /// <summary>values ← samples / 32,768.</summary>
    public static void Widen(ReadOnlySpan<short> samples, Span<float> values)
    {
        const float Share = 1f / 32_768;
        Numerics.Shape.RequireSame(samples.Length, values.Length);
        var n = 0;
        for (; n <= samples.Length - Vector256<short>.Count; n += Vector256<short>.Count)
        {
            var (low, high) = Vector256.Widen(Vector256.Create(samples[n..]));
            (Vector256.ConvertToSingle(low) * Share).CopyTo(values[n..]);
            (Vector256.ConvertToSingle(high) * Share).CopyTo(values[(n + Vector256<float>.Count)..]);
        }
        for (; n < samples.Length; n++)
        {
            values[n] = samples[n] * Share;
        }
    }

    // A pair is 64 bits, its left half the lower 32. Returns how many frames were made.
    private static int OfPairs(ReadOnlySpan<float> interleaved, Span<float> mean)
    {
        var pairs = MemoryMarshal.Cast<float, ulong>(interleaved);
        var n = 0;
        for (; n <= mean.Length - Vector256<float>.Count; n += Vector256<float>.Count)
        {
            Vector256<ulong> first = Vector256.Create(pairs[n..]), last = Vector256.Create(pairs[(n + Vector256<ulong>.Count)..]);
            (Vector256.Narrow(Sum(first), Sum(last)).AsSingle() * 0.5f).CopyTo(mean[n..]);
        }
        return n;
    }

    private static Vector256<ulong> Sum(Vector256<ulong> pairs) => (pairs.AsSingle() + (pairs >>> 32).AsSingle()).AsUInt64();
}
