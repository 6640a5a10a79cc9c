namespace Segue.Features.Matrices;

/// <summary>Sorts occurrences by user, item, action, amount and age.</summary>
internal static class RadixSort
{
    private const int MostBits = 11;      // as many streams of writes as the nearer caches hold
    private const int FewRecords = 256;   // below it comparing is as fast

    /// <param name="scratch">As long as <paramref name="records"/>; overwritten.</param>
    /// <param name="firstUser">The least user among them.</param>
    /// <param name="users">Users from the first on: all lie within.</param>
    /// <param name="items">All items lie below.</param>
    public static void Sort(Span<PackedOccurrence> records, Span<PackedOccurrence> scratch, int firstUser, int users, int items)
    {
        if (records.Length < FewRecords)
        {
            records.Sort(PackedOccurrence.Compare);
            return;
        }
        var offset = (ulong)firstUser << PackedOccurrence.UserShift;
        var from = records;
        var to = scratch[..records.Length];
        Pass(ref from, ref to, 0, PackedOccurrence.ItemShift, UserBuckets.Bits(items));
        Pass(ref from, ref to, offset, PackedOccurrence.UserShift, UserBuckets.Bits(users));
        if (from != records)
        {
            from.CopyTo(records);
        }
        SortWithinPairs(records);
    }

    // Least digits first, digits of equal width.
    private static void Pass(ref Span<PackedOccurrence> from, ref Span<PackedOccurrence> to, ulong offset, int shift, int bits)
    {
        var passes = (bits + MostBits - 1) / MostBits;
        for (var pass = 0; pass < passes; pass++)
        {
            var width = (bits + passes - 1 - pass) / passes;
            if (Scatter(from, to, offset, shift, width))
            {
                var done = to;
                to = from;
                from = done;
            }
            shift += width;
        }
    }

    // False when all stand in one place already.
    private static bool Scatter(ReadOnlySpan<PackedOccurrence> from, Span<PackedOccurrence> to, ulong offset, int shift, int width)
    {
        Span<int> next = stackalloc int[1 << width];
        next.Clear();
        var mask = (1UL << width) - 1;
        foreach (ref readonly var record in from)
        {
            next[(int)(record.High - offset >> shift & mask)]++;
        }
        if (next.Contains(from.Length))
        {
            return false;
        }
        var start = 0;
        foreach (ref var place in next)
        {
            (place, start) = (start, start + place);
        }
        foreach (ref readonly var record in from)
        {
            to[next[(int)(record.High - offset >> shift & mask)]++] = record;
        }
        return true;
    }

    // What users do to one item is mostly a handful.
    private static void SortWithinPairs(Span<PackedOccurrence> records)
    {
        for (var start = 0; start < records.Length;)
        {
            var pair = records[start].Pair;
            var end = start + 1;
            for (; end < records.Length && records[end].Pair == pair; end++)
            {
            }
            if (end - start > 1)
            {
                SortPair(records[start..end]);
            }
            start = end;
        }
    }

    private static void SortPair(Span<PackedOccurrence> records)
    {
        const int Handful = 24;
        if (records.Length > Handful)
        {
            records.Sort(PackedOccurrence.Compare);
            return;
        }
        for (var n = 1; n < records.Length; n++)
        {
            var record = records[n];
            var at = n;
            for (; at > 0 && PackedOccurrence.Compare(records[at - 1], record) > 0; at--)
            {
                records[at] = records[at - 1];
            }
            records[at] = record;
        }
    }
}
