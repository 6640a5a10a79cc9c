using Segue.Features;
using Segue.Models.Popularity;

namespace Segue.Retrieval;

/// <summary>The tracks of each genre, most played first; those of a genre are put in order when somebody asks first. Thread-safe.</summary>
public sealed class GenreCharts(CatalogueIndex catalogue, MostPopularModel popular)
{
    private readonly int[]?[] _charts = new int[]?[catalogue.Genres.Count];

    /// <summary>Rows of the genre's tracks; equally played ones ascending.</summary>
    public ReadOnlySpan<int> Of(int genre) => Volatile.Read(ref _charts[genre]) ?? (_charts[genre] = InOrder(genre));

    private int[] InOrder(int genre) => [.. catalogue.TracksOfGenre(genre).OrderByDescending(popular.Likes).ThenBy(track => track)];
}
