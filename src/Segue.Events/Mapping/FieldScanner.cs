using System.Text.Json;

namespace Segue.Events.Mapping;

/// <summary>A field as it stands in a line.</summary>
/// <param name="Kind"><see cref="JsonTokenType.None"/> when the line lacks it.</param>
/// <param name="Start">First byte, after the quote of a string.</param>
/// <param name="Length">Bytes, without quotes; 0 for objects and arrays.</param>
internal readonly record struct Field(JsonTokenType Kind, int Start, int Length, bool Escaped)
{
    internal bool IsAbsent => Kind is JsonTokenType.None or JsonTokenType.Null;

    internal bool IsContainer => Kind is JsonTokenType.StartObject or JsonTokenType.StartArray;
}

/// <summary>Finds the fields of a <see cref="PathTree"/> in one pass; allocates nothing for a sound line.</summary>
internal static class FieldScanner
{
    /// <summary>Deepest nesting that is read.</summary>
    internal const int MaxDepth = 32;

    /// <param name="fields">Receives each slot's field.</param>
    /// <returns>Slot of a field that stands twice in the line: which is meant nobody knows; -1 when none does.</returns>
    /// <exception cref="JsonException">The line is not one JSON object.</exception>
    internal static int Scan(ReadOnlySpan<byte> line, PathTree tree, Span<Field> fields)
    {
        fields.Clear();
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("It is not an object.");
        }
        var twice = -1;
        ReadObject(ref reader, tree.Root, fields, ref twice);
        reader.Read();   // throws for anything after the object
        return twice;
    }

    private static void ReadObject(ref Utf8JsonReader reader, PathNode node, Span<Field> fields, ref int twice)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var next = node.Find(ref reader);
            reader.Read();
            ReadValue(ref reader, next, fields, ref twice);
        }
    }

    private static void ReadArray(ref Utf8JsonReader reader, PathNode node, Span<Field> fields, ref int twice)
    {
        for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            ReadValue(ref reader, node.Find(index), fields, ref twice);
        }
    }

    private static void ReadValue(ref Utf8JsonReader reader, PathNode? node, Span<Field> fields, ref int twice)
    {
        if (node is { Slot: >= 0 and var slot })
        {
            twice = fields[slot].Kind == JsonTokenType.None ? twice : slot;
            fields[slot] = Take(ref reader);
        }
        if (node is { HasProperties: true } && reader.TokenType == JsonTokenType.StartObject)
        {
            ReadObject(ref reader, node, fields, ref twice);
        }
        else if (node is { HasElements: true } && reader.TokenType == JsonTokenType.StartArray)
        {
            ReadArray(ref reader, node, fields, ref twice);
        }
        else
        {
            reader.Skip();
        }
    }

    private static Field Take(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject or JsonTokenType.StartArray => new(reader.TokenType, 0, 0, false),
        JsonTokenType.String => new(JsonTokenType.String, (int)reader.TokenStartIndex + 1, reader.ValueSpan.Length, reader.ValueIsEscaped),
        _ => new(reader.TokenType, (int)reader.TokenStartIndex, reader.ValueSpan.Length, false),
    };
}
