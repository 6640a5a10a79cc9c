using Segue.Core;
using Segue.Models.Registry;
using Segue.Numerics;
using Segue.Server.Stores;

namespace Segue.Server.Music;

/// <summary>What listening tells a training of sound.</summary>
public static class TracksHeardTogether
{
    // So many of a track's nearest in listening are taken for heard together.
    private const int NeighborsTaken = 3;

    /// <summary>What the published models of listening call neighbors; nothing where nobody was listened to yet.</summary>
    public static IReadOnlyList<(TrackId First, TrackId Second)> Read(StoreParts parts)
    {
        if (parts.Models.Current() is null || parts.Models.LoadCurrent() is not { Rows: { } rows } models)
        {
            return [];
        }
        return [.. Enumerable.Range(0, models.Items).SelectMany(
            item => Nearest(models, item).Select(neighbor => (rows.Items[item].Id, rows.Items[neighbor.Item].Id)))];
    }

    private static ScoredItem[] Nearest(ModelSet models, int item)
    {
        var neighbors = models.Neighbors.Neighbors(item);
        return [.. neighbors[..Math.Min(NeighborsTaken, neighbors.Length)]];
    }
}
