using System.Text;
using Segue.Events.Mapping;

namespace Segue.Events.Tests.Mapping;

/// <summary>Small mappings and what they make of a line.</summary>
internal static class MappedLines
{
    /// <summary>A mapping of one rule whose event has the given members beside type, listener and at.</summary>
    internal static EventMapping WithMembers(string members, string tables = "{}")
        => Parse($$$"""{"name":"test","tables":{{{tables}}},"rules":[{"event":{"type":"listen","listener":"l","at":0,{{{members}}} } }] }""");

    internal static EventMapping Parse(string json) => EventMapping.Parse(Encoding.UTF8.GetBytes(json));

    /// <summary>The members that <see cref="WithMembers"/> was given, as JSON; or "reason: detail" of a rejection.</summary>
    internal static string Members(this EventMapping mapping, string line)
    {
        var text = mapping.Map(line);
        const string Head = """{"type":"listen","listener":"l","at":0""";
        return text.StartsWith(Head, StringComparison.Ordinal) ? text[Head.Length..^1].TrimStart(',') : text;
    }

    /// <summary>The event as JSON; or "filtered reason" or "reason: detail".</summary>
    internal static string Map(this EventMapping mapping, string line)
    {
        var mapper = mapping.CreateMapper();
        var outcome = mapper.Map(Encoding.UTF8.GetBytes(line));
        return outcome.Verdict switch
        {
            MappingVerdict.Mapped => Encoding.UTF8.GetString(mapper.Event),
            MappingVerdict.Filtered => $"filtered {outcome.Reason}",
            _ => outcome.Detail is null ? outcome.Reason! : $"{outcome.Reason}: {outcome.Detail}",
        };
    }
}
