using System.Buffers;
using Segue.Numerics;
using Segue.Numerics.Tables;
using Segue.Retrieval;

namespace Segue.Ranking.Learnt;

/// <summary>What the context features of one answer's tracks are made of. For one caller at a time.</summary>
/// <remarks>Made once an answer, O(newest tracks of the history + signals + d); then some 20 ns a track, without allocation.</remarks>
public sealed class RankingScene
{
    private const int NewestHeard = 300, MostRepeats = 5;
    private const float LatelyHalf = 20;
    private static readonly float[] Lately = [.. Enumerable.Range(0, NewestHeard + 1).Select(since => MathF.Pow(2, -since / LatelyHalf))];
    private readonly ListenerContext _context;
    private readonly RowTable<(float Strength, int Since)> _heard;   // 0 tracks since: not heard
    private readonly RowTable<ArtistSeen> _artists;
    private readonly RowTable<GenreSeen> _genres = new(16);
    private readonly float[] _directions;   // of the last kept and the last skipped track, one after the other
    private readonly int _trained;
    private readonly float _length, _keptShare;
    private readonly bool _hasKept, _hasSkipped;

    public RankingScene(ListenerContext context)
    {
        _context = context;
        _trained = context.Models.Trained.Items;
        _directions = new float[2 * context.Models.Taste.Factors];
        var most = Math.Min(NewestHeard, context.History.Items.Count);
        (_heard, _artists) = (new(most), new(most + context.Signals.Count));
        var liked = Hear();
        SessionSignal? last = null;
        var kept = 0;
        foreach (var signal in context.Signals)
        {
            if (!signal.IsSeed)
            {
                _artists.At(context.Catalogue.ArtistOf(signal.Track)).Again++;
                (last, kept, _length) = (signal, kept + (signal.Strength > 0 ? 1 : 0), _length + 1);
            }
            _hasKept |= Meet(signal.Track, signal.Strength > 0, 0);
            _hasSkipped |= Meet(signal.Track, signal.Strength < 0, 1);
        }
        (_keptShare, _length) = ((kept + 1) / (_length + 2), MathF.Log2(1 + _length));
        if (last is { } now)
        {
            _artists.At(context.Catalogue.ArtistOf(now.Track)).Now = now.Strength;
            if (context.Catalogue.GenreOf(now.Track) is >= 0 and var genre)
            {
                _genres.At(genre).Now = now.Strength;
            }
        }
        SayOnce(liked);
    }

    /// <summary>Writes the context features of a track; the place is 0.</summary>
    /// <param name="weighed">The track with its hand-weighted score.</param>
    /// <param name="features">Receives them; at least as long as <see cref="RankingFeatures.Context"/>.</param>
    public void Write(in RankedTrack weighed, Span<float> features)
    {
        WriteAlone(weighed, features);
        ReadOnlySpan<float> place = _context.Models.Taste.ItemFactors.Row(weighed.Track);
        if ((_hasKept || _hasSkipped) && Vectors.Norm(place) is > 0 and var length)
        {
            features[RankingFeatures.LikeKept] = _hasKept ? Vectors.Dot(_directions.AsSpan(0, place.Length), place) / length : 0;
            features[RankingFeatures.LikeSkipped] = _hasSkipped ? Vectors.Dot(_directions.AsSpan(place.Length), place) / length : 0;
        }
    }

    /// <summary>Writes those of all tracks of an answer, each as <see cref="Write"/> does, to the bit.</summary>
    /// <param name="candidates">Receives the tracks as they were proposed.</param>
    /// <param name="tracks">Receives their rows in the catalogue.</param>
    /// <param name="features">Receives them row after row.</param>
    internal void WriteAll(IReadOnlyList<RankedTrack> weighed, Span<Candidate> candidates, Span<int> tracks, Span<float> features)
    {
        for (var n = 0; n < tracks.Length; n++)
        {
            var track = weighed[n];
            (candidates[n], tracks[n]) = (track.Candidate, track.Track);
            WriteAlone(track, features.Slice(n * RankingFeatures.Width, RankingFeatures.Width));
        }
        if (_hasKept || _hasSkipped)
        {
            WriteLikeness(tracks, features);
        }
    }

