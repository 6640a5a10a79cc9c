using System.Text.Json;

namespace Segue.Events.Mapping;

/// <summary>One line with its fields, and why its mapping failed.</summary>
internal ref struct MappingInput
{
    internal ReadOnlySpan<byte> Line;
    internal ReadOnlySpan<Field> Fields;

    /// <summary>Set by a value that cannot be made; then the line is rejected with it.</summary>
    internal string? Reason;

    /// <summary>Path of the field at fault, never its content.</summary>
    internal string? Detail;

    /// <summary>The bytes of a field as they stand, without quotes.</summary>
    internal readonly ReadOnlySpan<byte> Raw(in Field field) => Line.Slice(field.Start, field.Length);

    /// <summary>The text of a string, or the digits of a number, without escapes.</summary>
    /// <exception cref="InvalidOperationException">An escape is half of a surrogate pair.</exception>
    internal readonly ReadOnlySpan<byte> Text(in Field field)
    {
        if (!field.Escaped)
        {
            return Raw(field);
        }
        var reader = new Utf8JsonReader(Line.Slice(field.Start - 1, field.Length + 2));
        reader.Read();
        var text = new byte[field.Length];   // an escape is longer than what it stands for
        return text.AsSpan(0, reader.CopyString(text));
    }

    internal ValueOutcome Reject(string reason, string path)
    {
        (Reason, Detail) = (reason, path);
        return ValueOutcome.Rejected;
    }
}

internal enum ValueOutcome
{
    Written,

    /// <summary>Nothing was written, since the line does not tell.</summary>
    Missing,
    Rejected,
}
