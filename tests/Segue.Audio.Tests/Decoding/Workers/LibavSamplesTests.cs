using System.Runtime.InteropServices;
using Segue.Audio.Decoding.Workers;

namespace Segue.Audio.Tests.Decoding.Workers;

public sealed class LibavSamplesTests
{
    private const int Frames = 2_500, At = 7;

    public static TheoryData<int, int> Formats { get; } = [.. from format in Enumerable.Range(0, 12) from channels in new[] { 1, 2, 6 } select (format, channels)];

    // Whole steps of 1/128, which every format can hold.
    private static float Value(int channel, int n) => ((n * 37 + channel * 11) % 255 - 127) / 128f;

    private static byte[] Bytes(int format, float value) => format switch
    {
        0 or 5 => [(byte)(value * 128 + 128)],
        1 or 6 => BitConverter.GetBytes((short)(value * 32_768)),
        2 or 7 => BitConverter.GetBytes((int)(value * 2_147_483_648.0)),
        3 or 8 => BitConverter.GetBytes(value),
        4 or 9 => BitConverter.GetBytes((double)value),
        _ => BitConverter.GetBytes((long)(value * 9_223_372_036_854_775_808.0)),
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public unsafe void Mean_of_the_channels_is_taken_from_every_format(int format, int channels)
    {
        var isPlanar = format is >= 5 and <= 9 or 11;
        byte[][] planes = isPlanar
            ? [.. Enumerable.Range(0, channels).Select(channel => Enumerable.Range(0, At + Frames).SelectMany(n => Bytes(format, Value(channel, n))).ToArray())]
            : [[.. Enumerable.Range(0, At + Frames).SelectMany(n => Enumerable.Range(0, channels).SelectMany(channel => Bytes(format, Value(channel, n))))]];
        var handles = planes.Select(plane => GCHandle.Alloc(plane, GCHandleType.Pinned)).ToArray();
        var mean = new float[Frames];
        try
        {
            fixed (nint* pointers = handles.Select(handle => handle.AddrOfPinnedObject()).ToArray())
            {
                LibavSamples.Mean(format, (nint)pointers, channels, At, mean);
            }
        }
        finally
        {
            Array.ForEach(handles, handle => handle.Free());
        }

        Assert.All(mean.Index(), frame => Assert.Equal(Enumerable.Range(0, channels).Average(channel => Value(channel, At + frame.Index)), frame.Item, 1e-6));
    }

    [Fact]
    public unsafe void Format_that_is_not_known_is_silence()
    {
        var mean = new[] { 1f, 2f };

        LibavSamples.Mean(99, 0, 2, 0, mean);

        Assert.Equal([0f, 0f], mean);
    }
}