    private void WriteLikeness(ReadOnlySpan<int> tracks, Span<float> features)
    {
        var places = _context.Models.Taste.ItemFactors;
        var rented = ArrayPool<float>.Shared.Rent(3 * tracks.Length);
        var products = rented.AsSpan(0, 2 * tracks.Length);
        var lengths = rented.AsSpan(2 * tracks.Length, tracks.Length);
        Vectors.DotRows(places, tracks, _directions, products);
        Vectors.NormRows(places, tracks, lengths);
        for (var n = 0; n < tracks.Length; n++)
        {
            if (lengths[n] > 0)
            {
                var row = features.Slice(n * RankingFeatures.Width, RankingFeatures.Width);
                row[RankingFeatures.LikeKept] = _hasKept ? products[n] / lengths[n] : 0;
                row[RankingFeatures.LikeSkipped] = _hasSkipped ? products[tracks.Length + n] / lengths[n] : 0;
            }
        }
        ArrayPool<float>.Shared.Return(rented);
    }

    // All but the likeness to what was kept and skipped.
    private void WriteAlone(in RankedTrack weighed, Span<float> features)
    {
        var (track, parts) = (weighed.Track, weighed.Parts);
        features = features[..RankingFeatures.Width];
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
            features[14] = Lately[heard.Since];
        }
        var artist = _artists[_context.Catalogue.ArtistOf(track)];
        var genre = _context.Catalogue.GenreOf(track) is >= 0 and var number ? _genres[number] : default;
        (features[15], features[16], features[17]) = (artist.Heard, genre.Heard, artist.Again);
        (features[18], features[19]) = (genre.Now, artist.Now);
        features[22] = track >= _trained ? 1 : 0;
        (features[23], features[24]) = (_length, _keptShare);
    }

    // The newest part alone: a history of years costs no more, and what lies further back says no more of a repeat.
    private float Hear()
    {
        var (history, catalogue, liked) = (_context.History, _context.Catalogue, 0f);
        var (items, strengths) = (history.Items, history.Strengths);
        for (var (n, count) = (Math.Max(0, items.Count - NewestHeard), items.Count); n < count; n++)
        {
            var (item, strength) = (items[n], strengths[n]);
            ref var heard = ref _heard.At(item);
            heard = (heard.Strength + strength, count - n);
            if (strength > 0)
            {
                var (artist, genre) = (catalogue.ArtistOf(item), catalogue.GenreOf(item));
                _artists.At(artist).Heard += strength;
                if (genre >= 0)
                {
                    _genres.At(genre).Heard += strength;
                }
                liked += strength;
            }
        }
        return liked;
    }

    // Sums become features here, once an artist and genre instead of once a track.
    private void SayOnce(float liked)
    {
        foreach (var (row, _) in _artists)
        {
            ref var artist = ref _artists.At(row);
            (artist.Heard, artist.Again) = (MathF.Log2(1 + artist.Heard), Math.Min(MostRepeats, artist.Again));
        }
        foreach (var (row, _) in _genres)
        {
            ref var genre = ref _genres.At(row);
            genre.Heard = liked > 0 ? genre.Heard / liked : 0;
        }
    }

    private bool Meet(int track, bool isMet, int place)
    {
        if (isMet)
        {
            var direction = _directions.AsSpan(place * _directions.Length / 2, _directions.Length / 2);
            _context.Models.Taste.ItemFactors.Row(track).CopyTo(direction);
            Vectors.Normalize(direction);
        }
        return isMet;
    }

    private record struct ArtistSeen(float Heard, float Again, float Now);

    private record struct GenreSeen(float Heard, float Now);
}
