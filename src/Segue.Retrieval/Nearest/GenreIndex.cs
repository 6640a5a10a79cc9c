using Segue.Features;
using Segue.Numerics;

namespace Segue.Retrieval.Nearest;

/// <summary>Finds the tracks of one genre of greatest inner product with given factors, exactly.</summary>
/// <remarks>A large genre has an index of its own, made of the codes of the whole one when somebody asks first: d + 12 bytes a track, so that of all genres takes as much as the whole one. Tracks of small genres, those that
/// came since, and those that a filter lets through are scored in the order of their norms, 8 bytes a track, as far as one may be among the nearest. Thread-safe.</remarks>
/// <param name="nearest">Over the item factors of the catalogue's tracks.</param>
public sealed class GenreIndex(CatalogueIndex catalogue, TasteIndex nearest)
{
    // So many are scored in the time that a search takes.
    private const int FewestToIndex = 2_048;
    private readonly Lazy<IndexPart>[] _parts = [.. Enumerable.Range(0, catalogue.Genres.Count).Select(genre => new Lazy<IndexPart>(
        () => nearest.Part(catalogue.TracksOfGenre(genre).Where(track => track < nearest.Trained.Items))))];

    private readonly Lazy<NormOrder>[] _all = [.. Enumerable.Range(0, catalogue.Genres.Count).Select(genre => new Lazy<NormOrder>(() => new(nearest.Factors, catalogue.TracksOfGenre(genre))))];
    private readonly Lazy<NormOrder>[] _since = [.. Enumerable.Range(0, catalogue.Genres.Count).Select(genre => new Lazy<NormOrder>(
        () => new(nearest.Factors, catalogue.TracksOfGenre(genre).Where(track => track >= nearest.Trained.Items))))];

    /// <summary>The nearest tracks of a genre, best first; equal ones by row.</summary>
    /// <param name="factors">Length d, finite.</param>
    public ScoredItem[] Nearest(int genre, ReadOnlySpan<float> factors, int count, ExcludedTracks excluded)
    {
        var isIndexed = catalogue.TracksOfGenre(genre).Count >= FewestToIndex && excluded.Filter is null;
        var best = new TopK(count);
        foreach (var scored in isIndexed ? _parts[genre].Value.Nearest(factors, count, excluded.Rows, choice: null) : [])
        {
            best.Add(scored.Item, scored.Score);
        }
        (isIndexed ? _since : _all)[genre].Value.AddNearest(factors, excluded, best);
        GC.KeepAlive(nearest);
        return best.Take();
    }
}
