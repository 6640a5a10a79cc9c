using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Segue.Events.Mapping;

/// <summary>Whether a rule applies to a line.</summary>
internal abstract class Condition
{
    internal abstract bool Holds(in MappingInput input);
}

internal sealed class AllOf(Condition[] parts) : Condition
{
    internal override bool Holds(in MappingInput input)
    {
        foreach (var part in parts)
        {
            if (!part.Holds(input))
            {
                return false;
            }
        }
        return true;
    }
}

internal sealed class AnyOf(Condition[] parts) : Condition
{
    internal override bool Holds(in MappingInput input)
    {
        foreach (var part in parts)
        {
            if (part.Holds(input))
            {
                return true;
            }
        }
        return false;
    }
}

internal sealed class Not(Condition part) : Condition
{
    internal override bool Holds(in MappingInput input) => !part.Holds(input);
}

/// <summary>Present and not null, or the contrary.</summary>
internal sealed class Exists(int slot, bool wanted) : Condition
{
    internal override bool Holds(in MappingInput input) => input.Fields[slot].IsAbsent != wanted;
}

internal sealed class Matches(int slot, Regex pattern) : Condition
{
    internal override bool Holds(in MappingInput input)
        => input.Fields[slot] is { Kind: JsonTokenType.String or JsonTokenType.Number } field
            && pattern.IsMatch(Encoding.UTF8.GetString(input.Text(field)));
}

/// <summary>Equal to one of some constants, of the same JSON type; numbers by value.</summary>
internal sealed class EqualsOneOf : Condition
{
    private readonly int _slot;
    private readonly byte[][] _texts, _numbers;
    private readonly decimal[] _values;
    private readonly bool _true, _false;

    internal EqualsOneOf(int slot, IReadOnlyCollection<JsonElement> constants)
    {
        _slot = slot;
        _texts = [.. Of(constants, JsonValueKind.String).Select(text => Encoding.UTF8.GetBytes(text.GetString()!))];
        _numbers = [.. Of(constants, JsonValueKind.Number).Select(number => Encoding.UTF8.GetBytes(number.GetRawText()))];
        _values = [.. Of(constants, JsonValueKind.Number).Select(number => number.GetDecimal())];
        (_true, _false) = (Of(constants, JsonValueKind.True).Any(), Of(constants, JsonValueKind.False).Any());
    }

    internal override bool Holds(in MappingInput input)
    {
        ref readonly var field = ref input.Fields[_slot];
        return field.Kind switch
        {
            JsonTokenType.String => IsAmong(_texts, input.Text(field)),
            JsonTokenType.Number => _numbers.Length > 0 && IsNumber(input.Raw(field)),
            JsonTokenType.True => _true,
            JsonTokenType.False => _false,
            _ => false,
        };
    }

    private static IEnumerable<JsonElement> Of(IEnumerable<JsonElement> constants, JsonValueKind kind) => constants.Where(one => one.ValueKind == kind);

    private bool IsNumber(ReadOnlySpan<byte> number)
        => IsAmong(_numbers, number)
            || (Utf8Parser.TryParse(number, out decimal value, out var read) && read == number.Length && _values.AsSpan().Contains(value));

    private static bool IsAmong(byte[][] known, ReadOnlySpan<byte> text)
    {
        foreach (var one in known)
        {
            if (text.SequenceEqual(one))
            {
                return true;
            }
        }
        return false;
    }
}
