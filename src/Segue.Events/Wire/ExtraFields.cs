using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Segue.Events.Wire;

/// <summary>Collects the fields that the format does not know into one compact JSON object, as strictly checked as the known ones.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The writer writes to memory alone: there is nothing to release.")]
internal sealed class ExtraFields
{
    private readonly ArrayBufferWriter<byte> _bytes = new(256);
    private readonly Utf8JsonWriter _json;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public ExtraFields()
    {
        _json = new(_bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
        _json.WriteStartObject();
    }

    /// <summary>Takes the field at which <paramref name="reader"/> stands (its name), and leaves the reader at the value's end.</summary>
    /// <param name="prefix">For fields of a known object, its name and a dot: they become fields like <c>card.cover</c>.</param>
    public Fault? Take(ref Utf8JsonReader reader, string prefix)
    {
        var name = prefix + reader.GetString();
        if (WireText.ControlFault(name, "a field's name") is { } fault)
        {
            return fault;
        }
        if (!_names.Add(name))
        {
            return WireText.Duplicate(name);
        }
        _json.WritePropertyName(name);
        reader.Read();
        return TakeValue(ref reader, name);
    }

    public ReadOnlyMemory<byte> End()
    {
        _json.WriteEndObject();
        _json.Flush();
        return _bytes.WrittenMemory.ToArray();
    }

    private Fault? TakeValue(ref Utf8JsonReader reader, string place)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return TakeObject(ref reader, place);
            case JsonTokenType.StartArray:
                return TakeArray(ref reader, place);
            case JsonTokenType.String:
                var text = reader.GetString()!;
                _json.WriteStringValue(text);
                return WireText.ControlFault(text, place);
            case JsonTokenType.Number:
                _json.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                return reader.TryGetDouble(out var number) && double.IsFinite(number) ? null : WireText.NotFinite(place, reader.ValueSpan);
            case JsonTokenType.Null:
                _json.WriteNullValue();
                return null;
            default:
                _json.WriteBooleanValue(reader.TokenType == JsonTokenType.True);
                return null;
        }
    }

    private Fault? TakeObject(ref Utf8JsonReader reader, string place)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        _json.WriteStartObject();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if ((names.Add(name) ? WireText.ControlFault(name, "a field's name") : WireText.Duplicate(name)) is { } fault)
            {
                return fault;
            }
            _json.WritePropertyName(name);
            reader.Read();
            if (TakeValue(ref reader, place) is { } nested)
            {
                return nested;
            }
        }
        _json.WriteEndObject();
        return null;
    }

    private Fault? TakeArray(ref Utf8JsonReader reader, string place)
    {
        _json.WriteStartArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (TakeValue(ref reader, place) is { } fault)
            {
                return fault;
            }
        }
        _json.WriteEndArray();
        return null;
    }
}
