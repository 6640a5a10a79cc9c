using System.Buffers;
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
/// to the most liked track, in [0, 1]. Parts are kept apart, so that a reason can name the one that counts. O(pool · d) and a sort.
/// </remarks>
public sealed class TrackRanker(RankingWeights weights)
{
    /// <summary>What is added below the line of E: so much is left undecided while little was heard.</summary>
    public const float Prior = 1;

    /// <summary>The pool, best first; equal scores by lower row.</summary>
    public IReadOnlyList<RankedTrack> Rank(ListenerContext context, IReadOnlyList<Candidate> pool)
    {
        var score = new Scoring(context, weights);
        var tracks = new RankedTrack[pool.Count];
        var keys = ArrayPool<ulong>.Shared.Rent(pool.Count);
        var order = ArrayPool<int>.Shared.Rent(pool.Count);
        for (var n = 0; n < tracks.Length; n++)
        {
            tracks[n] = new(pool[n], score.PartsOf(pool[n].Track));
            (keys[n], order[n]) = (Key(tracks[n]), n);
        }
        Array.Sort(keys, order, 0, tracks.Length);
        var ranked = new RankedTrack[tracks.Length];
        for (var n = 0; n < ranked.Length; n++)
        {
            ranked[n] = tracks[order[n]];
        }
        ArrayPool<ulong>.Shared.Return(keys);
        ArrayPool<int>.Shared.Return(order);
        return ranked;
    }

    // Ascending where scores fall, equal ones by row. Bits of floats order like numbers once the sign is turned; -0 counts as 0.
    private static ulong Key(RankedTrack track)
    {
        var bits = BitConverter.SingleToInt32Bits(track.Score + 0f);
        var rising = (uint)(bits < 0 ? ~bits : bits ^ int.MinValue);
        return (ulong)~rising << 32 | (uint)track.Track;
    }

    /// <summary>What a list's scores have in common.</summary>
    private readonly struct Scoring
    {
        private readonly ListenerContext _context;
        private readonly RankingWeights _weights;
        private readonly Dictionary<int, float> _genre, _artist;
        private readonly float _coListen, _popularity;

        public Scoring(ListenerContext context, RankingWeights weights)
        {
            (_context, _weights) = (context, weights);
            _genre = Evidence(context, context.Catalogue.GenreOf);
            _artist = Evidence(context, context.Catalogue.ArtistOf);
            var mostHeard = 0f;
            foreach (var (_, value) in context.CoListen)
            {
                mostHeard = Math.Max(mostHeard, Math.Abs(value));
            }
            var popularity = context.Models.Popular;
            var mostLiked = MathF.Log(1 + popularity.Likes(popularity.MostLiked[0]));
            _coListen = mostHeard > 0 ? weights.CoListen / mostHeard : 0;
            _popularity = mostLiked > 0 ? weights.Popularity / mostLiked : 0;
        }

        public ScoreParts PartsOf(int track)
        {
            ReadOnlySpan<float> factors = _context.Models.Taste.ItemFactors.Row(track);
            return new(
                _weights.Taste * Vectors.Dot(_context.Taste, factors),
                _context.SessionTaste is { } session ? _weights.Session * Vectors.Dot(session, factors) : 0,
                _weights.Genre * _genre.GetValueOrDefault(_context.Catalogue.GenreOf(track)),
                _weights.Artist * _artist.GetValueOrDefault(_context.Catalogue.ArtistOf(track)),
                _coListen * _context.CoListen.GetValueOrDefault(track),
                _popularity * MathF.Log(1 + _context.Models.Popular.Likes(track)));
        }

        private static Dictionary<int, float> Evidence(ListenerContext context, Func<int, int> groupOf)
        {
            var sums = new Dictionary<int, (float Sum, float Size)>();
            foreach (var signal in context.Signals)
            {
                if (groupOf(signal.Track) is >= 0 and var group)
                {
                    var (sum, size) = sums.GetValueOrDefault(group);
                    sums[group] = (sum + signal.Strength, size + Math.Abs(signal.Strength));
                }
            }
            return sums.ToDictionary(group => group.Key, group => group.Value.Sum / (group.Value.Size + Prior));
        }
    }
}
