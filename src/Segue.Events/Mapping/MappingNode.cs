using System.Text.Json;
using System.Text.RegularExpressions;

namespace Segue.Events.Mapping;

/// <summary>A part of a mapping file that knows its place, so that faults can name it.</summary>
internal readonly partial record struct MappingNode(JsonElement Json, string Place)
{
    internal bool IsObject => Json.ValueKind == JsonValueKind.Object;

    internal bool IsScalar => Json.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False;

    internal MappingNode? this[string name] => Json.TryGetProperty(name, out var member) ? new(member, Of(name)) : null;

    internal IEnumerable<(string Name, MappingNode Node)> Members
    {
        get
        {
            foreach (var member in Json.EnumerateObject())
            {
                yield return (member.Name, new(member.Value, Of(member.Name)));
            }
        }
    }

    internal MappingException Fault(string what) => new($"{Place}: {what}.");

    /// <summary>This object, when it has no other members than those allowed.</summary>
    internal MappingNode Only(params string[] allowed)
    {
        if (!IsObject)
        {
            throw Fault("an object is needed here");
        }
        foreach (var (name, node) in Members)
        {
            if (!allowed.Contains(name, StringComparer.Ordinal))
            {
                throw node.Fault($"unknown; allowed are {string.Join(", ", allowed)}");
            }
        }
        return this;
    }

    /// <summary>The one member of this object that has one of the names.</summary>
    internal MappingNode One(out string name, params string[] names)
    {
        var self = this;
        var found = names.Where(one => self[one] is not null).ToArray();
        if (found.Length != 1)
        {
            throw Fault($"exactly one of {string.Join(", ", names)} is needed{(found.Length == 0 ? "" : $", not {string.Join(" and ", found)}")}");
        }
        name = found[0];
        return this[name]!.Value;
    }

    internal MappingNode[] Items()
    {
        var place = Place;
        return Json.ValueKind == JsonValueKind.Array && Json.GetArrayLength() > 0
            ? [.. Json.EnumerateArray().Select((item, n) => new MappingNode(item, $"{place}[{n}]"))]
            : throw Fault("a list with at least one entry is needed here");
    }

    internal string Text() => Json.ValueKind == JsonValueKind.String ? Json.GetString()! : throw Fault("a text is needed here");

    internal bool Truth() => Json.ValueKind is JsonValueKind.True or JsonValueKind.False ? Json.GetBoolean() : throw Fault("true or false is needed here");

    internal T Choice<T>(IReadOnlyDictionary<string, T> choices)
        => choices.TryGetValue(Text(), out var choice) ? choice : throw Fault($"'{Text()}' is unknown; allowed are {string.Join(", ", choices.Keys)}");

    /// <summary>A reason: it becomes a name in counts and reports.</summary>
    internal string Reason()
        => ReasonPattern().IsMatch(Text()) ? Text() : throw Fault("a reason has 1 to 40 small letters, digits and hyphens, and begins with a letter");

    /// <summary>A text, number or truth value as compact JSON.</summary>
    internal byte[] Constant()
    {
        if (!IsScalar)
        {
            throw Fault("a text, a number, true or false is needed here");
        }
        if (Json.ValueKind == JsonValueKind.Number && !Json.TryGetDecimal(out _))
        {
            throw Fault("the number is out of range");
        }
        return JsonSerializer.SerializeToUtf8Bytes(Json, MappingJson.Default.JsonElement);
    }

    private string Of(string name) => Place.Length == 0 ? name : $"{Place}.{name}";

    [GeneratedRegex("^[a-z][a-z0-9-]{0,39}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ReasonPattern();
}

[System.Text.Json.Serialization.JsonSerializable(typeof(JsonElement))]
internal sealed partial class MappingJson : System.Text.Json.Serialization.JsonSerializerContext;
