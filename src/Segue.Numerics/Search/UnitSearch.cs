namespace Segue.Numerics.Search;

/// <summary>The rows of greatest inner product with each of some queries: exactly those, equal scores by lower place, for any number of threads.</summary>
public static class UnitSearch
{
    private const int FewQueries = 32, StretchRows = 4 * UnitRows.ChunkRows;

    /// <param name="count">Rows that are searched: those at the places below it.</param>
    /// <param name="queries">Shape [queries × d], of any length each.</param>
    /// <param name="k">Length of a list, at least 1; shorter where fewer rows are kept.</param>
    /// <param name="withOffsets">Adds to each score what <see cref="UnitRows.Offset"/> says.</param>
    /// <param name="keep">Told query and place; false leaves the row out of the list. Called from several threads, and for few of the rows. Null keeps all.</param>
    /// <exception cref="ArgumentException">A query is not finite, or not of d values.</exception>
    public static ScoredItem[][] Nearest(
        UnitRows rows, int count, DenseMatrix queries, int k, bool withOffsets = false, Func<int, int, bool>? keep = null, int threads = 1,
        CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        var found = new ScoredItem[queries.Rows][];
        if (queries.Rows > FewQueries)
        {
            var blocks = (queries.Rows + UnitScan.MostQueries - 1) / UnitScan.MostQueries;
            Workers.For(blocks, threads, block =>
            {
                var from = block * UnitScan.MostQueries;
                var to = Math.Min(queries.Rows, from + UnitScan.MostQueries);
                var lists = Scan(rows, (0, count), queries, (from, to), k, withOffsets, keep);
                for (var query = from; query < to; query++)
                {
                    found[query] = Best(lists[query - from], k);
                }
            }, cancellation);
            return found;
        }
        var stretches = Math.Max(1, (count + StretchRows - 1) / StretchRows);
        var parts = new List<ScoredItem>[stretches][];
        Workers.For(stretches, threads, stretch => parts[stretch] = Scan(
            rows, (stretch * StretchRows, Math.Min(count, (stretch + 1) * StretchRows)), queries, (0, queries.Rows), k, withOffsets, keep), cancellation);
        for (var query = 0; query < queries.Rows; query++)
        {
            found[query] = Best([.. parts.SelectMany(part => part[query])], k);
        }
        return found;
    }

    private static List<ScoredItem>[] Scan(
        UnitRows rows, (int From, int To) places, DenseMatrix queries, (int From, int To) block, int k, bool withOffsets, Func<int, int, bool>? keep)
    {
        using var scan = new UnitScan(rows);
        var length = Math.Min(k, Math.Max(1, places.To - places.From));
        var (lists, thresholds) = (new BoundedList[block.To - block.From], new float[block.To - block.From]);
        for (var n = 0; n < lists.Length; n++)
        {
            (lists[n], thresholds[n]) = (new(length), float.NegativeInfinity);
            lists[n].Begin(slack: 0);
            scan.Add(queries.Row(block.From + n));
        }
        scan.Run(places.From, places.To, withOffsets, (query, place, score) => keep is null || keep(block.From + query, place)
            ? thresholds[query] = lists[query].Add(place, score)
            : thresholds[query]);
        return Array.ConvertAll(lists, list =>
        {
            var items = new List<ScoredItem>();
            list.CopyTo(items);
            return items;
        });
    }

    private static ScoredItem[] Best(List<ScoredItem> candidates, int k)
    {
        candidates.Sort(ScoredItem.BestFirst);
        return [.. candidates.Take(k)];
    }
}
