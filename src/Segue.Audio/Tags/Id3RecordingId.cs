using System.Buffers.Binary;
using System.Text;

namespace Segue.Audio.Tags;

/// <summary>The MusicBrainz recording id of a file that begins with an ID3v2 tag, as MP3 does: it is in a frame UFID, which FFmpeg does not show.</summary>
/// <remarks>Versions 2.3 and 2.4 (id3.org). Frames are passed over by their sizes, so that pictures are not read. A tag that is unsynchronised as a whole, as few programs write it, tells nothing.</remarks>
internal static class Id3RecordingId
{
    private const int HeaderBytes = 10, MostFrames = 1_000;
    private const int Unsynchronised = 0x80, Extended = 0x40;
    private const int IdLetters = 36;

    private static ReadOnlySpan<byte> Owner => "http://musicbrainz.org\0"u8;

    /// <summary>The id as it stands in the file; null where there is none, or the file cannot be read.</summary>
    public static string? Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 4096);
            return Read(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <inheritdoc cref="Read(string)"/>
    /// <param name="file">Can be sought; read from its beginning.</param>
    public static string? Read(Stream file)
    {
        Span<byte> head = stackalloc byte[HeaderBytes];
        if (file.ReadAtLeast(head, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes || !head.StartsWith("ID3"u8) || head[3] is not (3 or 4) || (head[5] & Unsynchronised) != 0)
        {
            return null;
        }
        var (isNewer, end, hasMore) = (head[3] == 4, HeaderBytes + SyncSafe(head[6..]), (head[5] & Extended) != 0);
        long at = HeaderBytes;
        if (hasMore)
        {
            // 2.4 counts the size's own bytes, 2.3 does not.
            file.ReadExactly(head[..4]);   // a shorter file tells nothing
            at += isNewer ? SyncSafe(head) : 4L + BinaryPrimitives.ReadUInt32BigEndian(head);
        }
        for (var frame = 0; frame < MostFrames && at + HeaderBytes <= end; frame++)
        {
            file.Position = at;
            if (file.ReadAtLeast(head, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes || head[0] == 0)
            {
                return null;   // padding follows the last frame
            }
            long size = isNewer ? SyncSafe(head[4..]) : BinaryPrimitives.ReadUInt32BigEndian(head[4..]);
            if (head.StartsWith("UFID"u8) && head[9] == 0 && Id(file, size) is { } id)
            {
                return id;
            }
            at += HeaderBytes + size;
        }
        return null;
    }

    private static string? Id(Stream file, long size)
    {
        Span<byte> frame = stackalloc byte[Owner.Length + IdLetters];
        return size == frame.Length && file.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false) == frame.Length && frame.StartsWith(Owner)
            ? Encoding.ASCII.GetString(frame[Owner.Length..])
            : null;
    }

    // Four bytes of 7 bits.
    private static int SyncSafe(ReadOnlySpan<byte> bytes) => (bytes[0] & 0x7F) << 21 | (bytes[1] & 0x7F) << 14 | (bytes[2] & 0x7F) << 7 | (bytes[3] & 0x7F);
}
