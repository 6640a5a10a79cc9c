using Segue.Numerics;

namespace Segue.Retrieval.Candidates;

/// <summary>The most played tracks of the genres that this sitting keeps; before any, of the genres of the history.</summary>
public sealed class GenreCandidates : ICandidateGenerator
{
    private const int GenresAsked = 3;

    public string Source => "genre";

    public IEnumerable<Candidate> Propose(ListenerContext context, int count)
    {
        var weights = new float[context.Catalogue.Genres.Count];
        var kept = context.Signals.Any(signal => signal.Strength > 0);
        foreach (var (track, weight) in kept
            ? context.Signals.Select(signal => (signal.Track, signal.Strength))
            : context.LikedItems.Select(track => (track, 1f)))
        {
            if (context.Catalogue.GenreOf(track) is >= 0 and var genre)
            {
                weights[genre] += weight;
            }
        }
        var genres = TopK.Select(weights, GenresAsked).Where(scored => scored.Score > 0).ToList();
        return genres.SelectMany(genre => MostPlayed(context, genre.Item, (count + GenresAsked - 1) / GenresAsked)).Take(count);
    }

    private IEnumerable<Candidate> MostPlayed(ListenerContext context, int genre, int count)
    {
        var best = new TopK(count);
        foreach (var track in context.Catalogue.TracksOfGenre(genre))
        {
            if (!context.Excluded.Contains(track))
            {
                best.Add(track, context.Models.Popular.Likes(track));
            }
        }
        return best.Take().Select(scored => new Candidate(scored.Item, Source, scored.Score));
    }
}
