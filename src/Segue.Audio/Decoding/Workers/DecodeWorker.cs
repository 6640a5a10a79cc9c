using System.Runtime.InteropServices;
using System.Text;

namespace Segue.Audio.Decoding.Workers;

/// <summary>The side of <see cref="DecodeWorkerLink"/> that touches files: a process of its own, since a hostile file may crash a C library.</summary>
/// <remarks>
/// Little-endian; a text is a length (int32) and UTF-8. At its start the worker writes one byte, the <see cref="WorkerLibraries"/> that it has, and a text: why FFmpeg's libraries are
/// not used although they are there. Then it answers requests until its input ends. <c>S</c> or <c>A</c> and a path open a file by libsndfile or FFmpeg's libraries; the answer is 1, rate (int32) and
/// samples of a channel (int64, -1 where not known), or 0 and a text. <c>R</c>, from (int64), count (int64) is answered by blocks of a length (int32) and as many floats, the mean of
/// the channels, and a length of 0. <c>T</c> and a path by 1 and the tags in ffprobe's form, or 0 and a text.
/// </remarks>
public static class DecodeWorker
{
    /// <summary>What the command line calls it.</summary>
    public const string Command = "decode-worker";

    /// <summary>Samples of a block at most.</summary>
    internal const int BlockSamples = 8_192;

    /// <summary>Set to <c>off</c>, FFmpeg's libraries are not loaded.</summary>
    internal const string LibavVariable = "SEGUE_LIBAV";

    internal const byte OpenBySndfile = (byte)'S', OpenByLibav = (byte)'A', Read = (byte)'R', ReadTags = (byte)'T';

    private const int MaxPath = 32 << 10;

    /// <summary>Answers requests until the input ends.</summary>
    public static void Run(Stream input, Stream output)
    {
        using var reader = new BinaryReader(input);
        using var writer = new BinaryWriter(new BufferedStream(output, 64 << 10));
        var sndfile = SndfileLibrary.Load();
        var (libav, doubt) = Environment.GetEnvironmentVariable(LibavVariable) == "off" ? (null, null) : LibavProof.Load();
        writer.Write((byte)((sndfile is null ? WorkerLibraries.None : WorkerLibraries.Sndfile) | (libav is null ? WorkerLibraries.None : WorkerLibraries.Libav)));
        Write(writer, Encoding.UTF8.GetBytes(doubt ?? ""));
        writer.Flush();
        IWorkerFile? file = null;
        for (int request; (request = input.ReadByte()) >= 0; writer.Flush())
        {
            if (request == Read)
            {
                Send(file, reader.ReadInt64(), reader.ReadInt64(), writer);
                continue;
            }
            file?.Dispose();
            file = null;
            var path = Encoding.UTF8.GetString(reader.ReadBytes(Math.Clamp(reader.ReadInt32(), 0, MaxPath)));
            string? fault;
            if (request == OpenBySndfile ? sndfile is null : libav is null)
            {
                writer.Write((byte)0);
                Write(writer, Encoding.UTF8.GetBytes("The library is not there."));
                continue;
            }
            if (request == ReadTags)
            {
                var tags = LibavFile.ReadTags(libav!, path, out fault)?.ToJson();
                writer.Write((byte)(tags is null ? 0 : 1));
                Write(writer, tags ?? Encoding.UTF8.GetBytes(fault!));
                continue;
            }
            file = request == OpenByLibav ? LibavFile.Open(libav!, path, out fault) : SndfileFile.Open(sndfile!, path, out fault);
            writer.Write((byte)(file is null ? 0 : 1));
            if (file is null)
            {
                Write(writer, Encoding.UTF8.GetBytes(fault!));
                continue;
            }
            writer.Write(file.Rate);
            writer.Write(file.Frames ?? -1);
        }
    }

    private static void Write(BinaryWriter writer, byte[] text)
    {
        writer.Write(text.Length);
        writer.Write(text);
    }

    private static void Send(IWorkerFile? file, long from, long count, BinaryWriter writer)
    {
        var block = new float[BlockSamples];
        file?.Seek(from, count);
        for (int got; file is not null && (got = Fill(file, block)) > 0;)
        {
            writer.Write(got);
            writer.Write(MemoryMarshal.AsBytes(block.AsSpan(0, got)));
        }
        writer.Write(0);
    }

    // Few long blocks are cheaper than many short ones, and codecs give some hundred samples at a time.
    private static int Fill(IWorkerFile file, Span<float> block)
    {
        var filled = 0;
        for (int got; filled < block.Length && (got = file.Read(block[filled..])) > 0; filled += got)
        {
        }
        return filled;
    }
}

/// <summary>Libraries that a worker has.</summary>
[Flags]
internal enum WorkerLibraries
{
    None = 0,

    /// <summary>libsndfile.</summary>
    Sndfile = 1,

    /// <summary>FFmpeg's, of a known version that gave what it should (<see cref="LibavProof"/>).</summary>
    Libav = 2,
}
