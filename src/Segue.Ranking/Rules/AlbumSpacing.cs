namespace Segue.Ranking.Rules;

/// <summary>Keeps two tracks of one album apart, and lets so many of it into a list. Tracks of no known album are free.</summary>
/// <param name="gap">Tracks that lie at least between two of one album, where others are left.</param>
/// <param name="mostInList">Tracks of one album in one list at most, where others are left.</param>
public sealed class AlbumSpacing(ListScene scene, int gap, int mostInList) : ListRule
{
    private readonly List<string?> _recent = [.. scene.Before.TakeLast(gap).Select(track => scene.FactsOf(track).Album)];
    private readonly Dictionary<string, int> _inList = new(StringComparer.Ordinal);

    public override string Name => "the spacing of albums";

    public override bool Allows(int candidate)
        => Album(candidate) is not { } album || (!_recent.Contains(album) && _inList.GetValueOrDefault(album) < mostInList);

    public override void Take(int candidate)
    {
        var album = Album(candidate);
        _recent.Add(album);
        if (_recent.Count > gap)
        {
            _recent.RemoveAt(0);
        }
        if (album is not null)
        {
            _inList[album] = _inList.GetValueOrDefault(album) + 1;
        }
    }

    private string? Album(int candidate) => scene.FactsOf(scene.Track(candidate)).Album;
}
