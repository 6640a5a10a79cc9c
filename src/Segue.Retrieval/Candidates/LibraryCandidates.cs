using Segue.Core;
using Segue.Numerics;

namespace Segue.Retrieval.Candidates;

/// <summary>The listener's own library revisited: what was played much and rests long enough to be welcome again.</summary>
/// <remarks>
/// A track of strength s that g other tracks were heard after scores ln(1 + s) · (1 − 2^(−g ÷ h)). The half rest h lies between 5 and 60 tracks: 60 − 55 ρ, where ρ is the share of the
/// listener's listens that repeat a track, with the weight of 50 listens of a usual one, of which six in ten repeat. Who returns to tracks often is offered them sooner. O(n log count) for a history of n tracks.
/// </remarks>
public sealed class LibraryCandidates : ICandidateGenerator
{
    private const double Least = 5, Most = 60, UsualListens = 50, UsualShare = 0.6;

    public string Source => "library";

    public bool IsSearch => true;

    public bool IsOfHistory => true;

    public ScoredItem[] Propose(ListenerContext context, int count)
    {
        var (history, rest) = (context.History, HalfRest(context));
        var best = new TopK(count);
        var seen = new HashSet<int>();
        for (var n = history.Items.Count - 1; n >= 0; n--)   // the newest place of a track counts
        {
            var (track, strength) = (history.Items[n], history.Strengths[n]);
            if (seen.Add(track) && strength > 0 && !context.Excluded.Contains(track))
            {
                var after = seen.Count - 1;
                best.Add(track, (float)(Math.Log(1 + strength) * (1 - Math.Pow(2, -after / rest))));
            }
        }
        return [.. best.Take().TakeWhile(scored => scored.Score > 0)];
    }

    /// <summary>h: after so many other tracks a repeat is half as welcome as it will ever be.</summary>
    internal static double HalfRest(ListenerContext context)
    {
        double listens = 0, repeats = 0;
        foreach (var action in context.History.Actions)
        {
            if (action.Action == InteractionAction.Listen)
            {
                listens += action.Amount;
                repeats += Math.Max(0, action.Amount - 1);
            }
        }
        var share = (repeats + UsualListens * UsualShare) / (listens + UsualListens);
        return Most - (Most - Least) * share;
    }
}
