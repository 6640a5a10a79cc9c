using Segue.Features.Interactions;
using Segue.Numerics;

namespace Segue.Ranking.Artists;

/// <summary>The first stage: what any source proposes to one user, with every source's opinion of it.</summary>
internal sealed class ArtistPool
{
    private ArtistPool(int[] items, float[][] scores, int[][] ranks) => (Items, Scores, Ranks) = (items, scores, ranks);

    /// <summary>Candidates, ascending by row; none of them in the history.</summary>
    public int[] Items { get; }

    /// <summary>By source and candidate: the source's own score.</summary>
    public float[][] Scores { get; }

    /// <summary>By source and candidate: place among what the source proposes, from 1; one more than those for what it does not.</summary>
    public int[][] Ranks { get; }

    /// <param name="perSource">Candidates asked of each source.</param>
    public static ArtistPool Gather(ArtistModels models, UserHistory user, int perSource)
    {
        var sources = ArtistModels.Sources.Count;
        var (all, lists) = (new float[sources][], new ScoredItem[sources][]);
        for (var source = 0; source < sources; source++)
        {
            var scores = all[source] = new float[models.Taste.Items];
            models.Model(source).Score(user, scores);
            foreach (var known in user.Items)
            {
                scores[known] = float.NegativeInfinity;
            }
            lists[source] = TopK.Select(scores, perSource);
        }
        int[] items = [.. lists.SelectMany(list => list.Select(scored => scored.Item)).Distinct().Order()];
        var (kept, ranks) = (new float[sources][], new int[sources][]);
        for (var source = 0; source < sources; source++)
        {
            var rankOf = lists[source].Select((scored, place) => (scored.Item, Rank: place + 1)).ToDictionary(entry => entry.Item, entry => entry.Rank);
            kept[source] = Array.ConvertAll(items, item => all[source][item]);
            ranks[source] = Array.ConvertAll(items, item => rankOf.GetValueOrDefault(item, perSource + 1));
        }
        return new(items, kept, ranks);
    }
}
