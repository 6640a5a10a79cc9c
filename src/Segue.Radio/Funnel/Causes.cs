using Segue.Models.Factorization;
using Segue.Numerics.Tables;
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
/// adds its strength ÷ (Σ |strengths| + 1), to co-listening its own neighbors' weight. The systems are those that folding in made; a track of the list costs O(n d + d²). For one list and one
/// thread; <see cref="Look"/> first.
/// </remarks>
internal sealed class Causes
{
    private const int Parts = 5, Named = 3;

    // Room in a table in which most look-ups find nothing: they end at the first place.
    private const int Sparse = 8;
    private const float LeastShare = 0.05f;
    private readonly ListenerContext _context;
    private readonly RankingWeights _weights;
    private readonly float _lowest;
    private readonly List<int> _own = [];   // tracks of the sitting, then those of the history
    private readonly RowTable<int> _placeOf;
    private readonly (TasteContributions Values, int[] Places) _kept, _skipped, _taste;
    private readonly double[][] _adds = new double[Parts][];
    private readonly double[] _total;
    private readonly SessionSignal[] _signals;
    private readonly float[] _company;   // [track][anchor]

    /// <param name="tracks">Rows of the recommendations, each once.</param>
    /// <param name="lowest">What the best of the candidates that were left out scores; −∞ where none was.</param>
    public Causes(ListenerContext context, RankingWeights weights, ReadOnlySpan<int> tracks, float lowest)
    {
        (_context, _weights, _lowest, _signals) = (context, weights, lowest, [.. context.Signals]);
        _placeOf = new(_signals.Length + context.History.Items.Count);
        foreach (var signal in _signals)
        {
            PlaceOf(signal.Track);
        }
        foreach (var (from, _) in context.CoListenAnchors)
        {
            PlaceOf(from);
        }
        var taste = context.Models.Taste;
        (_kept, _skipped) = (Placed(taste.Contributions(context.Kept, tracks)), Placed(taste.Contributions(context.Skipped, tracks)));
        _taste = weights.Taste == 0 ? (TasteContributions.None, []) : Placed(taste.Contributions(context.Past, tracks));
        _total = new double[_own.Count];
        for (var part = 0; part < Parts; part++)
        {
            _adds[part] = new double[_own.Count];
        }
        _company = Company(context, tracks);
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
        AddCompany(n);
        var (total, first, second, third, fourth, fifth) = (_total, _adds[0], _adds[1], _adds[2], _adds[3], _adds[4]);
        for (var own = 0; own < total.Length; own++)
        {
            total[own] = 0.0 + first[own] + second[own] + third[own] + fourth[own] + fifth[own];
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
        Span<int> strongest = stackalloc int[Named];   // places, falling; of equal ones the first
        var found = 0;
        for (var n = 0; n < _total.Length; n++)
        {
            all += Math.Max(0, _total[n]);
            if (_total[n] > (found == Named ? _total[strongest[^1]] : 0))
            {
                found = Math.Min(Named, found + 1);
                var place = found - 1;
                for (; place > 0 && _total[strongest[place - 1]] < _total[n]; place--)
                {
                    strongest[place] = strongest[place - 1];
                }
                strongest[place] = n;
            }
        }
        var causes = new List<Cause>(Named);
        if (first is { } named)
        {
            Name(_placeOf[named]);
        }
        foreach (var place in strongest[..found])
        {
            if (causes.Count < Named && _own[place] != first && _total[place] >= LeastShare * all)
            {
                Name(place);
            }
        }
        return causes;

        void Name(int place) => causes.Add(new(_context.Catalogue.Tracks[_own[place]], KindOf(_own[place]), (float)(_total[place] / all), track.Score - _total[place] < _lowest));
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
        ref var place = ref _placeOf.At(track, out var isPlaced);
        if (!isPlaced)
        {
            place = _own.Count;
            _own.Add(track);
        }
        return place;
    }

    private (TasteContributions Values, int[] Places) Placed(TasteContributions values)
    {
        var places = new int[values.Items.Count];
        for (var n = 0; n < places.Length; n++)
        {
            places[n] = PlaceOf(values.Items[n]);
        }
        return (values, places);
    }

    private void Add(ScorePart part, (TasteContributions Values, int[] Places) of, int n, float weight)
    {
        var adds = _adds[(int)part];
        var values = of.Values.Of(n);
        for (var item = 0; item < values.Length; item++)
        {
            adds[of.Places[item]] += weight * values[item];
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
        foreach (var signal in _signals)
        {
            size += groupOf(signal.Track) == group ? Math.Abs(signal.Strength) : 0;
        }
        foreach (var signal in _signals)
        {
            if (groupOf(signal.Track) == group)
            {
                _adds[(int)part][_placeOf[signal.Track]] += weight * signal.Strength / size;
            }
        }
    }

    private void AddCompany(int n)
    {
        var (anchors, adds) = (_context.CoListenAnchors, _adds[(int)ScorePart.CoListen]);
        for (var anchor = 0; anchor < anchors.Count; anchor++)
        {
            if (_company[n * anchors.Count + anchor] is not 0 and var share)
            {
                adds[_placeOf[anchors[anchor].Track]] += share;
            }
        }
    }

    // What each anchor adds to co-listening of each track: one walk over the neighbors of the anchors, whatever the number of tracks.
    private float[] Company(ListenerContext context, ReadOnlySpan<int> tracks)
    {
        var (anchors, most) = (context.CoListenAnchors, context.CoListen.Most);
        var (company, placeOf) = (new float[tracks.Length * anchors.Count], new RowTable<int>(Sparse * tracks.Length));
        for (var n = 0; n < tracks.Length; n++)
        {
            placeOf.At(tracks[n]) = n + 1;
        }
        for (var anchor = 0; anchor < anchors.Count && most > 0; anchor++)
        {
            foreach (var neighbor in context.Models.Neighbors.Neighbors(anchors[anchor].Track))
            {
                if (placeOf[neighbor.Item] is > 0 and var place)
                {
                    company[(place - 1) * anchors.Count + anchor] = _weights.CoListen * anchors[anchor].Weight * neighbor.Score / most;
                }
            }
        }
        return company;
    }
}
