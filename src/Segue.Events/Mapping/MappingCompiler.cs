using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Segue.Events.Mapping;

/// <summary>Turns a mapping file into conditions and values, and says what is wrong with it.</summary>
internal sealed class MappingCompiler(PathTree paths, IReadOnlyDictionary<string, FrozenDictionary<string, byte[]?>> tables)
{
    private static readonly FrozenDictionary<string, decimal> SecondsPerUnit = new Dictionary<string, decimal>(StringComparer.Ordinal)
    {
        ["seconds"] = 1, ["milliseconds"] = 0.001m, ["minutes"] = 60,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, int> MillisecondsPerUnit = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["unix-seconds"] = 1000, ["unix-milliseconds"] = 1,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, bool> AsText
        = new Dictionary<string, bool>(StringComparer.Ordinal) { ["text"] = true, ["number"] = false }.ToFrozenDictionary();

    // Ways to read a field that exclude each other.
    private static readonly string[] Ways = ["time", "unit", "table", "as"];

    internal static FrozenDictionary<string, byte[]?> Table(MappingNode node)
        => node.IsObject && node.Members.Any()
            ? node.Members.ToFrozenDictionary(entry => entry.Name, entry => ConstantOrNull(entry.Node), StringComparer.Ordinal)
            : throw node.Fault("a table is an object with a text or number for each value that may come");

    /// <summary>One condition, or a list of which all must hold.</summary>
    internal Condition Condition(MappingNode node)
    {
        if (node.Json.ValueKind == JsonValueKind.Array)
        {
            return new AllOf([.. node.Items().Select(Condition)]);
        }
        if (!node.IsObject)
        {
            throw node.Fault("a condition is an object, or a list of them");
        }
        if (node["field"] is not { } field)
        {
            var parts = node.Only("any", "all", "not").One(out var word, "field", "any", "all", "not");
            return word switch
            {
                "not" => new Not(Condition(parts)),
                "any" => new AnyOf([.. parts.Items().Select(Condition)]),
                _ => new AllOf([.. parts.Items().Select(Condition)]),
            };
        }
        var test = node.Only("field", "equals", "oneOf", "exists", "matches").One(out var kind, "equals", "oneOf", "exists", "matches");
        var slot = Slot(field);
        return kind switch
        {
            "equals" => new EqualsOneOf(slot, [Scalar(test)]),
            "oneOf" => new EqualsOneOf(slot, [.. test.Items().Select(Scalar)]),
            "exists" => new Exists(slot, test.Truth()),
            _ => new Matches(slot, Pattern(test)),
        };
    }

    internal Value Value(MappingNode node)
    {
        if (node.IsScalar)
        {
            return new Constant(node.Constant());
        }
        var source = node.Only("field", "template", "value", "first", "as", "trim", "unit", "time", "table", "else", "default", "required")
            .One(out var kind, "field", "template", "value", "first");
        if (kind != "field")
        {
            node.Only(kind, "default", "required");
        }
        var value = kind switch
        {
            "field" => Field(node, source),
            "template" => Template(source),
            "value" => new Constant(source.Constant()),
            _ => new FirstOf([.. source.Items().Select(Value)]),
        };
        return node["default"] is { } otherwise ? new FirstOf([value, new Constant(otherwise.Constant())])
            : node["required"]?.Truth() == true ? new Required(value, node.Place)
            : value;
    }

    private Value Field(MappingNode node, MappingNode source)
    {
        var (slot, path) = (Slot(source), source.Text());
        var kinds = Ways.Where(kind => node[kind] is not null).ToArray();
        if (kinds.Length > 1)
        {
            throw node.Fault($"{string.Join(" and ", kinds)} exclude each other");
        }
        if (node["trim"] is { } trim && kinds is not ([] or ["as"]))
        {
            throw trim.Fault("only texts are trimmed");
        }
        if (node["else"] is { } stray && kinds is not ["table"])
        {
            throw stray.Fault("else goes with a table");
        }
        return kinds switch
        {
            ["time"] => Time(slot, path, node["time"]!.Value),
            ["unit"] => Seconds(slot, path, node["unit"]!.Value.Choice(SecondsPerUnit)),
            ["table"] => new TableValue(slot, path, TableOf(node["table"]!.Value), node["else"] is not null, node["else"] is { } others ? ConstantOrNull(others) : null),
            ["as"] when !node["as"]!.Value.Choice(AsText) => Seconds(slot, path, 1),
            _ => new CopiedField(slot, path, asText: kinds is ["as"], trim: node["trim"]?.Truth() == true),
        };
    }

    // 0.001 as a factor would leave trailing zeros in every value.
    private static NumberField Seconds(int slot, string path, decimal perUnit)
        => perUnit < 1 ? new(slot, path, 1, 1 / perUnit) : new(slot, path, perUnit, 1);

    private static TimeField Time(int slot, string path, MappingNode node)
    {
        if (!node.IsObject)
        {
            return node.Json.ValueKind == JsonValueKind.String && node.Json.ValueEquals("iso-8601")
                ? new WrittenTime(slot, path, format: null, zone: null)
                : MillisecondsPerUnit.TryGetValue(node.Text(), out var unit)
                    ? new UnixTime(slot, path, unit)
                    : throw node.Fault($"'{node.Text()}' is unknown; allowed are {string.Join(", ", MillisecondsPerUnit.Keys)}, iso-8601, or an object with format and zone");
        }
        var format = node.Only("format", "zone")["format"] ?? throw node.Fault("it needs a format: iso-8601, or one of .NET such as yyyy-MM-dd HH:mm:ss");
        return new WrittenTime(slot, path, format.Text() == "iso-8601" ? null : Format(format), node["zone"] is { } zone ? Zone(zone) : null);
    }

    private static string Format(MappingNode node)
    {
        try
        {
            _ = DateTime.UnixEpoch.ToString(node.Text(), CultureInfo.InvariantCulture);
            return node.Text();
        }
        catch (FormatException)
        {
            throw node.Fault($"'{node.Text()}' is no format of times; an example is yyyy-MM-dd HH:mm:ss");
        }
    }

    private static TimeSpan Zone(MappingNode node)
        => node.Text() is "Z" or "UTC" ? TimeSpan.Zero
            : DateTimeOffset.TryParseExact($"2000-01-01 {node.Text()}", "yyyy-MM-dd zzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time.Offset
            : throw node.Fault("a zone reads UTC or +01:00");

    private FrozenDictionary<string, byte[]?> TableOf(MappingNode node)
        => node.IsObject ? Table(node)
            : tables.TryGetValue(node.Text(), out var named) ? named
            : throw node.Fault($"there is no table '{node.Text()}'; tables has {(tables.Count == 0 ? "none" : string.Join(", ", tables.Keys))}");

    private Template Template(MappingNode node)
    {
        var parts = new List<(byte[]? Text, int Slot, string Path)>();
        var text = node.Text();
        for (var from = 0; from < text.Length;)
        {
            var open = text.IndexOf('{', from);
            if (open != from)
            {
                parts.Add((Encoding.UTF8.GetBytes(text[from..(open < 0 ? text.Length : open)]), -1, ""));
            }
            if (open < 0)
            {
                break;
            }
            var close = text.IndexOf('}', open);
            if (close < 0)
            {
                throw node.Fault("a '{' has no '}' after it");
            }
            var path = text[(open + 1)..close];
            parts.Add((null, Slot(node, path), path));
            from = close + 1;
        }
        return parts.Count > 0 ? new Template([.. parts]) : throw node.Fault("it is empty");
    }

    private int Slot(MappingNode node) => Slot(node, node.Text());

    private int Slot(MappingNode node, string path)
    {
        try
        {
            return paths.Add(path);
        }
        catch (FormatException fault)
        {
            throw new MappingException($"{node.Place}: {fault.Message}", fault);
        }
    }

    private static Regex Pattern(MappingNode node)
    {
        try
        {
            // Without backtracking the time is linear in the text, whoever wrote it.
            return new(node.Text(), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            throw new MappingException($"{node.Place}: the pattern cannot be used: {fault.Message}", fault);
        }
    }

    private static JsonElement Scalar(MappingNode node)
    {
        node.Constant();
        return node.Json;
    }

    private static byte[]? ConstantOrNull(MappingNode node) => node.Json.ValueKind == JsonValueKind.Null ? null : node.Constant();
}
