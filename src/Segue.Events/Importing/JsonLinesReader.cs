using System.Text.Json;
using Segue.Core;

namespace Segue.Events.Importing;

/// <summary>Reads interactions from text with one JSON object a line. Fields beside the named ones are ignored.</summary>
/// <remarks>An id is a string or a whole number, a value a number, an action a string; a time is a number, or a string for
/// <see cref="TimeFormat.Iso8601"/>, and null when unknown.</remarks>
public static class JsonLinesReader
{
    /// <inheritdoc cref="DelimitedReader.Read"/>
    /// <exception cref="ImportException">The budget of <paramref name="tally"/> is exceeded, or the source is not in UTF-8.</exception>
    public static IEnumerable<Interaction> Read(
        TextSource source,
        InteractionFields fields,
        ImportTally tally,
        IProgress<long>? bytesRead = null,
        CancellationToken cancellation = default)
    {
        if (source.Encoding != TextEncoding.Utf8)
        {
            throw new ImportException($"{source.Name}: JSON is always UTF-8.");
        }
        using var lines = source.OpenLines(bytesRead, cancellation);
        while (tally.Next(lines))
        {
            var fault = Parse(lines.Bytes, fields, out var interaction);
            if (fault is null)
            {
                tally.Accept();
                yield return interaction;
            }
            else
            {
                tally.Bad(source.Name, lines.Line, fault);
            }
        }
        tally.RequireBudget();
    }

    private static string? Parse(ReadOnlyMemory<byte> line, InteractionFields fields, out Interaction interaction)
    {
        interaction = default;
        try
        {
            using var json = JsonDocument.Parse(line, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? Parse(json.RootElement, fields, out interaction)
                : $"is JSON, but not an object: {json.RootElement.ValueKind}";
        }
        catch (JsonException malformed)
        {
            var reason = malformed.Message.Split(" LineNumber:")[0].TrimEnd('.');   // a line knows its number itself
            var place = malformed.BytePositionInLine is { } position ? $" at byte {position + 1}" : "";
            return $"is malformed JSON{place}: {reason}";
        }
        catch (InvalidOperationException)   // from GetString, on an escape such as \ud800
        {
            return "holds an escaped half of a surrogate pair";
        }
    }

    private static string? Parse(JsonElement row, InteractionFields fields, out Interaction interaction)
    {
        interaction = default;
        var (item, value, time, action, playlist) = ("", 1d, (DateTimeOffset?)null, InteractionAction.Listen, (string?)null);
        var fault = Id(row, fields.User, "user id", out var user)
            ?? Id(row, fields.Item, "item id", out item)
            ?? Value(row, fields.Value, out value)
            ?? Time(row, fields.Time, fields.TimeFormat, out time)
            ?? Action(row, fields.Action, out action)
            ?? Playlist(row, fields.Playlist, action, out playlist);
        return fault ?? FieldParser.Join(user, item, value, time, action, playlist, out interaction);
    }

    private static string? Id(JsonElement row, string name, string what, out string id)
    {
        id = "";
        if (!row.TryGetProperty(name, out var field))
        {
            return Missing(name);
        }
        return field.ValueKind switch
        {
            JsonValueKind.String => FieldParser.Id(field.GetString(), what, out id),
            JsonValueKind.Number => field.GetRawText() is var number && number.AsSpan().IndexOfAny(".eE") < 0
                ? FieldParser.Id(number, what, out id)
                : $"the {what} {number} is not a whole number",
            _ => WrongType(name, field, "a string or a whole number"),
        };
    }

    private static string? Value(JsonElement row, string? name, out double value)
    {
        value = 1;
        if (!row.TryGetProperty(name ?? "value", out var field))
        {
            return name is null ? null : Missing(name);
        }
        if (field.ValueKind != JsonValueKind.Number)
        {
            return WrongType(name ?? "value", field, "a number");
        }
        return field.TryGetDouble(out value) ? FieldParser.Value(value) : "the value is not finite";
    }

    private static string? Time(JsonElement row, string? name, TimeFormat format, out DateTimeOffset? time)
    {
        time = null;
        if (!row.TryGetProperty(name ?? "time", out var field))
        {
            return name is null ? null : Missing(name);
        }
        return (field.ValueKind, format) switch
        {
            (JsonValueKind.Null, _) => null,
            (JsonValueKind.String, TimeFormat.Iso8601) => FieldParser.Time(field.GetString(), format, out time),
            (JsonValueKind.Number, not TimeFormat.Iso8601) => FieldParser.Time(field.GetRawText(), format, out time),
            _ => WrongType(name ?? "time", field, format == TimeFormat.Iso8601 ? "a string" : "a number"),
        };
    }

    private static string? Action(JsonElement row, string? name, out InteractionAction action)
    {
        action = InteractionAction.Listen;
        if (!row.TryGetProperty(name ?? "action", out var field))
        {
            return name is null ? null : Missing(name);
        }
        return field.ValueKind == JsonValueKind.String
            ? FieldParser.Action(field.GetString(), out action)
            : WrongType(name ?? "action", field, "a string");
    }

    private static string? Playlist(JsonElement row, string? name, InteractionAction action, out string? playlist)
    {
        playlist = null;
        if (name is null || !row.TryGetProperty(name, out var field))
        {
            return name is null || action != InteractionAction.PlaylistAdd ? null : Missing(name);
        }
        return field.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => FieldParser.Playlist(field.GetString(), action, out playlist),
            JsonValueKind.Number => FieldParser.Playlist(field.GetRawText(), action, out playlist),
            _ => WrongType(name, field, "a string, a number or null"),
        };
    }

    private static string Missing(string name) => $"has no field {name}";

    private static string WrongType(string name, JsonElement field, string expected)
        => $"the field {name} is {field.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "an array",
            JsonValueKind.String => "a string",
            JsonValueKind.Number => "a number",
            JsonValueKind.Null => "null",
            _ => "a truth value",
        }}, not {expected}";
}
