namespace Segue.Numerics;

/// <summary>An item and its score.</summary>
public readonly record struct ScoredItem(int Item, float Score)
{
    /// <summary>Higher score first, equal scores by lower item. Not for NaN.</summary>
    public static Comparison<ScoredItem> BestFirst { get; } = static (a, b) => b.Score.CompareTo(a.Score) is not 0 and var order ? order : a.Item.CompareTo(b.Item);
}

/// <summary>Keeps the k best of a stream of scored items.</summary>
/// <remarks>Order: higher score first, equal scores by lower item, so that a result never depends on the order of arrival.
/// NaN is never kept. O(log k) for an item that enters, O(1) for one that does not.</remarks>
public sealed class TopK
{
    private readonly ScoredItem[] _heap;   // the worst kept item at the root

    /// <exception cref="ArgumentOutOfRangeException">k is negative.</exception>
    public TopK(int k)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(k);
        _heap = new ScoredItem[k];
    }

    public int Count { get; private set; }

    public void Add(int item, float score)
    {
        var entry = new ScoredItem(item, score);
        if (float.IsNaN(score))
        {
            return;
        }
        if (Count < _heap.Length)
        {
            SiftUp(Count++, entry);
        }
        else if (Count > 0 && IsBetter(entry, _heap[0]))
        {
            SiftDown(entry);
        }
    }

    /// <summary>The kept items, the worst first and the others in no order, which depends on what was added alone; valid until the next change.</summary>
    public ReadOnlySpan<ScoredItem> Kept => _heap.AsSpan(0, Count);

    /// <summary>Empties the selection; its memory stays.</summary>
    public void Clear() => Count = 0;

    /// <summary>The kept items, best first; empties the selection.</summary>
    public ScoredItem[] Take()
    {
        var best = _heap.AsSpan(0, Count).ToArray();
        Array.Sort(best, static (a, b) => IsBetter(a, b) ? -1 : IsBetter(b, a) ? 1 : 0);
        Count = 0;
        return best;
    }

    /// <summary>The k best items by <paramref name="scores"/>, item i having score i; -∞ marks an item that may not appear.</summary>
    public static ScoredItem[] Select(ReadOnlySpan<float> scores, int k)
    {
        var best = new TopK(Math.Min(k, scores.Length));
        for (var item = 0; item < scores.Length; item++)
        {
            if (!float.IsNegativeInfinity(scores[item]))
            {
                best.Add(item, scores[item]);
            }
        }
        return best.Take();
    }

    private static bool IsBetter(ScoredItem a, ScoredItem b) => a.Score > b.Score || (a.Score == b.Score && a.Item < b.Item);

    private void SiftUp(int at, ScoredItem entry)
    {
        for (; at > 0 && IsBetter(_heap[(at - 1) / 2], entry); at = (at - 1) / 2)
        {
            _heap[at] = _heap[(at - 1) / 2];
        }
        _heap[at] = entry;
    }

    private void SiftDown(ScoredItem entry)
    {
        var at = 0;
        while (true)
        {
            var child = 2 * at + 1;
            if (child >= Count)
            {
                break;
            }
            if (child + 1 < Count && IsBetter(_heap[child], _heap[child + 1]))
            {
                child++;
            }
            if (!IsBetter(entry, _heap[child]))
            {
                break;
            }
            _heap[at] = _heap[child];
            at = child;
        }
        _heap[at] = entry;
    }
}
