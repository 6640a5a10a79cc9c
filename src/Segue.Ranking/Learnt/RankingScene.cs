using Segue.Numerics;
using Segue.Numerics.Tables;
using Segue.Retrieval;

namespace Segue.Ranking.Learnt;

/// <summary>What the context features of one answer's tracks are made of. For one caller at a time.</summary>
/// <remarks>Made once an answer, O(newest tracks of the history + signals + d); then about 0.1 µs a track, without allocation.</remarks>
public sealed class RankingScene
{
    private const int NewestHeard = 300, MostRepeats = 5;
    private const float LatelyHalf = 20;
    private readonly ListenerContext _context;
    private readonly RowTable<(float Strength, int Since)> _heard;   // 0 tracks since: not heard
    private readonly RowTable<float> _artists, _genres = new(16);
    private readonly RowTable<int> _repeats;
    private readonly float[]? _lastKept, _lastSkipped;
    private readonly float _liked;
    private readonly SessionSignal? _last;
    private readonly float _length, _keptShare;

    public RankingScene(ListenerContext context)
    {
        _context = context;
        var most = Math.Min(NewestHeard, context.History.Items.Count);
        (_heard, _artists, _repeats) = (new(most), new(most), new(context.Signals.Count));
        _liked = Hear();
        var kept = 0;
        foreach (var signal in context.Signals)
        {
            if (!signal.IsSeed)
            {
                _repeats.At(context.Catalogue.ArtistOf(signal.Track))++;
                (_last, kept, _length) = (signal, kept + (signal.Strength > 0 ? 1 : 0), _length + 1);
            }
            if (signal.Strength > 0)
            {
                _lastKept = Direction(signal.Track, _lastKept);
            }
            else if (signal.Strength < 0)
            {
                _lastSkipped = Direction(signal.Track, _lastSkipped);
            }
        }
        (_keptShare, _length) = ((kept + 1) / (_length + 2), MathF.Log2(1 + _length));
    }

    /// <summary>Writes the context features of a track; the place is 0.</summary>
    /// <param name="weighed">The track with its hand-weighted score.</param>
    /// <param name="features">Receives them; at least as long as <see cref="RankingFeatures.Context"/>.</param>
    public void Write(in RankedTrack weighed, Span<float> features)
    {
        var (track, parts) = (weighed.Track, weighed.Parts);
        features = features[..RankingFeatures.Context.Count];
        features.Clear();
        (features[0], features[1], features[2]) = (parts.Taste, parts.Session, parts.Genre);
        (features[3], features[4], features[5]) = (parts.Artist, parts.CoListen, parts.Popularity);
        if (RankingFeatures.ColumnOf(weighed.Candidate) is { } source)
        {
            features[source] = 1;
        }
        if (_heard[track] is { Since: > 0 } heard)
        {
            features[12] = MathF.Log2(1 + Math.Max(0, heard.Strength));
            features[13] = Math.Max(0, -heard.Strength);
            features[14] = MathF.Pow(2, -heard.Since / LatelyHalf);
        }
        var (artist, genre) = (_context.Catalogue.ArtistOf(track), _context.Catalogue.GenreOf(track));
        features[15] = MathF.Log2(1 + _artists[artist]);
        features[16] = _liked > 0 && genre >= 0 ? _genres[genre] / _liked : 0;
        features[17] = Math.Min(MostRepeats, _repeats[artist]);
        if (_last is { } last)
        {
            features[18] = genre >= 0 && _context.Catalogue.GenreOf(last.Track) == genre ? last.Strength : 0;
            features[19] = _context.Catalogue.ArtistOf(last.Track) == artist ? last.Strength : 0;
        }
        WriteLikeness(track, features);
        features[22] = track >= _context.Models.Trained.Items ? 1 : 0;
        (features[23], features[24]) = (_length, _keptShare);
    }

    private void WriteLikeness(int track, Span<float> features)
    {
        if (_lastKept is null && _lastSkipped is null)
        {
            return;
        }
        ReadOnlySpan<float> place = _context.Models.Taste.ItemFactors.Row(track);
        var length = Vectors.Norm(place);
        if (length > 0)
        {
            features[20] = _lastKept is null ? 0 : Vectors.Dot(_lastKept, place) / length;
            features[21] = _lastSkipped is null ? 0 : Vectors.Dot(_lastSkipped, place) / length;
        }
    }

    // The newest part alone: a history of years costs no more, and what lies further back says no more of a repeat.
    private float Hear()
    {
        var (history, catalogue, liked) = (_context.History, _context.Catalogue, 0f);
        for (var n = Math.Max(0, history.Items.Count - NewestHeard); n < history.Items.Count; n++)
        {
            var (item, strength) = (history.Items[n], history.Strengths[n]);
            ref var heard = ref _heard.At(item);
            heard = (heard.Strength + strength, history.Items.Count - n);
            if (strength > 0)
            {
                var (artist, genre) = (catalogue.ArtistOf(item), catalogue.GenreOf(item));
                _artists.At(artist) += strength;
                if (genre >= 0)
                {
                    _genres.At(genre) += strength;
                }
                liked += strength;
            }
        }
        return liked;
    }

    private float[] Direction(int track, float[]? into)
    {
        ReadOnlySpan<float> place = _context.Models.Taste.ItemFactors.Row(track);
        into ??= new float[place.Length];
        place.CopyTo(into);
        Vectors.Normalize(into);
        return into;
    }
}
