using System.Buffers;
using Segue.Numerics;
using Segue.Numerics.Tables;

namespace Segue.Retrieval.Candidates;

/// <summary>Tracks nearest to the listener's long-term factors.</summary>
public sealed class TasteCandidates : ICandidateGenerator
{
    public string Source => "taste";

    public bool IsSearch => true;

    public bool IsOfHistory => true;

    public ScoredItem[] Propose(ListenerContext context, int count)
        => context.History.Items.Count == 0 ? [] : NearestTracks.Of(context, context.Taste, count);
}

/// <summary>Tracks nearest to the sitting's factors, with some of the long-term ones.</summary>
public sealed class SessionCandidates : ICandidateGenerator
{
    public string Source => "session";

    public bool IsSearch => true;

    public ScoredItem[] Propose(ListenerContext context, int count)
        => context.SessionQuery is { } session ? NearestTracks.Of(context, session, count) : [];
}

/// <summary>The nearest among all item factors.</summary>
internal static class NearestTracks
{
    public static ScoredItem[] Of(ListenerContext context, ReadOnlySpan<float> factors, int count)
        => context.Nearest.Nearest(factors, count, context.Excluded.Rows, context.Excluded.Filter, Least(context, factors, count));

    // What was near a moment ago mostly is near still: the last of the list is no worse than so many of those.
    private static float Least(ListenerContext context, ReadOnlySpan<float> factors, int count)
    {
        var most = count + count / 2;
        var (tracks, products, least) = (ArrayPool<int>.Shared.Rent(most), ArrayPool<float>.Shared.Rent(most), float.NegativeInfinity);
        if (Known(context, tracks.AsSpan(0, most)) is var known && known >= count && count > 0)
        {
            Vectors.DotRows(context.Models.Taste.ItemFactors, tracks.AsSpan(0, known), factors, products.AsSpan(0, known));
            GC.KeepAlive(context.Models.Taste);
            least = Selection.Highest(products.AsSpan(0, known), count);
        }
        ArrayPool<int>.Shared.Return(tracks);
        ArrayPool<float>.Shared.Return(products);
        return least;
    }

    private static int Known(ListenerContext context, Span<int> tracks)
    {
        var (seen, known) = (new RowTable<bool>(tracks.Length), 0);
        foreach (var found in context.FoundBefore)
        {
            for (var n = 0; n < found.Length && known < tracks.Length; n++)
            {
                ref var isThere = ref seen.At(found[n].Item);
                if (!isThere && !context.Excluded.Contains(found[n].Item))
                {
                    tracks[known++] = found[n].Item;
                }
                isThere = true;
            }
        }
        return known;
    }
}
