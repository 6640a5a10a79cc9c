using Segue.Features;
using Segue.Models.Popularity;

namespace Segue.Retrieval;

/// <summary>The tracks of each genre, most played first, and by appeal; those of a genre are put in order when somebody asks first. Thread-safe.</summary>
public sealed class GenreCharts(CatalogueIndex catalogue, MostPopularModel popular)
{
    private readonly int[]?[] _charts = new int[]?[catalogue.Genres.Count], _byAppeal = new int[]?[catalogue.Genres.Count];
    private readonly Lazy<int[]> _allByAppeal = new(() => ByAppeal(popular, Enumerable.Range(0, catalogue.Count)));

    /// <summary>Rows of the genre's tracks; equally played ones ascending.</summary>
    public ReadOnlySpan<int> Of(int genre) => Volatile.Read(ref _charts[genre]) ?? (_charts[genre] = [.. catalogue.TracksOfGenre(genre).OrderByDescending(popular.Likes).ThenBy(track => track)]);

    /// <summary>Rows of the genre's tracks whose appeal lies above 0, the greatest first.</summary>
    public IReadOnlyList<int> ByAppeal(int genre) => Volatile.Read(ref _byAppeal[genre]) ?? (_byAppeal[genre] = ByAppeal(popular, catalogue.TracksOfGenre(genre)));

    /// <summary>The same of all tracks.</summary>
    public IReadOnlyList<int> ByAppeal() => _allByAppeal.Value;

    private static int[] ByAppeal(MostPopularModel popular, IEnumerable<int> tracks)
        => [.. tracks.Where(track => popular.AppealOf(track) > 0).OrderByDescending(popular.AppealOf).ThenBy(track => track)];
}
