using Segue.Features;

namespace Segue.Ranking;

/// <summary>Keeps tracks of one artist apart.</summary>
public static class ArtistSpacing
{
    /// <summary>Picks <paramref name="count"/> tracks from the head of a ranking so that none shares its artist with one of the
    /// <paramref name="gap"/> tracks before it; where only such tracks are left, the best of them comes rather than none.</summary>
    /// <param name="before">Tracks played just before, oldest first.</param>
    public static IReadOnlyList<RankedTrack> Pick(
        IReadOnlyList<RankedTrack> ranking, IReadOnlyList<int> before, int count, int gap, CatalogueIndex catalogue)
    {
        var recent = new Queue<int>(before.TakeLast(gap).Select(catalogue.ArtistOf));
        var left = new LinkedList<RankedTrack>(ranking);
        var picked = new List<RankedTrack>(count);
        while (picked.Count < count && left.First is { } first)
        {
            var node = first;
            while (node is not null && recent.Contains(catalogue.ArtistOf(node.Value.Track)))
            {
                node = node.Next;
            }
            node ??= first;
            left.Remove(node);
            picked.Add(node.Value);
            recent.Enqueue(catalogue.ArtistOf(node.Value.Track));
            if (recent.Count > gap)
            {
                recent.Dequeue();
            }
        }
        return picked;
    }
}
