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
    private readonly ListScene _scene;
    private readonly ArtistSpacingOptions _options;
    private readonly Dictionary<int, int> _lastPlace = [];
    private readonly Dictionary<int, int> _inList = [];
    private readonly float _recovery;
    private int _now;

    public ArtistSpacing(ListScene scene, ArtistSpacingOptions options)
    {
        (_scene, _options, _now) = (scene, options, scene.Before.Count);
        _recovery = Math.Min(options.Recovery, scene.Catalogue.Artists / ArtistsARecovery);
        for (var place = 0; place < _now; place++)
        {
            _lastPlace[scene.Catalogue.ArtistOf(scene.Before[place])] = place;
        }
    }

    public override string Name => "the spacing of artists";

    public override bool Allows(int candidate)
        => Between(candidate) is var between && (between is null || between >= _options.Gap)
            && _inList.GetValueOrDefault(Artist(candidate)) < _options.MostInList;

    public override float Change(int candidate)
        => Between(candidate) is { } between ? -_options.Fatigue * MathF.Pow(2, -between / _recovery) : 0;

    public override void Take(int candidate)
    {
        var artist = Artist(candidate);
        _lastPlace[artist] = _now++;
        _inList[artist] = _inList.GetValueOrDefault(artist) + 1;
    }

    private int Artist(int candidate) => _scene.Catalogue.ArtistOf(_scene.Track(candidate));

    private int? Between(int candidate) => _lastPlace.TryGetValue(Artist(candidate), out var place) ? _now - place - 1 : null;
}
