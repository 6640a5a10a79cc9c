using Segue.Numerics;

namespace Segue.Retrieval.Candidates;

/// <summary>What most listeners play: the answer for whom nothing is known, and a pinch of the common for everybody.</summary>
public sealed class PopularCandidates : ICandidateGenerator
{
    public string Source => "popular";

    public ScoredItem[] Propose(ListenerContext context, int count)
    {
        var (most, proposed, found) = (context.Models.Popular.MostLiked, new ScoredItem[Math.Min(count, context.Models.Items)], 0);
        for (var n = 0; n < most.Count && found < proposed.Length; n++)
        {
            if (!context.Excluded.Contains(most[n]))
            {
                proposed[found++] = new(most[n], context.Models.Popular.Likes(most[n]));
            }
        }
        return found == proposed.Length ? proposed : proposed[..found];
    }
}
