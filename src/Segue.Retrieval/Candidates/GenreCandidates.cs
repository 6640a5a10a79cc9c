using Segue.Numerics;

namespace Segue.Retrieval.Candidates;

/// <summary>The most played tracks of the genres that this sitting keeps; before any, of the genres of the history.</summary>
public sealed class GenreCandidates : ICandidateGenerator
{
    private const int GenresAsked = 3;

    public string Source => "genre";

    public ScoredItem[] Propose(ListenerContext context, int count)
    {
        var weights = new float[context.Catalogue.Genres.Count];
        if (context.Signals.Any(signal => signal.Strength > 0))
        {
            foreach (var signal in context.Signals)
            {
                Add(signal.Track, signal.Strength);
            }
        }
        else
        {
            foreach (var track in context.LikedItems)
            {
                Add(track, 1);
            }
        }
        void Add(int track, float weight)
        {
            if (context.Catalogue.GenreOf(track) is >= 0 and var genre)
            {
                weights[genre] += weight;
            }
        }

        var (proposed, found) = (new ScoredItem[count], 0);
        foreach (var genre in TopK.Select(weights, GenresAsked).Where(scored => scored.Score > 0))
        {
            var most = Math.Min(count, found + (count + GenresAsked - 1) / GenresAsked);
            foreach (var track in context.Charts.Of(genre.Item))
            {
                if (found == most)
                {
                    break;
                }
                if (!context.Excluded.Contains(track))
                {
                    proposed[found++] = new(track, context.Models.Popular.Likes(track));
                }
            }
        }
        return found == count ? proposed : proposed[..found];
    }
}
