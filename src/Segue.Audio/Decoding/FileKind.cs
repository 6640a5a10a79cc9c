namespace Segue.Audio.Decoding;

/// <summary>What a file seems to be.</summary>
public enum FileKind
{
    /// <summary>Nothing that is known.</summary>
    Unknown,

    /// <summary>It holds no byte.</summary>
    Empty,

    /// <summary>RIFF, RF64 or BW64 with sound.</summary>
    Wave,

    /// <summary>A container that libsndfile reads best: FLAC, MP3, AIFF, AU, CAF, W64.</summary>
    Sndfile,

    /// <summary>Ogg with Vorbis or Opus, which libsndfile reads, too.</summary>
    Ogg,

    /// <summary>Another container of sound, or of moving pictures with sound.</summary>
    OtherMedia,

    /// <summary>An image, an archive, a document, a program, text.</summary>
    NoAudio,
}

/// <summary>Tells kinds of files by their first bytes, and by the ending of their names where the bytes tell nothing.</summary>
public static class FileKinds
{
    /// <summary>First bytes that are looked at.</summary>
    public const int HeadBytes = 64;

    private static readonly HashSet<string> AudioEndings = new(
        [".mp3", ".mp2", ".ogg", ".oga", ".opus", ".flac", ".wav", ".wave", ".aif", ".aiff", ".aifc", ".au", ".snd", ".caf", ".w64", ".m4a", ".m4b", ".mp4a", ".aac", ".wma", ".ape", ".wv", ".mpc", ".tta", ".dsf", ".dff", ".ac3", ".mka", ".spx", ".alac"],
        StringComparer.OrdinalIgnoreCase);

    private static readonly (int At, byte[] Bytes, FileKind Kind)[] Marks =
    [
        (0, [.. "fLaC"u8], FileKind.Sndfile), (0, [.. "OggS"u8], FileKind.Ogg), (0, [.. "ID3"u8], FileKind.Sndfile), (0, [.. "FORM"u8], FileKind.Sndfile),
        (0, [.. ".snd"u8], FileKind.Sndfile), (0, [.. "caff"u8], FileKind.Sndfile), (0, [.. "riff\x2E\x91"u8], FileKind.Sndfile),
        (4, [.. "ftyp"u8], FileKind.OtherMedia), (0, [0x1A, 0x45, 0xDF, 0xA3], FileKind.OtherMedia), (0, [0x30, 0x26, 0xB2, 0x75], FileKind.OtherMedia),
        (0, [.. "MAC "u8], FileKind.OtherMedia), (0, [.. "wvpk"u8], FileKind.OtherMedia), (0, [.. "MPCK"u8], FileKind.OtherMedia), (0, [.. "MP+"u8], FileKind.OtherMedia),
        (0, [.. "TTA1"u8], FileKind.OtherMedia), (0, [.. "DSD "u8], FileKind.OtherMedia), (0, [.. "FRM8"u8], FileKind.OtherMedia), (0, [0x0B, 0x77], FileKind.OtherMedia),
        (0, [.. "ADIF"u8], FileKind.OtherMedia), (0, [0x00, 0x00, 0x01, 0xBA], FileKind.OtherMedia), (0, [.. "FLV\x01"u8], FileKind.OtherMedia),
        (0, [0x89, .. "PNG"u8], FileKind.NoAudio), (0, [0xFF, 0xD8, 0xFF], FileKind.NoAudio), (0, [.. "GIF8"u8], FileKind.NoAudio), (0, [.. "PK\x03\x04"u8], FileKind.NoAudio),
        (0, [.. "PK\x05\x06"u8], FileKind.NoAudio), (0, [0x1F, 0x8B], FileKind.NoAudio), (0, [.. "7z"u8, 0xBC, 0xAF], FileKind.NoAudio), (0, [.. "Rar!"u8], FileKind.NoAudio),
        (0, [.. "BZh"u8], FileKind.NoAudio), (0, [0xFD, .. "7zXZ"u8], FileKind.NoAudio), (0, [0x28, 0xB5, 0x2F, 0xFD], FileKind.NoAudio), (0, [.. "%PDF"u8], FileKind.NoAudio),
        (0, [0x7F, .. "ELF"u8], FileKind.NoAudio), (0, [.. "MZ"u8], FileKind.NoAudio), (0, [.. "MThd"u8], FileKind.NoAudio), (0, [.. "SQLite"u8], FileKind.NoAudio),
    ];

    /// <summary>Tells a file's kind by its first bytes.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static FileKind Of(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> head = stackalloc byte[HeadBytes];
        return Of(head[..file.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false)]);
    }

    /// <inheritdoc cref="Of(string)"/>
    /// <param name="head">The first <see cref="HeadBytes"/> of a file, or all of a shorter one.</param>
    public static FileKind Of(ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty)
        {
            return FileKind.Empty;
        }
        if (head.Length >= 12 && (head.StartsWith("RIFF"u8) || head.StartsWith("RF64"u8) || head.StartsWith("BW64"u8)))
        {
            return head[8..].StartsWith("WAVE"u8) ? FileKind.Wave : head[8..].StartsWith("AVI "u8) ? FileKind.OtherMedia : FileKind.NoAudio;
        }
        foreach (var (at, bytes, kind) in Marks)
        {
            if (head.Length >= at + bytes.Length && head[at..].StartsWith(bytes))
            {
                return kind;
            }
        }
        if (head.Length >= 2 && head[0] == 0xFF && (head[1] & 0xE0) == 0xE0)   // MPEG's sync; layer 0 is AAC
        {
            return (head[1] & 0x06) == 0 ? FileKind.OtherMedia : FileKind.Sndfile;
        }
        return IsText(head) ? FileKind.NoAudio : FileKind.Unknown;
    }

    /// <summary>Whether a file's name ends as audio's do.</summary>
    public static bool IsNamedAudio(string path) => AudioEndings.Contains(Path.GetExtension(path));

    private static bool IsText(ReadOnlySpan<byte> head)
    {
        foreach (var value in head)
        {
            if (value is < 0x20 and not (0x09 or 0x0A or 0x0D) or 0x7F)
            {
                return false;
            }
        }
        return true;
    }
}
