using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Segue.Events.Mapping;

/// <summary>A field as it is, as text, or trimmed. An empty text counts as missing.</summary>
internal sealed class CopiedField(int slot, string path, bool asText, bool trim) : Value
{
    internal override ValueOutcome Write(ref MappingInput input, JsonBuffer output)
    {
        ref readonly var field = ref input.Fields[slot];
        switch (field.Kind)
        {
            case JsonTokenType.None or JsonTokenType.Null:
                return ValueOutcome.Missing;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                return input.Reject(MappingReasons.BadType, path);
            case JsonTokenType.String:
                return WriteText(input, field, output);
        }
        var raw = input.Raw(field);
        if (asText)
        {
            output.Write((byte)'"');
            output.Write(raw);
            output.Write((byte)'"');
        }
        else
        {
            output.Write(raw);
        }
        return ValueOutcome.Written;
    }

    private ValueOutcome WriteText(in MappingInput input, in Field field, JsonBuffer output)
    {
        var escaped = trim && field.Escaped;   // an escape may be a space
        var text = escaped ? input.Text(field) : input.Raw(field);
        if (trim)
        {
            text = Trim(text);
        }
        if (text.IsEmpty)
        {
            return ValueOutcome.Missing;
        }
        output.Write((byte)'"');
        if (escaped)
        {
            output.WriteEscaped(text);
        }
        else
        {
            output.Write(text);
        }
        output.Write((byte)'"');
        return ValueOutcome.Written;
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        while (Rune.DecodeFromUtf8(text, out var first, out var length) == System.Buffers.OperationStatus.Done && Rune.IsWhiteSpace(first))
        {
            text = text[length..];
        }
        while (Rune.DecodeLastFromUtf8(text, out var last, out var length) == System.Buffers.OperationStatus.Done && Rune.IsWhiteSpace(last))
        {
            text = text[..^length];
        }
        return text;
    }
}

/// <summary>A number, or a text that is one, times a factor.</summary>
internal sealed class NumberField(int slot, string path, decimal factor, decimal divisor) : Value
{
    internal override ValueOutcome Write(ref MappingInput input, JsonBuffer output)
    {
        ref readonly var field = ref input.Fields[slot];
        if (field.IsAbsent || field is { Kind: JsonTokenType.String, Length: 0 })
        {
            return ValueOutcome.Missing;
        }
        if (field.Kind is not (JsonTokenType.Number or JsonTokenType.String))
        {
            return input.Reject(MappingReasons.BadType, path);
        }
        var digits = input.Text(field);
        if (field.Kind == JsonTokenType.Number && factor == divisor)
        {
            output.Write(digits);
            return ValueOutcome.Written;
        }
        if (!TryParse(digits, out var value) || !TryScale(value, out value))
        {
            return input.Reject(MappingReasons.BadNumber, path);
        }
        Utf8Formatter.TryFormat(value, output.Free(64), out var written);
        output.Length += written;
        return ValueOutcome.Written;
    }

    /// <summary>Whole texts that are decimal numbers with up to 28 digits, an exponent allowed.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> digits, out decimal value)
        => Utf8Parser.TryParse(digits, out value, out var read) && read == digits.Length;

    private bool TryScale(decimal value, out decimal scaled)
    {
        scaled = 0;
        if (Math.Abs(value) > 1e24m)
        {
            return false;   // no duration, and the factor would overflow
        }
        scaled = value * factor / divisor;
        return true;
    }
}
