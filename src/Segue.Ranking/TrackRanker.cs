using Segue.Numerics;
using Segue.Retrieval;

namespace Segue.Ranking;

/// <summary>The parts of a track's score, each already weighted; their sum is the score.</summary>
public readonly record struct ScoreParts(float Taste, float Session, float Genre, float Artist, float CoListen, float Popularity)
{
    public float Total => Taste + Session + Genre + Artist + CoListen + Popularity;
}

/// <summary>A candidate with its score.</summary>
public readonly record struct RankedTrack(Candidate Candidate, ScoreParts Parts)
{
    public int Track => Candidate.Track;
    public float Score => Parts.Total;
}

/// <summary>The second stage of the funnel: one score for each track of the pool, from long-term taste and from this sitting.</summary>
/// <remarks>
/// score(t) = w₁ x·y_t + w₂ s·y_t + w₃ E_genre + w₄ E_artist + w₅ c_t + w₆ p_t, where x are the long-term and s the sitting's factors;
/// E = Σ strengths ÷ (Σ |strengths| + 1) over the sitting's signals of that genre or artist, in (-1, 1): kept minus skipped, shrunk
/// towards 0 while little was heard; c_t the co-listen score relative to the largest, in [-1, 1]; p_t = log(1 + likes) relative
/// to the most liked track, in [0, 1]. Parts are kept apart, so that a reason can name the one that counts.
/// </remarks>
public sealed class TrackRanker(RankingWeights weights)
{
    private const float Prior = 1;

    /// <summary>The pool, best first; equal scores by lower row.</summary>
    public IReadOnlyList<RankedTrack> Rank(ListenerContext context, IReadOnlyList<Candidate> pool)
    {
        var genre = Evidence(context, context.Catalogue.GenreOf);
        var artist = Evidence(context, context.Catalogue.ArtistOf);
        var mostHeard = context.CoListen.Values.Select(Math.Abs).DefaultIfEmpty().Max();
        var popularity = context.Models.Popular;
        var mostLiked = MathF.Log(1 + popularity.Likes(popularity.MostLiked[0]));
        var ranked = new RankedTrack[pool.Count];
        for (var n = 0; n < ranked.Length; n++)
        {
            var track = pool[n].Track;
            ReadOnlySpan<float> factors = context.Models.Taste.ItemFactors.Row(track);
            ranked[n] = new(pool[n], new(
                weights.Taste * Vectors.Dot(context.Taste, factors),
                context.SessionTaste is { } session ? weights.Session * Vectors.Dot(session, factors) : 0,
                weights.Genre * genre.GetValueOrDefault(context.Catalogue.GenreOf(track)),
                weights.Artist * artist.GetValueOrDefault(context.Catalogue.ArtistOf(track)),
                mostHeard > 0 ? weights.CoListen * context.CoListen.GetValueOrDefault(track) / mostHeard : 0,
                mostLiked > 0 ? weights.Popularity * MathF.Log(1 + popularity.Likes(track)) / mostLiked : 0));
        }
        Array.Sort(ranked, static (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Track.CompareTo(b.Track));
        return ranked;
    }

    private static Dictionary<int, float> Evidence(ListenerContext context, Func<int, int> groupOf)
        => context.Signals
            .Where(signal => groupOf(signal.Track) >= 0)
            .GroupBy(signal => groupOf(signal.Track))
            .ToDictionary(
                group => group.Key,
                group => group.Sum(signal => signal.Strength) / (group.Sum(signal => Math.Abs(signal.Strength)) + Prior));
}
