using System.Buffers;
using Segue.Numerics;

namespace Segue.Retrieval.Candidates;

/// <summary>Tracks that others heard around those this sitting kept or began with; before any, around the last ones of the history.</summary>
public sealed class CoListenCandidates : ICandidateGenerator
{
    public string Source => "co-listen";

    public IEnumerable<Candidate> Propose(ListenerContext context, int count)
    {
        var sums = context.CoListen.Sums;
        var rented = ArrayPool<ScoredItem>.Shared.Rent(sums.Length);
        var falling = ArrayPool<uint>.Shared.Rent(sums.Length);
        var heard = 0;
        foreach (var sum in sums)
        {
            (rented[heard], falling[heard]) = (sum, ScoredItem.Falling(sum.Score));
            heard += sum.Score > 0 ? 1 : 0;
        }
        var best = rented.AsSpan(0, heard);
        var most = count + context.Excluded.Named;   // as many are enough, whichever of them are kept out by name
        if (context.Excluded.Filter is null && count > 0 && heard > most)
        {
            best = AtLeast(best, Selection.Nth(falling.AsSpan(0, heard), most - 1));
        }
        ScoredItem.SortBestFirst(best);
        var proposed = new List<Candidate>(Math.Min(count, best.Length));
        for (var n = 0; n < best.Length && proposed.Count < count; n++)
        {
            if (!context.Excluded.Contains(best[n].Item))
            {
                proposed.Add(new(best[n].Item, Source, best[n].Score));
            }
        }
        ArrayPool<ScoredItem>.Shared.Return(rented);
        ArrayPool<uint>.Shared.Return(falling);
        return proposed.ToArray();
    }

    private static Span<ScoredItem> AtLeast(Span<ScoredItem> items, uint worst)
    {
        var kept = 0;
        foreach (var item in items)
        {
            if (ScoredItem.Falling(item.Score) <= worst)
            {
                items[kept++] = item;
            }
        }
        return items[..kept];
    }
}
