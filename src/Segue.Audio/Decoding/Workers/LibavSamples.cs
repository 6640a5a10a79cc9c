using System.Runtime.Intrinsics;

namespace Segue.Audio.Decoding.Workers;

/// <summary>The mean of the channels of a frame as libavcodec gives it.</summary>
internal static unsafe class LibavSamples
{
    private const int FirstPlanar = 5;   // AVSampleFormat: whole numbers of 8, 16, 32 bits, floats of 32, 64; the same in planes; 64 bits in both forms
    private const int Piece = 1_024;

    /// <summary>mean[n] ← (Σ_c channel c, sample at + n) / channels, summed in the order of the channels; full scale ±1. A format that is not known gives silence.</summary>
    /// <param name="format">AVSampleFormat.</param>
    /// <param name="planes">One pointer a channel, or one for all where samples are interleaved.</param>
    public static void Mean(int format, nint planes, int channels, int at, Span<float> mean)
    {
        var isPlanar = format is >= FirstPlanar and not 10;
        var (type, size) = format switch
        {
            0 or 5 => (SampleType.Byte, 1), 1 or 6 => (SampleType.Short, 2), 2 or 7 => (SampleType.Int, 4),
            3 or 8 => (SampleType.Float, 4), 4 or 9 => (SampleType.Double, 8), 10 or 11 => (SampleType.Long, 8), _ => (SampleType.None, 0),
        };
        if (type == SampleType.None)
        {
            mean.Clear();
            return;
        }
        var plane = (byte**)planes;
        if (isPlanar)
        {
            OfPlanes(type, size, plane, channels, at, mean);
            return;
        }
        Span<float> values = stackalloc float[Piece];
        var step = Piece / channels;
        for (var n = 0; n < mean.Length; n += step)
        {
            var few = mean[n..Math.Min(n + step, mean.Length)];
            var some = values[..(few.Length * channels)];
            Widen(type, plane[0] + (long)(at + n) * channels * size, some);
            ChannelMean.Of(some, channels, few);
        }
    }

    private static void OfPlanes(SampleType type, int size, byte** plane, int channels, int at, Span<float> mean)
    {
        Widen(type, plane[0] + (long)at * size, mean);
        if (channels == 1)
        {
            return;
        }
        Span<float> values = stackalloc float[Piece];
        for (var n = 0; n < mean.Length; n += Piece)
        {
            var few = mean[n..Math.Min(n + Piece, mean.Length)];
            for (var channel = 1; channel < channels; channel++)
            {
                var other = values[..few.Length];
                Widen(type, plane[channel] + (long)(at + n) * size, other);
                Add(few, other, channel == channels - 1 ? 1f / channels : 1);
            }
        }
    }

    // sum ← (sum + other) · share.
    private static void Add(Span<float> sum, ReadOnlySpan<float> other, float share)
    {
        var n = 0;
        for (; n <= sum.Length - Vector256<float>.Count; n += Vector256<float>.Count)
        {
            ((Vector256.Create(sum[n..]) + Vector256.Create(other[n..])) * share).CopyTo(sum[n..]);
        }
        for (; n < sum.Length; n++)
        {
            sum[n] = (sum[n] + other[n]) * share;
        }
    }

    private static void Widen(SampleType type, byte* samples, Span<float> values)
    {
        switch (type)
        {
            case SampleType.Float:
                new ReadOnlySpan<float>(samples, values.Length).CopyTo(values);
                return;
            case SampleType.Short:
                ChannelMean.Widen(new ReadOnlySpan<short>(samples, values.Length), values);
                return;
        }
        for (var n = 0; n < values.Length; n++)
        {
            values[n] = type switch
            {
                SampleType.Byte => (samples[n] - 128) / 128f,
                SampleType.Int => ((int*)samples)[n] / 2_147_483_648f,
                SampleType.Double => (float)((double*)samples)[n],
                _ => ((long*)samples)[n] / 9_223_372_036_854_775_808f,
            };
        }
    }

    private enum SampleType
    {
        None,
        Byte,
        Short,
        Int,
        Float,
        Double,
        Long,
    }
}
