using System.Text.Json;

namespace Segue.Events.Wire;

/// <summary>Second looks at JSON that was rejected: at what is wrong with it, and at whether it may be kept. O(n).</summary>
internal static class JsonScan
{
    /// <summary>Why a text is not JSON.</summary>
    /// <param name="at">Bytes before the place at which reading failed.</param>
    /// <param name="maxDepth">Deepest nesting allowed.</param>
    public static Fault Fault(ReadOnlySpan<byte> json, long at, int maxDepth)
    {
        var rest = json[(int)at..].TrimStart(" \t\r\n:,["u8);
        if (rest.StartsWith("NaN"u8) || rest.StartsWith("Infinity"u8) || rest.StartsWith("-Infinity"u8))
        {
            return new(RejectReason.NumberNotFinite, $"byte {at}: NaN and Infinity are no JSON");
        }
        return IsDeeper(json, maxDepth)
            ? new(RejectReason.TooDeep, $"objects and arrays lie more than {maxDepth} deep")
            : new(RejectReason.Malformed, $"not JSON from byte {at} on");
    }

    /// <summary>Whether an event, however broken, asks not to be kept: its <c>private</c> is neither false nor null. Of what cannot be read as JSON, the bare words decide.</summary>
    public static bool AsksPrivacy(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf("private"u8) < 0 && !json.Contains((byte)'\\'))   // nearly all: spared the second reading
        {
            return false;
        }
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 1_000 });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals("private"u8)
                    && reader.Read() && reader.TokenType is not (JsonTokenType.False or JsonTokenType.Null))
                {
                    return true;
                }
            }
            return false;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)   // the latter: half a surrogate pair in a name
        {
            return SaysPrivate(json);
        }
    }

    private static bool SaysPrivate(ReadOnlySpan<byte> json)
    {
        for (int found; (found = json.IndexOf("\"private\""u8)) >= 0;)
        {
            json = json[(found + "\"private\""u8.Length)..];
            var rest = json.TrimStart(" \t\r\n"u8);
            if (rest.StartsWith(":"u8) && rest[1..].TrimStart(" \t\r\n"u8) is var value
                && !value.StartsWith("false"u8) && !value.StartsWith("null"u8))
            {
                return true;
            }
        }
        return false;
    }

    private static bool IsDeeper(ReadOnlySpan<byte> json, int maxDepth)
    {
        var (depth, inText) = (0, false);
        for (var i = 0; i < json.Length; i++)
        {
            switch (json[i])
            {
                case (byte)'\\' when inText:
                    i++;
                    break;
                case (byte)'"':
                    inText = !inText;
                    break;
                case (byte)'{' or (byte)'[' when !inText:
                    if (++depth > maxDepth)
                    {
                        return true;
                    }
                    break;
                case (byte)'}' or (byte)']' when !inText:
                    depth--;
                    break;
            }
        }
        return false;
    }
}
