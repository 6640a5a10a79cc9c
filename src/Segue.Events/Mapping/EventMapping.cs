using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;

namespace Segue.Events.Mapping;

/// <summary>How the lines of a foreign dialect become events; read from a mapping file (docs/mapping.md). Immutable.</summary>
public sealed class EventMapping
{
    private static readonly JsonDocumentOptions Lenient = new()
    {
        AllowDuplicateProperties = false,
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    private EventMapping(string name, string id, PathTree paths, MappingRule[] rules)
        => (Name, Id, Paths, Rules) = (name, id, paths, rules);

    public string Name { get; }

    /// <summary>The name with a digest of the file's bytes: it changes whenever the file does.</summary>
    public string Id { get; }

    internal PathTree Paths { get; }

    internal MappingRule[] Rules { get; }

    /// <exception cref="MappingException">The file says something impossible; the message names the place.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static EventMapping Load(string file)
    {
        var bytes = File.ReadAllBytes(file);
        try
        {
            return Parse(bytes);
        }
        catch (MappingException fault)
        {
            throw new MappingException($"{file}: {fault.Message}", fault);
        }
    }

    /// <inheritdoc cref="Load"/>
    public static EventMapping Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Lenient);
            return Compile(new(document.RootElement, ""), Convert.ToHexStringLower(SHA256.HashData(json.Span).AsSpan(0, 6)));
        }
        catch (JsonException fault)
        {
            throw new MappingException($"It is not JSON: {fault.Message}", fault);
        }
    }

    /// <summary>A mapper for one thread.</summary>
    public EventMapper CreateMapper() => new(this);

    private static EventMapping Compile(MappingNode root, string digest)
    {
        if (!root.IsObject)
        {
            throw new MappingException("A mapping is an object with name and rules.");
        }
        root.Only("name", "description", "tables", "rules", "otherwise");
        var name = (root["name"] ?? throw new MappingException("name: a mapping needs a name.")).Reason();
        root["description"]?.Text();
        var tables = root["tables"] is { } given
            ? given.Members.ToFrozenDictionary(table => table.Name, table => MappingCompiler.Table(table.Node), StringComparer.Ordinal)
            : FrozenDictionary<string, FrozenDictionary<string, byte[]?>>.Empty;
        var paths = new PathTree();
        var compiler = new MappingCompiler(paths, tables);
        var rules = (root["rules"] ?? throw new MappingException("rules: a mapping needs rules.")).Items().Select(rule => Rule(rule, compiler)).ToList();
        if (root["otherwise"] is { } otherwise)
        {
            rules.Add(Verdict(null, otherwise.Only("filter", "reject"), compiler));
        }
        return new(name, $"{name}@{digest}", paths, [.. rules]);
    }

    private static MappingRule Rule(MappingNode rule, MappingCompiler compiler)
        => Verdict(
            rule.Only("when", "event", "filter", "reject", "comment")["when"] is { } when ? compiler.Condition(when) : null,
            rule,
            compiler);

    private static MappingRule Verdict(Condition? when, MappingNode rule, MappingCompiler compiler)
    {
        var verdict = rule.One(out var kind, "event", "filter", "reject");
        return kind switch
        {
            "event" => new(when, MappingVerdict.Mapped, null, EventShape.Compile(verdict, compiler)),
            "filter" => new(when, MappingVerdict.Filtered, verdict.Reason(), null),
            _ => new(when, MappingVerdict.Rejected, verdict.Reason(), null),
        };
    }
}

/// <summary>What to do with lines for which a condition holds; with all, when it is null.</summary>
internal sealed record MappingRule(Condition? When, MappingVerdict Verdict, string? Reason, ObjectValue? Event);
