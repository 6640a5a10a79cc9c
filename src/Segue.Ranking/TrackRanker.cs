using System.Buffers;
using Segue.Features;
using Segue.Models.Factorization;
using Segue.Models.Popularity;
using Segue.Numerics;
using Segue.Numerics.Tables;
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

    // Room in a table in which most look-ups find nothing: they end at the first place.
    private const int Sparse = 8;

    /// <summary>The pool, best first; equal scores by lower row.</summary>
    public RankedPool Rank(ListenerContext context, Candidate[] pool) => new(pool, new Scoring(context, weights).PartsOf(pool));

    /// <summary>What a list's scores have in common.</summary>
    private readonly struct Scoring
    {
        private readonly RankingWeights _weights;
        private readonly CatalogueIndex _catalogue;
        private readonly MostPopularModel _popular;
        private readonly ImplicitAlsModel _taste;
        private readonly float[] _long;
        private readonly float[]? _session;
        private readonly RowTable<float> _genre, _artist;
        private readonly CoListening _company;
        private readonly float _coListen, _popularity;

        public Scoring(ListenerContext context, RankingWeights weights)
        {
            (_weights, _catalogue, _popular, _taste) = (weights, context.Catalogue, context.Models.Popular, context.Models.Taste);
            (_long, _session, _company) = (context.Taste, context.SessionTaste, context.CoListen);
            _genre = Evidence(context, context.Catalogue.GenreOf);
            _artist = Evidence(context, context.Catalogue.ArtistOf);
            var mostLiked = _popular.LogLikes(_popular.MostLiked[0]);
            _coListen = _company.Most > 0 ? weights.CoListen / _company.Most : 0;
            _popularity = mostLiked > 0 ? weights.Popularity / mostLiked : 0;
        }

        public ScoreParts[] PartsOf(Candidate[] pool)
        {
            var d = _taste.Factors;
            var (parts, rented, products, factors) = (new ScoreParts[pool.Length], ArrayPool<int>.Shared.Rent(pool.Length), ArrayPool<float>.Shared.Rent(2 * pool.Length), ArrayPool<float>.Shared.Rent(2 * d));
            var tracks = rented.AsSpan(0, pool.Length);
            for (var n = 0; n < tracks.Length; n++)
            {
                tracks[n] = pool[n].Track;
            }
            _long.CopyTo(factors.AsSpan());
            _session?.CopyTo(factors.AsSpan(d));
            var used = _session is null ? 1 : 2;
            Vectors.DotRows(_taste.ItemFactors, tracks, factors.AsSpan(0, used * d), products.AsSpan(0, used * tracks.Length));
            GC.KeepAlive(_taste);
            for (var n = 0; n < tracks.Length; n++)
            {
                var genre = _catalogue.GenreOf(tracks[n]);
                parts[n] = new(
                    _weights.Taste * products[n],
                    _session is null ? 0 : _weights.Session * products[tracks.Length + n],
                    _weights.Genre * (genre < 0 ? 0 : _genre[genre]),
                    _weights.Artist * _artist[_catalogue.ArtistOf(tracks[n])],
                    _coListen * _company[tracks[n]],
                    _popularity * _popular.LogLikes(tracks[n]));
            }
            ArrayPool<int>.Shared.Return(rented);
            ArrayPool<float>.Shared.Return(products);
            ArrayPool<float>.Shared.Return(factors);
            return parts;
        }

        private static RowTable<float> Evidence(ListenerContext context, Func<int, int> groupOf)
        {
            var sums = new RowTable<(float Sum, float Size)>(context.Signals.Count);
            foreach (var signal in context.Signals)
            {
                if (groupOf(signal.Track) is >= 0 and var group)
                {
                    ref var of = ref sums.At(group);
                    of = (of.Sum + signal.Strength, of.Size + Math.Abs(signal.Strength));
                }
            }
            var evidence = new RowTable<float>(Sparse * sums.Count);
            foreach (var (group, of) in sums)
            {
                evidence.At(group) = of.Sum / (of.Size + Prior);
            }
            return evidence;
        }
    }
}
