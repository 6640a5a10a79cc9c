using System.Collections.Frozen;

namespace Segue.Events.Mapping;

/// <summary>The fields of the wire format that a mapping may fill; see docs/events.md.</summary>
internal static class EventShape
{
    private static readonly string[] Types = ["listen", "vote", "playlistAdd", "playlistRemove", "click", "follow", "ban", "impression"];

    private static readonly string[] Fields =
    [
        "type", "listener", "at", "id", "sentAt", "private", "track", "recording", "heardSeconds", "trackSeconds", "endReason", "chosenBy",
        "recommendation", "session", "vote", "playlist", "position", "card", "artist", "following", "until", "banned",
        "source", "model", "arm", "propensity", "extra",
    ];

    private static readonly FrozenDictionary<string, string[]> Nested = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["recording"] = ["mbid", "isrc", "artist", "title", "album", "durationSeconds"],
        ["card"] = ["title", "artist", "artistRank", "genre", "durationSeconds", "volume"],
    }.ToFrozenDictionary();

    // A mapping is the last place where a service's words for persons could slip into the log.
    private static readonly FrozenSet<string> Personal = new[]
    {
        "name", "firstname", "lastname", "fullname", "username", "nickname", "email", "mail", "phone", "address", "street", "ip", "ipaddress",
        "useragent", "agent", "device", "deviceid", "birthdate", "dateofbirth", "birthday", "latitude", "longitude", "lat", "lon", "location",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    internal static ObjectValue Compile(MappingNode node, MappingCompiler compiler)
    {
        node.Only(Fields);
        if ((node["type"] ?? throw node.Fault("an event needs a type")) is { IsScalar: true } type && !Types.Contains(type.Text(), StringComparer.Ordinal))
        {
            throw type.Fault($"'{type.Text()}' is unknown; allowed are {string.Join(", ", Types)}");
        }
        var members = new List<(byte[], Value)>();
        foreach (var name in (string[])["type", "listener", "at"])
        {
            var value = node[name] ?? throw node.Fault($"an event needs {name}");
            members.Add((ObjectValue.KeyOf(name), new Required(compiler.Value(value), name)));
        }
        foreach (var (name, value) in node.Members.Where(member => member.Name is not ("type" or "listener" or "at" or "extra")))
        {
            members.Add((ObjectValue.KeyOf(name), Nested.TryGetValue(name, out var inner) ? Object(value.Only(inner), compiler) : compiler.Value(value)));
        }
        if (node["extra"] is { } extra)
        {
            members.AddRange(Extra(extra, compiler));
        }
        return new([.. members]);
    }

    private static ObjectValue Object(MappingNode node, MappingCompiler compiler)
        => new([.. node.Members.Select(member => (ObjectValue.KeyOf(member.Name), compiler.Value(member.Node)))]);

    private static IEnumerable<(byte[], Value)> Extra(MappingNode extra, MappingCompiler compiler)
    {
        if (!extra.IsObject)
        {
            throw extra.Fault("an object is needed here");
        }
        foreach (var (name, node) in extra.Members)
        {
            if (Fields.Contains(name, StringComparer.Ordinal))
            {
                throw node.Fault("this name has a meaning in the wire format: put it beside extra");
            }
            if (Personal.Contains(name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal)))
            {
                throw node.Fault("personal data does not enter the event log; it belongs to the accounts");
            }
            yield return (ObjectValue.KeyOf(name), compiler.Value(node));
        }
    }
}
