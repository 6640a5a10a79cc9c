using Segue.Features.Interactions;
using Segue.Models.Factorization;
using Segue.Ranking;
using Segue.Retrieval;

namespace Segue.Radio.Funnel;

/// <summary>A part of a score to which tracks of the listener's own add.</summary>
internal enum ScorePart
{
    Taste,
    Session,
    Genre,
    Artist,
    CoListen,
}

/// <summary>What each track of the listener's own adds to the score of a recommendation, part by part.</summary>
/// <remarks>
/// Scores are sums over what the listener did: x = A⁻¹ Σ c y, so a track of the history adds c yᵀA⁻¹y_t to taste, one of the sitting as much to the sitting's part; to genre and artist it
/// adds its strength ÷ (Σ |strengths| + 1), to co-listening its own neighbors' weight. Costs one factored system for the history and two for the sitting, and O(n d) a
/// track. For one list and one thread; <see cref="Look"/> first.
/// </remarks>
internal sealed class Causes
{
    private const int Parts = 5, Named = 3;
    private const float LeastShare = 0.05f;
    private readonly ListenerContext _context;
    private readonly RankingWeights _weights;
    private readonly float _lowest, _mostHeard;
    private readonly List<int> _own = [];   // tracks of the sitting, then those of the history
    private readonly Dictionary<int, int> _placeOf = [];
    private readonly (TasteContributions Values, int[] Places) _kept, _skipped, _taste;
    private readonly double[][] _adds;
    private readonly double[] _total;

    /// <param name="tracks">Rows of the recommendations.</param>
    /// <param name="lowest">What the best of the candidates that were left out scores; −∞ where none was.</param>
    public Causes(ListenerContext context, RankingWeights weights, ReadOnlySpan<int> tracks, float lowest)
    {
        (_context, _weights, _lowest) = (context, weights, lowest);
        foreach (var signal in context.Signals)
        {
            PlaceOf(signal.Track);
        }
        foreach (var (from, _) in context.CoListenAnchors)
        {
            PlaceOf(from);
        }
        (_kept, _skipped) = (OfSignals(1, tracks), OfSignals(-1, tracks));
        _taste = Placed(context.Models.Taste.Contributions(weights.Taste == 0 ? UserHistory.Empty : context.History, tracks));
        _total = new double[_own.Count];
        _adds = [.. Enumerable.Range(0, Parts).Select(_ => new double[_own.Count])];
        foreach (var (_, weight) in context.CoListen)
        {
            _mostHeard = Math.Max(_mostHeard, Math.Abs(weight));
        }
    }

    /// <summary>Looks at what adds to the score of a recommendation.</summary>
    /// <param name="n">Its place among the tracks.</param>
    /// <param name="track">Its row.</param>
    public void Look(int n, int track)
    {
        foreach (var adds in _adds)
        {
            Array.Clear(adds);
        }
        Add(ScorePart.Taste, _taste, n, _weights.Taste);
        Add(ScorePart.Session, _kept, n, _weights.Session);
        Add(ScorePart.Session, _skipped, n, -_weights.Session * _weights.Skip);
        AddGroup(ScorePart.Genre, track, _context.Catalogue.GenreOf, _weights.Genre);
        AddGroup(ScorePart.Artist, track, _context.Catalogue.ArtistOf, _weights.Artist);
        AddCompany(track);
        Array.Clear(_total);
        foreach (var adds in _adds)
        {
            for (var own = 0; own < _total.Length; own++)
            {
                _total[own] += adds[own];
            }
        }
    }

    /// <summary>The track that adds most to a part, among those that add to the whole; null where none does.</summary>
    public int? Main(ScorePart part)
    {
        var (main, most) = (-1, 0.0);
        for (var n = 0; n < _total.Length; n++)
        {
            if (_adds[(int)part][n] > most && _total[n] > 0)
            {
                (main, most) = (n, _adds[(int)part][n]);
            }
        }
        return main < 0 ? null : _own[main];
    }

