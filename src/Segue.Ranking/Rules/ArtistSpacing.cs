using Segue.Numerics.Tables;

namespace Segue.Ranking.Rules;

/// <summary>How tracks of one artist are kept apart.</summary>
public sealed record ArtistSpacingOptions
{
    /// <summary>Tracks that lie at least between two of one artist, where others are left; 0 to 100.</summary>
    public int Gap { get; init; } = 4;

    /// <summary>Tracks of one artist in one list at most, where others are left; 1 to 100.</summary>
    public int MostInList { get; init; } = 2;

    /// <summary>What is taken off the score of an artist heard just before; at least 0.</summary>
    public float Fatigue { get; init; } = 3;

    /// <summary>After so many other tracks half of the fatigue is left; positive. In a catalogue of fewer than 8 times as many artists it
    /// fades faster in proportion, for there the same few must return.</summary>
    public float Recovery { get; init; } = 16;
}

/// <summary>Keeps artists from tiring: a gap between two tracks of one, so many in a list at most, and a fatigue that fades.</summary>
/// <remarks>A gap alone would push a listener with few artists out of the own taste; a fatigue alone would let a loved artist play in
/// a row.</remarks>
public sealed class ArtistSpacing : ListRule
{
    private const float ArtistsARecovery = 8;
    private readonly ArtistSpacingOptions _options;
    private readonly ListScene _scene;
    private readonly int[] _artistOf;   // by candidate, plus 1; 0: not looked up yet
    private readonly RowTable<Course> _artists;
    private readonly float _recovery;
    private readonly RowTable<float> _fatigue = new(64);   // by the tracks between
    private int _now;

    public ArtistSpacing(ListScene scene, ArtistSpacingOptions options)
    {
        (_scene, _options, _artistOf, _now) = (scene, options, new int[scene.Ranking.Count], scene.Before.Count);
        _recovery = Math.Min(options.Recovery, scene.Catalogue.Artists / ArtistsARecovery);
        _artists = new(Math.Min(_now, scene.Catalogue.Artists));
        for (var place = 0; place < _now; place++)
        {
            _artists.At(scene.Catalogue.ArtistOf(scene.Before[place])).Last = place + 1;
        }
    }

    public override string Name => "the spacing of artists";

    public override bool Allows(int candidate)
    {
        var artist = _artists[Artist(candidate)];
        return (artist.Last == 0 || _now - artist.Last >= _options.Gap) && artist.InList < _options.MostInList;
    }

    public override float Change(int candidate) => _artists[Artist(candidate)].Last is > 0 and var last ? Fatigue(_now - last) : 0;

    public override void Take(int candidate)
    {
        ref var artist = ref _artists.At(Artist(candidate));
        artist.Last = ++_now;
        artist.InList++;
    }

    private int Artist(int candidate)
    {
        ref var artist = ref _artistOf[candidate];
        return (artist > 0 ? artist : artist = _scene.Catalogue.ArtistOf(_scene.Track(candidate)) + 1) - 1;
    }

    private float Fatigue(int between)
    {
        ref var known = ref _fatigue.At(between, out var isKnown);
        return isKnown ? known : known = -_options.Fatigue * MathF.Pow(2, -between / _recovery);
    }

    /// <param name="Last">The place of its last track in sitting and list, from 1; 0: none.</param>
    /// <param name="InList">Its tracks in the list.</param>
    private record struct Course(int Last, int InList);
}
