using Segue.Numerics;
using Segue.Numerics.Search;

namespace Segue.Retrieval.Sounds;

/// <summary>Holds back tracks that are near to everything.</summary>
/// <remarks>
/// In many dimensions some tracks lie among the nearest of very many others, and would be in every list (Radovanović, Nanopoulos and Ivanović, "Hubs in Space", JMLR 2010). Following
/// the scaling by local neighborhoods of Schnitzer, Flexer, Schedl and Widmer ("Local and Global Scaling Reduce Hubs in Space", JMLR 2012) in the form that Conneau, Lample,
/// Ranzato, Denoyer and Jégou give it ("Word Translation Without Parallel Data", ICLR 2018), a pair scores cos(a, b) − ½ r(a) − ½ r(b), with r the mean cosine to the k
/// nearest anchors. Anchors are a fixed sample of the tracks, so a track that is added later needs no one else's score changed, and a million tracks cost 2 d · 16,384
/// operations each instead of 2 d · 10⁶.
/// </remarks>
internal sealed class HubCorrection
{
    private readonly SoundSpaceOptions _options;
    private readonly UnitRows _anchors;
    private readonly Dictionary<int, int> _anchorOf;   // by place of the space

    private HubCorrection(SoundSpaceOptions options, UnitRows anchors, Dictionary<int, int> anchorOf)
        => (_options, _anchors, _anchorOf) = (options, anchors, anchorOf);

    /// <returns>Null where none is asked for, or there are too few tracks to have k neighbors.</returns>
    public static HubCorrection? Of(UnitRows rows, SoundSpaceOptions options, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.Anchors);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Neighbors);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Neighbors, 1000);
        var count = Math.Min(options.Anchors, rows.Count);
        if (count <= options.Neighbors)
        {
            return null;
        }
        var (anchors, anchorOf, row) = (new UnitRows(rows.Columns), new Dictionary<int, int>(), new float[rows.Columns]);
        foreach (var place in SoundSample.Draw(rows.Count, count, options.Seed))
        {
            cancellation.ThrowIfCancellationRequested();
            rows.Read(place, row);
            anchorOf.Add(place, anchors.Append(row));
        }
        return new(options, anchors, anchorOf);
    }

    /// <summary>Sets the offsets of the rows from a place on.</summary>
    public void Correct(UnitRows rows, int from, CancellationToken cancellation)
    {
        const int Piece = 16 * UnitScan.MostQueries;
        for (var begin = from; begin < rows.Count; begin += Piece)
        {
            var first = begin;
            var queries = new DenseMatrix(Math.Min(Piece, rows.Count - first), rows.Columns);
            for (var n = 0; n < queries.Rows; n++)
            {
                rows.Read(first + n, queries.Row(n));
            }
            var near = UnitSearch.Nearest(
                _anchors, _anchors.Count, queries, _options.Neighbors, keep: (query, anchor) => !_anchorOf.TryGetValue(first + query, out var own) || own != anchor,
                threads: _options.Threads, cancellation: cancellation);
            for (var n = 0; n < queries.Rows; n++)
            {
                rows.SetOffset(first + n, -0.5f * near[n].Average(item => item.Score));
            }
        }
    }
}

/// <summary>Samples without replacement.</summary>
internal static class SoundSample
{
    /// <summary>So many different numbers below <paramref name="all"/>, ascending; every set is as likely as any other.</summary>
    /// <remarks>Selection by one pass over the numbers (Knuth, volume 2, algorithm S).</remarks>
    public static IEnumerable<int> Draw(int all, int count, ulong seed)
    {
        var random = new SeededRandom(seed, 0x50FA);
        for (var (number, left) = (0, Math.Min(count, all)); left > 0; number++)
        {
            if (random.NextInt(all - number) < left)
            {
                left--;
                yield return number;
            }
        }
    }
}