    /// <summary>What a track adds to a part ÷ the sum of all that add to it or take from it, in [-1, 1].</summary>
    public float ShareOf(ScorePart part, int track)
    {
        var sum = 0.0;
        foreach (var value in _adds[(int)part])
        {
            sum += Math.Abs(value);
        }
        return sum > 0 ? (float)(_adds[(int)part][_placeOf[track]] / sum) : 0;
    }

    /// <summary>The strongest on the whole.</summary>
    /// <param name="first">Comes first: the reason's words name it; null: none.</param>
    public IReadOnlyList<Cause> Strongest(RankedTrack track, int? first)
    {
        var all = (double)Math.Max(0, track.Parts.Popularity);
        foreach (var value in _total)
        {
            all += Math.Max(0, value);
        }
        var causes = new List<Cause>(Named);
        var told = new List<int>(Named);
        for (var next = first is { } named ? _placeOf[named] : Next(); next >= 0 && causes.Count < Named && (_total[next] >= LeastShare * all || _own[next] == first); next = Next())
        {
            told.Add(next);
            causes.Add(new(_context.Catalogue.Tracks[_own[next]], KindOf(_own[next]), (float)(_total[next] / all), track.Score - _total[next] < _lowest));
        }
        return causes;

        int Next()
        {
            var (best, most) = (-1, 0.0);
            for (var n = 0; n < _total.Length; n++)
            {
                if (_total[n] > most && !told.Contains(n))
                {
                    (best, most) = (n, _total[n]);
                }
            }
            return best;
        }
    }

    public CauseKind KindOf(int track)
    {
        for (var n = _context.Signals.Count - 1; n >= 0; n--)
        {
            if (_context.Signals[n].Track == track)
            {
                return _context.Signals[n].Strength < 0 ? CauseKind.Skipped : _context.Signals[n].IsSeed ? CauseKind.Asked : CauseKind.Kept;
            }
        }
        return CauseKind.Played;
    }

    private int PlaceOf(int track)
    {
        if (!_placeOf.TryGetValue(track, out var place))
        {
            _placeOf.Add(track, place = _own.Count);
            _own.Add(track);
        }
        return place;
    }

    private (TasteContributions Values, int[] Places) OfSignals(int sign, ReadOnlySpan<int> tracks)
    {
        SessionSignal[] signals = [.. _context.Signals.Where(signal => signal.Strength * sign > 0)];
        return Placed(_context.Models.Taste.Contributions([.. signals.Select(signal => signal.Track)], [.. signals.Select(signal => signal.Strength * sign)], tracks));
    }

    private (TasteContributions Values, int[] Places) Placed(TasteContributions values) => (values, [.. values.Items.Select(PlaceOf)]);

    private void Add(ScorePart part, (TasteContributions Values, int[] Places) of, int n, float weight)
    {
        var values = of.Values.Of(n);
        for (var item = 0; item < values.Length; item++)
        {
            _adds[(int)part][of.Places[item]] += weight * values[item];
        }
    }

    private void AddGroup(ScorePart part, int track, Func<int, int> groupOf, float weight)
    {
        var group = groupOf(track);
        if (group < 0)
        {
            return;
        }
        var size = TrackRanker.Prior;
        foreach (var signal in _context.Signals)
        {
            size += groupOf(signal.Track) == group ? Math.Abs(signal.Strength) : 0;
        }
        foreach (var signal in _context.Signals)
        {
            if (groupOf(signal.Track) == group)
            {
                _adds[(int)part][_placeOf[signal.Track]] += weight * signal.Strength / size;
            }
        }
    }

    private void AddCompany(int track)
    {
        foreach (var (from, weight) in _context.CoListenAnchors)
        {
            foreach (var neighbor in _context.Models.Neighbors.Neighbors(from))
            {
                if (neighbor.Item == track && _mostHeard > 0)
                {
                    _adds[(int)ScorePart.CoListen][_placeOf[from]] += _weights.CoListen * weight * neighbor.Score / _mostHeard;
                    break;
                }
            }
        }
    }
}
