namespace Segue.Models.Sittings;

/// <summary>Which past sittings hold an item: the newest of them, newest first.</summary>
/// <remarks>Memory: 4 bytes an entry and 8 an item; an item that a sitting holds several times is one entry. Built in O(places).</remarks>
internal sealed class SittingIndex
{
    private readonly int[] _starts;
    private readonly int[] _sittings;

    /// <param name="sample">Most sittings of an item, at least 1.</param>
    public SittingIndex(PastSittings past, int items, int sample)
    {
        var last = new int[items];
        Frequencies = new int[items];
        _starts = new int[items + 1];
        Visit(past, last, (item, _) => Frequencies[item]++);
        for (var item = 0; item < items; item++)
        {
            _starts[item + 1] = checked(_starts[item] + Math.Min(sample, Frequencies[item]));
        }
        _sittings = new int[_starts[^1]];
        var next = _starts.AsSpan(0, items).ToArray();
        Visit(past, last, (item, sitting) =>
        {
            if (next[item] < _starts[item + 1])
            {
                _sittings[next[item]++] = sitting;
            }
        });
    }

    /// <summary>Sittings that hold an item, those beyond the sample too.</summary>
    public int[] Frequencies { get; }

    public ReadOnlySpan<int> this[int item] => _sittings.AsSpan(_starts[item]..(_starts[item + 1]));

    // Tells each item of each sitting once, sittings newest first.
    private static void Visit(PastSittings past, int[] last, Action<int, int> tell)
    {
        Array.Fill(last, -1);
        for (var sitting = 0; sitting < past.Count; sitting++)
        {
            foreach (var item in past[sitting])
            {
                if (last[item] != sitting)
                {
                    last[item] = sitting;
                    tell(item, sitting);
                }
            }
        }
    }
}
