using System.Buffers.Binary;
using System.Text;
using Segue.Core;

namespace Segue.Evaluation.Lab.Sound;

/// <summary>The bytes of WAV files: 16-bit PCM, mono.</summary>
internal static class WaveFile
{
    /// <summary>All that comes before the samples: RIFF, fmt, LIST INFO, and the head of data.</summary>
    public static byte[] Header(Track track, int samples)
    {
        var tags = Tags(track);
        var bytes = checked(2 * samples);
        var header = new byte[12 + 24 + 8 + tags.Length + 8];
        var format = header.AsSpan(12);
        Chunk(header, "RIFF", checked(header.Length - 8 + bytes));
        "WAVE"u8.CopyTo(header.AsSpan(8));
        Chunk(format, "fmt ", 16);
        BinaryPrimitives.WriteInt16LittleEndian(format[8..], 1);    // PCM
        BinaryPrimitives.WriteInt16LittleEndian(format[10..], 1);   // one channel
        BinaryPrimitives.WriteInt32LittleEndian(format[12..], LabSound.SampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(format[16..], 2 * LabSound.SampleRate);
        BinaryPrimitives.WriteInt16LittleEndian(format[20..], 2);
        BinaryPrimitives.WriteInt16LittleEndian(format[22..], 16);
        Chunk(header.AsSpan(36), "LIST", tags.Length);
        tags.CopyTo(header, 44);
        Chunk(header.AsSpan(44 + tags.Length), "data", bytes);
        return header;
    }

    /// <summary>Rounds to 16 bits.</summary>
    /// <param name="samples">Within ±1.</param>
    public static short[] ToPcm(ReadOnlySpan<float> samples)
    {
        var pcm = new short[samples.Length];
        for (var i = 0; i < pcm.Length; i++)
        {
            pcm[i] = (short)(samples[i] * 32767 + (samples[i] < 0 ? -0.5f : 0.5f));
        }
        return pcm;
    }

    /// <summary>A lab world has no albums: what an artist made in one decade stands for one.</summary>
    public static string Album(Track track) => $"{track.Artist.Name}, {track.Tags[^1]}";

    private static byte[] Tags(Track track)
    {
        using var list = new MemoryStream();
        list.Write("INFO"u8);
        Tag(list, "INAM"u8, track.Title);
        Tag(list, "IART"u8, track.Artist.Name);
        Tag(list, "IPRD"u8, Album(track));
        Tag(list, "IGNR"u8, track.Genre ?? "");
        return list.ToArray();
    }

    private static void Tag(MemoryStream list, ReadOnlySpan<byte> name, string text)
    {
        var value = Encoding.UTF8.GetBytes(text + "\0");
        Span<byte> size = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(size, value.Length);
        list.Write(name);
        list.Write(size);
        list.Write(value);
        if (value.Length % 2 == 1)
        {
            list.WriteByte(0);   // chunks begin at even places
        }
    }

    private static void Chunk(Span<byte> target, string name, int size)
    {
        Encoding.ASCII.GetBytes(name, target);
        BinaryPrimitives.WriteInt32LittleEndian(target[4..], size);
    }
}
