using System.Buffers;

namespace Segue.Numerics;

/// <summary>Finds what stands at a place of an order without making the order.</summary>
public static class Selection
{
    /// <summary>The n-th highest score, from 1.</summary>
    /// <param name="scores">None is NaN; they stay where they are.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not as many.</exception>
    public static float Highest(ReadOnlySpan<float> scores, int n)
    {
        var falling = new uint[scores.Length];
        for (var at = 0; at < falling.Length; at++)
        {
            falling[at] = ScoredItem.Falling(scores[at]);
        }
        return ScoredItem.OfFalling(Nth(falling, n - 1));
    }

    /// <summary>The best of some items in their order (see <see cref="ScoredItem.BestFirst"/>), as keeping them with <see cref="TopK"/> would give; what it costs hardly depends on how many.</summary>
    /// <param name="items">Each once, no score is NaN; they are moved about.</param>
    /// <param name="k">So many at most, at least 0.</param>
    /// <returns>The first of <paramref name="items"/>.</returns>
    public static Span<ScoredItem> Best(Span<ScoredItem> items, int k)
    {
        var best = items;
        if (k > 0 && k < items.Length)
        {
            var rented = ArrayPool<uint>.Shared.Rent(items.Length);
            var falling = rented.AsSpan(0, items.Length);
            for (var n = 0; n < falling.Length; n++)
            {
                falling[n] = ScoredItem.Falling(items[n].Score);
            }
            var (worst, kept) = (Nth(falling, k - 1), 0);
            foreach (var item in items)
            {
                items[kept] = item;
                kept += ScoredItem.Falling(item.Score) <= worst ? 1 : 0;   // no branch that nobody could foresee
            }
            best = items[..kept];
            ArrayPool<uint>.Shared.Return(rented);
        }
        ScoredItem.SortBestFirst(best);
        return best[..Math.Min(k, best.Length)];
    }

    /// <summary>The n-th smallest value, from 0; moves values about. O(length) as a rule (Hoare, "Algorithm 65: find", 1961).</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not as many.</exception>
    public static uint Nth(Span<uint> values, int n)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)n, (uint)values.Length, nameof(n));
        var (low, high) = (0, values.Length - 1);
        while (low < high)
        {
            var pivot = values[(int)((uint)(low + high) / 2)];
            var (left, right) = (low, high);
            while (left <= right)
            {
                while (values[left] < pivot)
                {
                    left++;
                }
                while (values[right] > pivot)
                {
                    right--;
                }
                if (left <= right)
                {
                    (values[left], values[right]) = (values[right], values[left]);
                    left++;
                    right--;
                }
            }
            (low, high) = n <= right ? (low, right) : n >= left ? (left, high) : (n, n);
        }
        return values[n];
    }
}
