namespace Segue.Numerics.Metrics;

/// <summary>What a set of lists is like beside being right: breadth, surprise, fairness, variety.</summary>
public static class BeyondAccuracy
{
    /// <summary>Items that stand in at least one list ÷ items of the catalogue, in [0, 1]; 0 for no lists.</summary>
    public static double Coverage(IEnumerable<int[]> lists, int catalogueSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(catalogueSize);
        return (double)lists.SelectMany(list => list).Distinct().Count() / catalogueSize;
    }

    /// <summary>Mean over all recommended places of -log₂(share of users who know the item), in bits: the mean self-information
    /// of Zhou et al., PNAS 2010. An item that nobody knows counts as known by one. NaN for no places.</summary>
    /// <param name="itemUsers">Users who know each item, by item.</param>
    public static double Novelty(IEnumerable<int[]> lists, IReadOnlyList<int> itemUsers, int users)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(users);
        double sum = 0;
        long places = 0;
        foreach (var item in lists.SelectMany(list => list))
        {
            sum -= Math.Log2((double)Math.Max(1, itemUsers[item]) / users);
            places++;
        }
        return sum / places;
    }

    /// <summary>Gini coefficient of how often each item of the catalogue is recommended: 0 = all alike, towards 1 = all
    /// places go to one item. Items never recommended count. NaN for no places.</summary>
    public static double Gini(IEnumerable<int[]> lists, int catalogueSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(catalogueSize);
        var counts = new long[catalogueSize];
        foreach (var item in lists.SelectMany(list => list))
        {
            counts[item]++;
        }
        return Gini(counts);
    }

    /// <summary>Gini coefficient of counts: Σ (2i - n - 1) xᵢ / (n Σ xᵢ) over ascending xᵢ, i from 1. NaN when all are 0.</summary>
    public static double Gini(ReadOnlySpan<long> counts)
    {
        var ascending = counts.ToArray();
        Array.Sort(ascending);
        double weighted = 0, sum = 0;
        for (var i = 0; i < ascending.Length; i++)
        {
            weighted += (2.0 * (i + 1) - ascending.Length - 1) * ascending[i];
            sum += ascending[i];
        }
        return weighted / (ascending.Length * sum);
    }

    /// <summary>Mean over lists of the mean of 1 - similarity over the list's pairs of items (Ziegler et al., WWW 2005).
    /// Lists of fewer than two items are left out; NaN when none is left.</summary>
    /// <param name="similarity">Symmetric, 1 for equals: a cosine of tags, sound, factors or listeners.</param>
    public static double IntraListDiversity(IEnumerable<int[]> lists, Func<int, int, double> similarity)
    {
        double sum = 0;
        var counted = 0;
        foreach (var list in lists.Where(list => list.Length > 1))
        {
            double distance = 0;
            for (var i = 1; i < list.Length; i++)
            {
                for (var j = 0; j < i; j++)
                {
                    distance += 1 - similarity(list[i], list[j]);
                }
            }
            sum += distance / (list.Length * (list.Length - 1) / 2.0);
            counted++;
        }
        return sum / counted;
    }
}
