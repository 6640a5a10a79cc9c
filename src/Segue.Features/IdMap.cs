namespace Segue.Features;

/// <summary>The one crossing between the world's ids and a model's rows: row n is the n-th distinct id that was added.</summary>
public sealed class IdMap
{
    private readonly Dictionary<string, int> _rows = new(StringComparer.Ordinal);
    private readonly List<string> _ids = [];

    public IdMap()
    {
    }

    public IdMap(IEnumerable<string> ids)
    {
        foreach (var id in ids)
        {
            Add(id);
        }
    }

    public int Count => _ids.Count;

    /// <summary>All ids in row order.</summary>
    public IReadOnlyList<string> Ids => _ids;

    /// <summary>The row of <paramref name="id"/>, new if it was not there.</summary>
    public int Add(string id)
    {
        if (!_rows.TryGetValue(id, out var row))
        {
            row = _ids.Count;
            _rows.Add(id, row);
            _ids.Add(id);
        }
        return row;
    }

    /// <summary>The row of <paramref name="id"/>, or null when it is unknown.</summary>
    public int? Find(string id) => _rows.TryGetValue(id, out var row) ? row : null;

    public string this[int row] => _ids[row];
}
