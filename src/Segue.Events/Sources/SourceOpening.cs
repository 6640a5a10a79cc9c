using System.IO.Compression;

namespace Segue.Events.Sources;

/// <summary>Opens an object where its last reading ended, if it is still the same object.</summary>
internal static class SourceOpening
{
    /// <param name="from">The last checkpoint; null: never read.</param>
    /// <returns>The stream and the checkpoint at which it stands; the beginning for an object that was replaced.</returns>
    internal static async Task<(Stream Stream, SourceCheckpoint From)> OpenAsync(
        IEventSource source, SourceObject item, SourceCheckpoint? from, CancellationToken cancellation)
    {
        if (from is null or { Position: 0 })
        {
            return (await OpenAsync(source, item, cancellation), Beginning(item));
        }
        var stream = await OpenAsync(source, item, cancellation);
        try
        {
            if (!await SkipKnownAsync(stream, from, cancellation))
            {
                await stream.DisposeAsync();
                return (await OpenAsync(source, item, cancellation), Beginning(item));
            }
            if (from.LineStart == from.Position)
            {
                return (stream, from);
            }
            await stream.DisposeAsync();
            return await OpenAfterOpenLineAsync(source, item, from, cancellation);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    // The last line had no end when it was read. If its end came, reading goes on behind that; if more text came, the line is another one.
    private static async Task<(Stream Stream, SourceCheckpoint From)> OpenAfterOpenLineAsync(
        IEventSource source, SourceObject item, SourceCheckpoint last, CancellationToken cancellation)
    {
        var next = new byte[2];
        var stream = await OpenAsync(source, item, cancellation);
        await SkipAsync(stream, last.Position, cancellation);
        var count = await stream.ReadAtLeastAsync(next, 2, throwOnEndOfStream: false, cancellation);
        await stream.DisposeAsync();
        var end = next.AsSpan(0, count).StartsWith("\n"u8) ? 1 : next.AsSpan(0, count).StartsWith("\r\n"u8) ? 2 : 0;
        var resumed = count == 0 ? last
            : end > 0 ? last with { Position = last.Position + end, LineStart = last.Position + end }
            : last with { Position = last.LineStart, Line = last.Line - 1 };
        stream = await OpenAsync(source, item, cancellation);
        await SkipAsync(stream, resumed.Position, cancellation);
        return (stream, resumed);
    }

    private static SourceCheckpoint Beginning(SourceObject item) => new(item.Name, item.Version, 0, 0, 0, false, PartDigest.Of([]), PartDigest.Of([]));

    private static async Task<Stream> OpenAsync(IEventSource source, SourceObject item, CancellationToken cancellation)
    {
        var stream = await source.OpenAsync(item, cancellation);
        return SourceNames.IsZipped(item.Name) ? new GZipStream(stream, CompressionMode.Decompress) : stream;
    }

    /// <summary>Goes to the checkpoint's position; false when the bytes on the way are not those that were read.</summary>
    private static async Task<bool> SkipKnownAsync(Stream stream, SourceCheckpoint from, CancellationToken cancellation)
    {
        var known = new byte[PartDigest.MaxBytes];
        var head = known.AsMemory(0, from.Head.Bytes);
        if (await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellation) < head.Length || !from.Head.IsOf(head.Span))
        {
            return false;
        }
        var gap = from.Position - from.Tail.Bytes - head.Length;
        if (gap < 0)
        {
            // Head and tail overlap: the part of the tail in the head is compared already.
            var beyond = (int)(from.Position - head.Length);
            var rest = new byte[from.Tail.Bytes];
            head.Span[(int)(from.Position - from.Tail.Bytes)..].CopyTo(rest);
            var tailEnd = rest.AsMemory(rest.Length - beyond);
            return await stream.ReadAtLeastAsync(tailEnd, beyond, throwOnEndOfStream: false, cancellation) == beyond && from.Tail.IsOf(rest);
        }
        if (!await SkipAsync(stream, gap, cancellation))
        {
            return false;
        }
        var tail = known.AsMemory(0, from.Tail.Bytes);
        return await stream.ReadAtLeastAsync(tail, tail.Length, throwOnEndOfStream: false, cancellation) == tail.Length && from.Tail.IsOf(tail.Span);
    }

    /// <summary>Moves on by so many bytes; false when there are fewer.</summary>
    private static async Task<bool> SkipAsync(Stream stream, long bytes, CancellationToken cancellation)
    {
        if (stream.CanSeek)
        {
            stream.Seek(bytes, SeekOrigin.Current);
            return stream.Position <= stream.Length;
        }
        var scratch = new byte[(int)Math.Min(bytes, 1 << 16)];
        while (bytes > 0)
        {
            var read = await stream.ReadAsync(scratch.AsMemory(0, (int)Math.Min(bytes, scratch.Length)), cancellation);
            if (read == 0)
            {
                return false;
            }
            bytes -= read;
        }
        return true;
    }
}
