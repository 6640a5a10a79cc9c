using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Segue.Events.Mapping;

/// <summary>All field paths of a mapping as one tree, so that one pass over a line finds them all. A path that is read has a slot.</summary>
internal sealed class PathTree
{
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);

    internal PathNode Root { get; } = new();

    /// <summary>Paths by slot.</summary>
    internal List<string> Paths { get; } = [];

    /// <summary>The slot of a path such as <c>user.ids[0].value</c>, a new one for a path that is new.</summary>
    /// <exception cref="FormatException">It is not a path.</exception>
    internal int Add(string path)
    {
        if (_slots.TryGetValue(path, out var known))
        {
            return known;
        }
        var node = Root;
        foreach (var part in path.Split('.'))
        {
            var bracket = part.IndexOf('[', StringComparison.Ordinal);
            node = node.Property(bracket < 0 ? part : part[..bracket]);
            for (var rest = bracket < 0 ? "" : part[bracket..]; rest.Length > 0;)
            {
                var end = rest.IndexOf(']', StringComparison.Ordinal);
                if (rest[0] != '[' || end < 0 || !int.TryParse(rest.AsSpan(1, end - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
                {
                    throw new FormatException($"'{path}' is not a path: names joined by '.', each followed by as many [number] as there are arrays.");
                }
                (node, rest) = (node.Element(index), rest[(end + 1)..]);
            }
        }
        node.Slot = Paths.Count;
        Paths.Add(path);
        return _slots[path] = node.Slot;
    }
}

/// <summary>One step of a path.</summary>
internal sealed class PathNode
{
    private readonly List<(byte[] Name, PathNode Node)> _properties = [];
    private readonly List<(int Index, PathNode Node)> _elements = [];

    /// <summary>-1 for a step that is only on the way.</summary>
    internal int Slot { get; set; } = -1;

    internal bool HasProperties => _properties.Count > 0;

    internal bool HasElements => _elements.Count > 0;

    internal PathNode Property(string name)
    {
        if (name.Length == 0)
        {
            throw new FormatException("A path has a name before and after each '.'.");
        }
        var bytes = Encoding.UTF8.GetBytes(name);
        foreach (var (known, node) in _properties)
        {
            if (known.AsSpan().SequenceEqual(bytes))
            {
                return node;
            }
        }
        _properties.Add((bytes, new()));
        return _properties[^1].Node;
    }

    internal PathNode Element(int index)
    {
        if (Find(index) is not { } node)
        {
            _elements.Add((index, node = new()));
        }
        return node;
    }

    /// <summary>The step for the property name at which the reader stands; null when no path goes there.</summary>
    internal PathNode? Find(ref Utf8JsonReader reader)
    {
        var name = reader.ValueSpan;
        foreach (var (known, node) in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_properties))
        {
            if (reader.ValueIsEscaped ? reader.ValueTextEquals(known) : name.SequenceEqual(known))
            {
                return node;
            }
        }
        return null;
    }

    internal PathNode? Find(int index)
    {
        foreach (var (known, node) in _elements)
        {
            if (known == index)
            {
                return node;
            }
        }
        return null;
    }
}
