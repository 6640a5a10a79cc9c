using System.Collections.Frozen;
using System.Text;
using System.Text.Json;

namespace Segue.Events.Mapping;

/// <summary>Makes one value of an event from a line, as JSON.</summary>
internal abstract class Value
{
    /// <summary>Writes the value, or nothing.</summary>
    internal abstract ValueOutcome Write(ref MappingInput input, JsonBuffer output);
}

internal sealed class Constant(byte[] json) : Value
{
    internal override ValueOutcome Write(ref MappingInput input, JsonBuffer output)
    {
        output.Write(json);
        return ValueOutcome.Written;
    }
}

/// <summary>The first of several values that the line tells.</summary>
internal sealed class FirstOf(Value[] values) : Value
{
    internal override ValueOutcome Write(ref MappingInput input, JsonBuffer output)
    {
        foreach (var value in values)
        {
            if (value.Write(ref input, output) is var outcome and not ValueOutcome.Missing)
            {
                return outcome;
            }
        }
        return ValueOutcome.Missing;
    }
}

/// <summary>A value that a line must tell, else it is rejected.</summary>
internal sealed class Required(Value value, string place) : Value
{
    internal override ValueOutcome Write(ref MappingInput input, JsonBuffer output)
        => value.Write(ref input, output) is var outcome and not ValueOutcome.Missing ? outcome : input.Reject(MappingReasons.Missing, place);
}

/// <summary>Texts and fields one after the other; missing when one of its fields is.</summary>
internal sealed class Template((byte[]? Text, int Slot, string Path)[] parts) : Value
{
    internal override ValueOutcome Write(ref MappingInput input, JsonBuffer output)
    {
        var start = output.Length;
        output.Write((byte)'"');
        foreach (var (text, slot, path) in parts)
        {
            if (text is not null)
            {
                output.WriteEscaped(text);
                continue;
            }
            ref readonly var field = ref input.Fields[slot];
            if (field.IsAbsent || field.IsContainer || (field is { Kind: JsonTokenType.String, Length: 0 }))
            {
                output.Length = start;
                return field.IsContainer ? input.Reject(MappingReasons.BadType, path) : ValueOutcome.Missing;
            }
            output.Write(input.Raw(field));   // escapes stay as they are: this is JSON again
        }
        output.Write((byte)'"');
        return ValueOutcome.Written;
    }
}

/// <summary>A nested object; missing when all of its members are.</summary>
internal sealed class ObjectValue((byte[] Key, Value Value)[] members) : Value
{
    internal override ValueOutcome Write(ref MappingInput input, JsonBuffer output)
    {
        var start = output.Length;
        output.Write((byte)'{');
        var empty = output.Length;
        foreach (var (key, value) in members)
        {
            var before = output.Length;
            if (before > empty)
            {
                output.Write((byte)',');
            }
            output.Write(key);
            switch (value.Write(ref input, output))
            {
                case ValueOutcome.Missing:
                    output.Length = before;
                    break;
                case ValueOutcome.Rejected:
                    return ValueOutcome.Rejected;
            }
        }
        if (output.Length == empty)
        {
            output.Length = start;
            return ValueOutcome.Missing;
        }
        output.Write((byte)'}');
        return ValueOutcome.Written;
    }

    /// <summary>The bytes before a member's value.</summary>
    internal static byte[] KeyOf(string name) => Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(name)}\":");
}

/// <summary>A field whose text is looked up; rejected when the table lacks it and names no value for others.</summary>
internal sealed class TableValue(int slot, string path, FrozenDictionary<string, byte[]?> table, bool others, byte[]? otherwise) : Value
{
    internal override ValueOutcome Write(ref MappingInput input, JsonBuffer output)
    {
        ref readonly var field = ref input.Fields[slot];
        if (field.IsAbsent)
        {
            return ValueOutcome.Missing;
        }
        if (field.IsContainer)
        {
            return input.Reject(MappingReasons.BadType, path);
        }
        if (!table.TryGetValue(Encoding.UTF8.GetString(input.Text(field)), out var found))
        {
            if (!others)
            {
                return input.Reject(MappingReasons.UnknownValue, path);
            }
            found = otherwise;
        }
        if (found is null)
        {
            return ValueOutcome.Missing;
        }
        output.Write(found);
        return ValueOutcome.Written;
    }
}
