using System.Runtime.InteropServices;
using System.Text;

namespace Segue.Audio.Decoding;

/// <summary>The side of <see cref="SndfileDecoder"/> that touches files: a process of its own, since a hostile file may crash a C library.</summary>
/// <remarks>
/// Little-endian. At its start the worker writes one byte, 1 where it has the library. Then it answers requests until its input ends: <c>O</c>, length (int32), path (UTF-8) is answered by
/// 1, rate (int32), samples of a channel (int64), or by 0, length (int32), fault (UTF-8); <c>R</c>, from (int64), count (int64) by blocks of a length (int32) and as many floats, the mean of the
/// channels, and a length of 0.
/// </remarks>
public static class SndfileWorker
{
    /// <summary>What the command line calls it.</summary>
    public const string Command = "decode-worker";

    /// <summary>Samples of a block at most.</summary>
    internal const int BlockSamples = 8_192;

    private const int MaxChannels = 64, MaxPath = 32 << 10;

    /// <summary>Answers requests until the input ends.</summary>
    public static void Run(Stream input, Stream output)
    {
        using var reader = new BinaryReader(input);
        using var writer = new BinaryWriter(new BufferedStream(output, 64 << 10));
        var library = SndfileLibrary.Load();
        writer.Write((byte)(library is null ? 0 : 1));
        writer.Flush();
        if (library is null)
        {
            return;
        }
        nint file = 0;
        var channels = 0;
        for (int request; (request = input.ReadByte()) >= 0; writer.Flush())
        {
            if (request == 'O')
            {
                if (file != 0)
                {
                    library.Close(file);
                }
                var path = Encoding.UTF8.GetString(reader.ReadBytes(Math.Min(reader.ReadInt32(), MaxPath)));
                (file, channels) = Open(library, path, writer);
            }
            else
            {
                Send(library, file, channels, reader.ReadInt64(), reader.ReadInt64(), writer);
            }
        }
    }

    private static (nint File, int Channels) Open(SndfileLibrary library, string path, BinaryWriter writer)
    {
        var file = library.Open(path, out var info);
        var fault = file == 0 ? library.Error(0)
            : info.Rate is < Resampler.MinRate or > Resampler.MaxRate ? $"It has {info.Rate} samples a second; allowed are {Resampler.MinRate} to {Resampler.MaxRate}."
            : info.Channels is < 1 or > MaxChannels ? $"It has {info.Channels} channels; allowed are 1 to {MaxChannels}."
            : info.Frames is < 0 or > long.MaxValue / 1_000_000 || info.Seekable == 0 ? "Its length is not known."
            : null;
        if (fault is null)
        {
            writer.Write((byte)1);
            writer.Write(info.Rate);
            writer.Write(info.Frames);
            return (file, info.Channels);
        }
        if (file != 0)
        {
            library.Close(file);
        }
        var text = Encoding.UTF8.GetBytes(fault);
        writer.Write((byte)0);
        writer.Write(text.Length);
        writer.Write(text);
        return (0, 0);
    }

    private static void Send(SndfileLibrary library, nint file, int channels, long from, long count, BinaryWriter writer)
    {
        var at = file == 0 ? -1 : library.Seek(file, from);
        if (at >= 0 && at <= from)
        {
            var block = new float[BlockSamples * channels];
            // In Opus version 1.2 may stop a few samples early, and says so.
            for (long got; at < from && (got = library.Read(file, block, Math.Min(from - at, BlockSamples))) > 0; at += got)
            {
            }
            for (long got; count > 0 && (got = library.Read(file, block, Math.Min(count, BlockSamples))) > 0; count -= got)
            {
                var mean = block.AsSpan(0, (int)got);
                ChannelMean.Of(block.AsSpan(0, (int)got * channels), channels, mean);
                writer.Write(mean.Length);
                writer.Write(MemoryMarshal.AsBytes(mean));
            }
        }
        writer.Write(0);
    }
}
