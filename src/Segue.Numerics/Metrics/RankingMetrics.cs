namespace Segue.Numerics.Metrics;

/// <summary>How good one ranked list is for one user, with binary relevance. Formulas and conventions: <c>docs/metrics.md</c>.</summary>
/// <remarks>
/// Conventions of all methods here:
/// <list type="bullet">
/// <item><c>ranked</c> holds distinct items, best first. Ties were broken by whoever ranked; this project ranks equal scores by
/// lower item row.</item>
/// <item>A list shorter than k is legal: the missing places are misses. An empty list scores 0.</item>
/// <item>Without any relevant item a metric is undefined: NaN, and averages leave that user out.</item>
/// <item>k is at least 1; the cost is O(k) look-ups.</item>
/// </list>
/// </remarks>
public static class RankingMetrics
{
    /// <summary>Hits in the first k ÷ number of relevant items.</summary>
    public static double RecallAt(ReadOnlySpan<int> ranked, IReadOnlySet<int> relevant, int k)
        => relevant.Count == 0 ? double.NaN : (double)Hits(ranked, relevant, k) / relevant.Count;

    /// <summary>Hits in the first k ÷ k, also for a list shorter than k.</summary>
    public static double PrecisionAt(ReadOnlySpan<int> ranked, IReadOnlySet<int> relevant, int k)
        => relevant.Count == 0 ? double.NaN : (double)Hits(ranked, relevant, k) / k;

    /// <summary>Hit ratio: 1 when the first k hold a relevant item, else 0.</summary>
    public static double HitRatioAt(ReadOnlySpan<int> ranked, IReadOnlySet<int> relevant, int k)
        => relevant.Count == 0 ? double.NaN : Hits(ranked, relevant, k) > 0 ? 1 : 0;

    /// <summary>DCG ÷ best possible DCG: Σ over hits at place p (from 0) of 1/log₂(p + 2), the ideal list having
    /// min(k, |relevant|) hits at its head (Järvelin and Kekäläinen, TOIS 2002, binary gains).</summary>
    public static double NdcgAt(ReadOnlySpan<int> ranked, IReadOnlySet<int> relevant, int k)
    {
        if (relevant.Count == 0)
        {
            return double.NaN;
        }
        double gain = 0, ideal = 0;
        for (var place = 0; place < Length(ranked, k); place++)
        {
            gain += relevant.Contains(ranked[place]) ? Discount(place) : 0;
        }
        for (var place = 0; place < Math.Min(k, relevant.Count); place++)
        {
            ideal += Discount(place);
        }
        return gain / ideal;
    }

    /// <summary>1 ÷ place (from 1) of the first relevant item among the first k; 0 when there is none.</summary>
    public static double ReciprocalRankAt(ReadOnlySpan<int> ranked, IReadOnlySet<int> relevant, int k)
    {
        for (var place = 0; place < Length(ranked, k); place++)
        {
            if (relevant.Contains(ranked[place]))
            {
                return 1.0 / (place + 1);
            }
        }
        return relevant.Count == 0 ? double.NaN : 0;
    }

    /// <summary>Σ over hits of the precision at the hit's place ÷ min(k, |relevant|).</summary>
    public static double AveragePrecisionAt(ReadOnlySpan<int> ranked, IReadOnlySet<int> relevant, int k)
    {
        double sum = 0;
        var hits = 0;
        for (var place = 0; place < Length(ranked, k); place++)
        {
            if (relevant.Contains(ranked[place]))
            {
                sum += (double)++hits / (place + 1);
            }
        }
        return relevant.Count == 0 ? double.NaN : sum / Math.Min(k, relevant.Count);
    }

    /// <summary>1/log₂(place + 2): what a hit at a place (from 0, fractions allowed for tied ranks) is worth.</summary>
    public static double Discount(double place) => 1 / Math.Log2(place + 2);

    private static int Hits(ReadOnlySpan<int> ranked, IReadOnlySet<int> relevant, int k)
    {
        var hits = 0;
        foreach (var item in ranked[..Length(ranked, k)])
        {
            hits += relevant.Contains(item) ? 1 : 0;
        }
        return hits;
    }

    private static int Length(ReadOnlySpan<int> ranked, int k)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        return Math.Min(k, ranked.Length);
    }
}
