using System.Buffers;

namespace Segue.Server.Endpoints;

/// <summary>A request's body as bytes, in memory of a pool; for doors that parse for themselves.</summary>
internal readonly struct RequestBody : IDisposable
{
    /// <summary>Ends the message of a refusal for size; the server's own words tell of another limit.</summary>
    internal const string TooLargeEnding = "the most that is read here.";

    private readonly byte[] _rented;

    private RequestBody(byte[] rented, int length) => (_rented, Bytes) = (rented, rented.AsMemory(0, length));

    /// <summary>Valid until disposed.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <param name="most">The most bytes that are read.</param>
    /// <exception cref="BadHttpRequestException">The body is longer (413), or its content type is not JSON (415).</exception>
    public static async Task<RequestBody> ReadAsync(HttpRequest request, int most, CancellationToken cancellation)
    {
        if (!request.HasJsonContentType())
        {
            throw new BadHttpRequestException(
                $"The body's content type is '{request.ContentType}'; it must be application/json.", StatusCodes.Status415UnsupportedMediaType);
        }
        if (request.ContentLength > most)
        {
            throw TooLarge(most);
        }
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(request.ContentLength ?? 4096, 256, most) + 1);
        var length = 0;
        try
        {
            while (await request.Body.ReadAsync(buffer.AsMemory(length), cancellation) is > 0 and var read)
            {
                length += read;
                if (length > most)
                {
                    throw TooLarge(most);
                }
                if (length == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(Math.Min(buffer.Length * 2, most + 1));
                    buffer.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
            }
            return new(buffer, length);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    private static BadHttpRequestException TooLarge(int most)
        => new($"The body is larger than {most} bytes, {TooLargeEnding}", StatusCodes.Status413PayloadTooLarge);

    public void Dispose() => ArrayPool<byte>.Shared.Return(_rented);
}
