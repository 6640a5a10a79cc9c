using Segue.Features;
using Segue.Numerics;

namespace Segue.Retrieval.Nearest;

/// <summary>Finds the tracks of one genre of greatest inner product with given factors, exactly.</summary>
/// <remarks>A large genre has an index of its own, made of the codes of the whole one when somebody asks first: d + 12 bytes a track, so that of all genres takes as much as the whole one. Tracks of small genres, those that
/// came since, and those that a filter lets through are scored one by one. Thread-safe.</remarks>
/// <param name="nearest">Over the item factors of the catalogue's tracks.</param>
public sealed class GenreIndex(CatalogueIndex catalogue, TasteIndex nearest)
{
    // So many are scored in the time that a search takes.
    private const int FewestToIndex = 2_048;
    private readonly Lazy<IndexPart>[] _parts = [.. Enumerable.Range(0, catalogue.Genres.Count).Select(genre => new Lazy<IndexPart>(
        () => nearest.Part(catalogue.TracksOfGenre(genre).Where(track => track < nearest.Trained.Items))))];

    /// <summary>The nearest tracks of a genre, best first; equal ones by row.</summary>
    /// <param name="factors">Length d, finite.</param>
    public ScoredItem[] Nearest(int genre, ReadOnlySpan<float> factors, int count, ExcludedTracks excluded)
    {
        var tracks = catalogue.TracksOfGenre(genre);
        var isIndexed = tracks.Count >= FewestToIndex && excluded.Filter is null;
        var best = new TopK(count);
        for (var n = isIndexed ? Behind(tracks) : 0; n < tracks.Count; n++)
        {
            if (!excluded.Contains(tracks[n]))
            {
                best.Add(tracks[n], Vectors.Dot(factors, nearest.Factors.Row(tracks[n])));
            }
        }
        foreach (var scored in isIndexed ? _parts[genre].Value.Nearest(factors, count, excluded.Rows, choice: null) : [])
        {
            best.Add(scored.Item, scored.Score);
        }
        return best.Take();
    }

    // The first of a genre's tracks that came after the training; rows of a genre ascend.
    private int Behind(IReadOnlyList<int> tracks)
    {
        var (low, high) = (0, tracks.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = tracks[middle] < nearest.Trained.Items ? (middle + 1, high) : (low, middle);
        }
        return low;
    }
}
