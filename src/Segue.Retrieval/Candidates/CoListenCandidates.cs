using System.Buffers;
using Segue.Numerics;

namespace Segue.Retrieval.Candidates;

/// <summary>Tracks that others heard around those this sitting kept or began with; before any, around the last ones of the history.</summary>
public sealed class CoListenCandidates : ICandidateGenerator
{
    public string Source => "co-listen";

    public ScoredItem[] Propose(ListenerContext context, int count)
    {
        var sums = context.CoListen.Sums;
        var rented = ArrayPool<ScoredItem>.Shared.Rent(sums.Length + 1);
        var heard = 0;
        foreach (var sum in sums)
        {
            rented[heard] = sum;
            heard += sum.Score > 0 ? 1 : 0;
        }
        var most = context.Excluded.Filter is null ? count + context.Excluded.Named : heard;   // as many are enough, whichever of them are kept out by name
        var best = Selection.Best(rented.AsSpan(0, heard), most);
        var (proposed, found) = (new ScoredItem[Math.Min(count, best.Length)], 0);
        for (var n = 0; n < best.Length && found < proposed.Length; n++)
        {
            if (!context.Excluded.Contains(best[n].Item))
            {
                proposed[found++] = best[n];
            }
        }
        ArrayPool<ScoredItem>.Shared.Return(rented);
        return found == proposed.Length ? proposed : proposed[..found];
    }
}
