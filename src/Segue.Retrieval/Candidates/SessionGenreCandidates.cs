using Segue.Numerics;

namespace Segue.Retrieval.Candidates;

/// <summary>Tracks of the genres that this sitting keeps, nearest to its factors with some of the long-term ones: among very many tracks the nearest of all are seldom of them, and the order wants genres.</summary>
public sealed class SessionGenreCandidates : ICandidateGenerator
{
    private const int GenresAsked = 3;

    public string Source => "session-genre";

    public bool IsSearch => true;

    public ScoredItem[] Propose(ListenerContext context, int count)
    {
        if (context.SessionQuery is not { } query || context.Genres is not { } genres)
        {
            return [];
        }
        var weights = new float[context.Catalogue.Genres.Count];
        foreach (var signal in context.Signals)
        {
            if (context.Catalogue.GenreOf(signal.Track) is >= 0 and var genre)
            {
                weights[genre] += signal.Strength;
            }
        }
        var kept = TopK.Select(weights, GenresAsked).Where(genre => genre.Score > 0).ToList();
        var sum = kept.Sum(genre => genre.Score);
        var (proposed, found) = (new ScoredItem[count], 0);
        foreach (var genre in kept)
        {
            var most = Math.Min(count - found, (int)MathF.Ceiling(count * genre.Score / sum));
            foreach (var scored in most > 0 ? genres.Nearest(genre.Item, query, most, context.Excluded) : [])
            {
                proposed[found++] = scored;
            }
        }
        return found == count ? proposed : proposed[..found];
    }
}
