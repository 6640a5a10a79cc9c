using System.Security.Cryptography;
using System.Text.Json;
using Segue.Events.Doors;
using Segue.Radio;
using Segue.Radio.Feed;
using Segue.Server.Endpoints;

namespace Segue.Server.Stores;

/// <summary>Notes in the log what each answer was made from, and a digest of its body, so that it can be made again and compared.</summary>
/// <remarks>An answer does not wait for its note: it is in the log with the next commit, at most some 50 ms later. Cost: the body is written once more, about 10 µs.</remarks>
public sealed class AnswerNotes(EventPipeline events)
{
    private const int DigestBytes = 8;
    private static readonly JsonSerializerOptions AsSent = Configured();

    public void Keep(AnswerGiven given) => events.KeepLater([SittingEvents.ToEvent(given, DigestOf(BodyOf(given.Answer)))]);

    /// <summary>The body of an answer as it is sent.</summary>
    public static byte[] BodyOf(RadioAnswer answer) => JsonSerializer.SerializeToUtf8Bytes(RadioResponse.From(answer), AsSent);

    private static JsonSerializerOptions Configured()
    {
        var options = new Microsoft.AspNetCore.Http.Json.JsonOptions().SerializerOptions;   // the framework's own, with its escapes
        WireJson.Configure(options);
        options.MakeReadOnly();
        return options;
    }

    public static string DigestOf(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, DigestBytes));
}
