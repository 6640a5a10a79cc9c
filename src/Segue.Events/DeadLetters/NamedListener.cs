using System.Text;
using System.Text.Json;
using Segue.Core;
using Segue.Events.Pseudonyms;

namespace Segue.Events.DeadLetters;

/// <summary>Whom a rejected event names, as far as that can be read: so that what is kept of it can be shown to that person, and erased. O(n).</summary>
internal static class NamedListener
{
    private static readonly JsonReaderOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 1_000 };

    /// <param name="json">An event of our own format; anything may be wrong with it.</param>
    /// <returns>The pseudonym; null where no listener can be read, or two different ones.</returns>
    internal static ListenerId? In(ReadOnlySpan<byte> json, Pseudonymizer pseudonyms)
        => AccountIn(json) is { } account && Identifier.Fault(account) is null ? pseudonyms.Of(account) : null;

    /// <returns>The id by which the service knows the listener.</returns>
    internal static string? AccountIn(ReadOnlySpan<byte> json)
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        if (!TryParse(json, named) && named.Count == 0)
        {
            Search(json, named);
        }
        return named.Count == 1 ? named.First() : null;
    }

    /// <returns>False when the text ends in a fault; what was found before it stays found.</returns>
    private static bool TryParse(ReadOnlySpan<byte> json, HashSet<string> named)
    {
        var reader = new Utf8JsonReader(json, Lenient);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals("listener"u8) && reader.Read()
                    && Scalar(ref reader) is { } account)
                {
                    named.Add(account);
                }
            }
            return true;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)   // the latter: half a surrogate pair
        {
            return false;
        }
    }

    private static string? Scalar(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Number => Encoding.ASCII.GetString(reader.ValueSpan),
        _ => null,
    };

    // Of what is broken before its listener, whatever stands behind the word.
    private static void Search(ReadOnlySpan<byte> json, HashSet<string> named)
    {
        for (int found; (found = json.IndexOf("\"listener\""u8)) >= 0;)
        {
            json = json[(found + "\"listener\""u8.Length)..];
            var rest = json.TrimStart(" \t\r\n"u8);
            if (!rest.StartsWith(":"u8))
            {
                continue;
            }
            var reader = new Utf8JsonReader(rest[1..], isFinalBlock: false, default);   // one value, whatever follows it
            try
            {
                if (reader.Read() && Scalar(ref reader) is { } account)
                {
                    named.Add(account);
                }
            }
            catch (Exception broken) when (broken is JsonException or InvalidOperationException)
            {
                // This one cannot be read.
            }
        }
    }
}
