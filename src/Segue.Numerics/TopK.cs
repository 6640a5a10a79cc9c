using System.Buffers;

namespace Segue.Numerics;

/// <summary>An item and its score.</summary>
public readonly record struct ScoredItem(int Item, float Score)
{
    /// <summary>Higher score first, equal scores by lower item. Not for NaN.</summary>
    public static Comparison<ScoredItem> BestFirst { get; } = static (a, b) => b.Score.CompareTo(a.Score) is not 0 and var order ? order : a.Item.CompareTo(b.Item);

    /// <summary>Sorts by <see cref="BestFirst"/>, without asking it: as whole numbers that rise in its order.</summary>
    /// <param name="items">Of items from 0 on; no score is NaN.</param>
    public static void SortBestFirst(Span<ScoredItem> items)
    {
        var rented = ArrayPool<ulong>.Shared.Rent(items.Length);
        var keys = rented.AsSpan(0, items.Length);
        for (var n = 0; n < keys.Length; n++)
        {
            keys[n] = (ulong)Falling(items[n].Score) << 32 | (uint)items[n].Item;
        }
        keys.Sort(items);
        ArrayPool<ulong>.Shared.Return(rented);
    }

    /// <summary>A whole number that falls where a score rises; -0 counts as 0. Not for NaN.</summary>
    public static uint Falling(float score)
    {
        var bits = BitConverter.SingleToInt32Bits(score + 0f);   // bits of floats order like numbers once the sign is turned
        return (uint)(bits < 0 ? bits : ~(bits ^ int.MinValue));
    }

    /// <summary>The score of which <see cref="Falling"/> made a number.</summary>
    public static float OfFalling(uint falling) => BitConverter.UInt32BitsToSingle((falling & 0x8000_0000) != 0 ? falling : falling ^ 0x7FFF_FFFF);
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

    /// <summary>An item of a lower score is not kept; −∞ while there are fewer than k.</summary>
    public float Least => Count < _heap.Length ? float.NegativeInfinity : _heap.Length == 0 ? float.PositiveInfinity : _heap[0].Score;

    /// <summary>The kept items, the worst first and the others in no order, which depends on what was added alone; valid until the next change.</summary>
    public ReadOnlySpan<ScoredItem> Kept => _heap.AsSpan(0, Count);

    /// <summary>Empties the selection; its memory stays.</summary>
    public void Clear() => Count = 0;

    /// <summary>The kept items, best first; empties the selection.</summary>
    public ScoredItem[] Take()
    {
        var best = _heap.AsSpan(0, Count).ToArray();
        ScoredItem.SortBestFirst(best);
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
