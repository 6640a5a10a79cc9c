using Segue.Numerics;

namespace Segue.Retrieval.Candidates;

/// <summary>Tracks of the artists that this sitting keeps, nearest to its factors with some of the long-term ones.</summary>
public sealed class ArtistCandidates : ICandidateGenerator
{
    private const int ArtistsAsked = 10;

    // Of a name that stands for very many ("various artists") no more are looked at.
    private const int MostOfArtist = 1_000;

    public string Source => "artist";

    public bool IsSearch => true;

    public ScoredItem[] Propose(ListenerContext context, int count)
    {
        if (context.SessionQuery is not { } query)
        {
            return [];
        }
        var (catalogue, factors, best) = (context.Catalogue, context.Models.Taste.ItemFactors, new TopK(count));
        var kept = SessionLeanings.By(context.Signals, catalogue.ArtistOf).Where(artist => artist.Strength > 0);
        foreach (var (artist, _) in kept.OrderByDescending(artist => artist.Strength).ThenBy(artist => artist.Group).Take(ArtistsAsked))
        {
            var tracks = catalogue.TracksOfArtist(artist);
            for (var n = 0; n < Math.Min(MostOfArtist, tracks.Count); n++)
            {
                if (!context.Excluded.Contains(tracks[n]))
                {
                    best.Add(tracks[n], Vectors.Dot(query, factors.Row(tracks[n])));
                }
            }
        }
        return best.Take();
    }
}
