namespace Segue.Ranking.Rules;

/// <summary>What a web radio under the statutory license of the United States may play: in any three hours at most 3 different tracks of an album, no
/// more than 2 of them in a row, and at most 4 of an artist, no more than 3 in a row.</summary>
/// <remarks>The "sound recording performance complement", 17 U.S.C. § 114(j)(13); sets of albums sold as one, which it treats as it does an artist, are not
/// known here. Counted is what the sitting really played, to whatever point, and what the list places before; tracks of the list are taken to be played
/// out one after the other. Plays come in the order of time, so the three hours that end with a track are the only ones to look at. The rule is no legal advice.</remarks>
public sealed class WebRadioRule : ListRule
{
    /// <summary>The time over which is counted.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(3);

    private const int MostOfAlbum = 3, MostOfAlbumInRow = 2, MostOfArtist = 4, MostOfArtistInRow = 3;

    // A track whose length nobody knows; rather short, so that fewer plays leave the three hours.
    private static readonly TimeSpan ShortLength = TimeSpan.FromMinutes(2);
    private readonly ListScene _scene;
    private readonly List<TimedPlay> _plays;
    private DateTimeOffset _now;

    public WebRadioRule(ListScene scene)
    {
        (_scene, _now, _plays) = (scene, scene.Now, [.. scene.Plays]);
        Forget();
    }

    public override string Name => "the rule of web radio";
    public override bool Yields => false;

    public override bool Allows(int candidate)
    {
        var track = _scene.Track(candidate);
        var album = _scene.FactsOf(track).Album;
        return Fits(track, MostOfArtist, MostOfArtistInRow, other => _scene.Catalogue.ArtistOf(other) == _scene.Catalogue.ArtistOf(track))
            && (album is null || Fits(track, MostOfAlbum, MostOfAlbumInRow, other => _scene.FactsOf(other).Album == album));
    }

    public override void Take(int candidate)
    {
        var track = _scene.Track(candidate);
        _now += _scene.Catalogue.Tracks[track].Length ?? ShortLength;
        _plays.Add(new(track, _now));
        Forget();
    }

    private bool Fits(int track, int most, int mostInRow, Func<int, bool> isOfGroup)
    {
        var different = new HashSet<int> { track };
        var (inRow, rowEnded) = (1, false);
        for (var n = _plays.Count - 1; n >= 0; n--)
        {
            if (!isOfGroup(_plays[n].Track))
            {
                rowEnded = true;
                continue;
            }
            different.Add(_plays[n].Track);
            inRow += rowEnded ? 0 : 1;
        }
        return different.Count <= most && inRow <= mostInRow;
    }

    private void Forget() => _plays.RemoveAll(play => play.At <= _now - Window);
}
