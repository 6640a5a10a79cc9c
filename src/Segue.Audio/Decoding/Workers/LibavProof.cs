using System.Text;

namespace Segue.Audio.Decoding.Workers;

/// <summary>Believes a layout of FFmpeg's structures only after files whose content is known were read right: lengths, channels, samples, places, tags of container and of stream.</summary>
internal static class LibavProof
{
    private const int Rate = 11_025, Channels = 3, Samples = 4_000, Place = 3_210;
    private const string Title = "A proof of 4,000 samples", Artist = "Tags of a stream";

    /// <summary>Loads the libraries and tries them: about 10 ms, and two short files in the folder for temporary ones.</summary>
    /// <returns>Null without libraries, or where they fail, with what is wrong.</returns>
    public static (LibavLibrary? Library, string? Doubt) Load()
    {
        try
        {
            var library = LibavLibrary.Load(LibavLayout.All);
            if (library is null)
            {
                return default;
            }
            return Try(library) is { } doubt ? (null, $"FFmpeg's libraries (libavformat {library.Layout.Format}) are not used: {doubt}") : (library, null);
        }
        catch (Exception failure) when (failure is EntryPointNotFoundException or IOException or UnauthorizedAccessException)
        {
            return (null, $"FFmpeg's libraries are not used: {failure.Message}");
        }
    }

    /// <summary>What is wrong with the libraries; null where all is right.</summary>
    public static string? Try(LibavLibrary library)
    {
        var folder = Directory.CreateTempSubdirectory("segue-proof-");
        try
        {
            var (wave, ogg) = (Path.Combine(folder.FullName, "proof.wav"), Path.Combine(folder.FullName, "proof.opus"));
            File.WriteAllBytes(wave, Wave());
            File.WriteAllBytes(ogg, Ogg());
            return TryTags(library, wave, ogg) ?? TrySound(library, wave);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string? TryTags(LibavLibrary library, string wave, string ogg)
    {
        var ofWave = LibavFile.ReadTags(library, wave, out var fault);
        if (ofWave is null)
        {
            return $"a proof cannot be opened: {fault}";
        }
        if (ofWave.Codec != "pcm_s16le" || !ofWave.OfFormat.Contains(("title", Title)) || ofWave.OfStream.Count != 0
            || !IsLength(ofWave.FormatSeconds) || !IsLength(ofWave.StreamSeconds))
        {
            return "the tags or the length of a proof are not what was written.";
        }
        var ofOgg = LibavFile.ReadTags(library, ogg, out fault);
        return ofOgg is null ? $"a proof cannot be opened: {fault}"
            : ofOgg.Codec != "opus" || ofOgg.OfStream.All(tag => tag.Value != Artist) ? "the tags of a proof's stream are not what was written."
            : null;
    }

    private static bool IsLength(double? seconds) => Math.Abs((seconds ?? 0) - (double)Samples / Rate) < 1e-5;

    private static string? TrySound(LibavLibrary library, string wave)
    {
        using var file = LibavFile.Open(library, wave, out var fault);
        if (file is null)
        {
            return $"a proof cannot be decoded: {fault}";
        }
        if (file.Rate != Rate || Math.Abs((file.Frames ?? 0) - Samples) > 1)
        {
            return "the length of a proof is not what was written.";
        }
        return Holds(file, 0) && Holds(file, Place) ? null : "the samples of a proof are not what was written.";
    }

    private static bool Holds(LibavFile file, int from)
    {
        var samples = new float[Samples + 1];
        file.Seek(from, long.MaxValue);
        var read = 0;
        for (int got; read < samples.Length && (got = file.Read(samples.AsSpan(read))) > 0; read += got)
        {
        }
        return read == Samples - from
            && Enumerable.Range(0, read).All(n => Math.Abs(samples[n] - Enumerable.Range(0, Channels).Average(channel => Sample(from + n, channel) / 32_768.0)) < 1e-6);
    }

    private static short Sample(int n, int channel) => (short)((n * (channel + 3) * 97 % 20_000) - 10_000);

    private static byte[] Wave()
    {
        var title = Encoding.ASCII.GetBytes(Title.PadRight(Title.Length + Title.Length % 2, '\0'));
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        void Chunk(ReadOnlySpan<byte> name, int length)
        {
            writer.Write(name);
            writer.Write(length);
        }
        const int Block = 2 * Channels;
        Chunk("RIFF"u8, 4 + 24 + 20 + title.Length + 8 + Block * Samples);
        writer.Write("WAVE"u8);
        Chunk("fmt "u8, 16);
        writer.Write((short)1);
        writer.Write((short)Channels);
        writer.Write(Rate);
        writer.Write(Rate * Block);
        writer.Write((short)Block);
        writer.Write((short)16);
        Chunk("LIST"u8, 12 + title.Length);
        writer.Write("INFO"u8);
        Chunk("INAM"u8, title.Length);
        writer.Write(title);
        Chunk("data"u8, Block * Samples);
        for (var n = 0; n < Samples * Channels; n++)
        {
            writer.Write(Sample(n / Channels, n % Channels));
        }
        return bytes.ToArray();
    }

    // Two headers of Opus (RFC 7845) and 20 ms of silence, each a page (RFC 3533).
    private static byte[] Ogg()
    {
        var tag = Encoding.ASCII.GetBytes("ARTIST=" + Artist);
        byte[] head = [.. "OpusHead"u8, 1, 2, 0, 0, 0x80, 0xBB, 0, 0, 0, 0, 0];
        byte[] tags = [.. "OpusTags"u8, 0, 0, 0, 0, 1, 0, 0, 0, .. BitConverter.GetBytes(tag.Length), .. tag];
        return [.. Page(head, 0, 2, 0), .. Page(tags, 1, 0, 0), .. Page([0xF8, 0xFF, 0xFE], 2, 4, 960)];
    }

    private static byte[] Page(byte[] packet, int number, byte place, long end)
    {
        byte[] page = [.. "OggS"u8, 0, place, .. BitConverter.GetBytes(end), 1, 0, 0, 0, .. BitConverter.GetBytes(number), 0, 0, 0, 0, 1, (byte)packet.Length, .. packet];
        uint remainder = 0;
        foreach (var value in page)
        {
            remainder ^= (uint)value << 24;
            for (var bit = 0; bit < 8; bit++)
            {
                remainder = (remainder << 1) ^ (remainder >> 31) * 0x04C1_1DB7;
            }
        }
        BitConverter.TryWriteBytes(page.AsSpan(22), remainder);
        return page;
    }
}
