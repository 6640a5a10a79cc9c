using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Segue.Audio;
using Segue.Audio.Tags;

namespace Segue.Server.Tests.Music;

/// <summary>Small real WAV files, 8 bits at 500 Hz, with their tags as JSON in a chunk of their own; and an analyzer of them.</summary>
internal static class TinyWave
{
    private const int Rate = 500;
    private static readonly byte[] TagChunk = Encoding.ASCII.GetBytes("segT");

    /// <summary>Writes a file; the folders are made.</summary>
    /// <param name="voice">Another voice sounds otherwise; 0 is silent.</param>
    public static void Write(string path, int voice, double seconds = 4, AudioTags? tags = null)
    {
        var data = new byte[(int)(seconds * Rate)];
        for (var i = 0; i < data.Length; i++)
        {
            data[i] = (byte)(128 + (voice == 0 ? 0 : (i * (voice % 89 + 1) + voice) % 97));
        }
        var json = tags is null ? [] : JsonSerializer.SerializeToUtf8Bytes(tags);
        using var file = new MemoryStream();
        file.Write("RIFF\0\0\0\0WAVEfmt "u8);
        foreach (var (value, bytes) in (ReadOnlySpan<(int, int)>)[(16, 4), (1, 2), (1, 2), (Rate, 4), (Rate, 4), (1, 2), (8, 2)])
        {
            var field = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(field, value);
            file.Write(field, 0, bytes);
        }
        Chunk(file, TagChunk, json);
        Chunk(file, "data"u8, data);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, file.ToArray());
    }

    /// <summary>Listens: descriptors are a few sums over the samples.</summary>
    public static TrackAnalysis Analyze(string path)
    {
        var bytes = File.ReadAllBytes(path);
        if (!bytes.AsSpan().StartsWith("RIFF"u8))
        {
            return new(AudioOutcome.Unsupported, "it is no WAV file", TimeSpan.Zero, null);
        }
        if (Find(bytes, "data"u8) is not { } data)
        {
            return new(AudioOutcome.Corrupt, "it holds no samples", TimeSpan.Zero, null);
        }
        var length = TimeSpan.FromSeconds(data.Length / (double)Rate);
        if (length < AudioLimits.Shortest)
        {
            return new(AudioOutcome.TooShort, $"it holds {length.TotalSeconds:F1} s of sound", length, null);
        }
        return data.AsSpan().IndexOfAnyExcept((byte)128) < 0
            ? new(AudioOutcome.Silent, "it is silent", length, null)
            : new(AudioOutcome.Ok, null, length, new([data.Sum(value => (float)value), data.Take(100).Sum(value => value * 1.5f), data.Length], data[..50]));
    }

    public static AudioTags ReadTags(string path)
        => Find(File.ReadAllBytes(path), TagChunk) is { Length: > 0 } json ? JsonSerializer.Deserialize<AudioTags>(json)! : AudioTags.None;

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> name, byte[] content)
    {
        file.Write(name);
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, content.Length);
        file.Write(length);
        file.Write(content);
    }

    private static byte[]? Find(byte[] file, ReadOnlySpan<byte> name)
    {
        for (var at = 12; at + 8 <= file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 4));
            if (length < 0 || at + 8 + length > file.Length)
            {
                return null;
            }
            if (file.AsSpan(at, 4).SequenceEqual(name))
            {
                return file[(at + 8)..(at + 8 + length)];
            }
            at += 8 + length;
        }
        return null;
    }
}
