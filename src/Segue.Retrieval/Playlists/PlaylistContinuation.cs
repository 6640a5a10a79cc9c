using Segue.Features.Interactions;
using Segue.Models.Registry;
using Segue.Numerics;
using Segue.Retrieval.Nearest;

namespace Segue.Retrieval.Playlists;

/// <summary>A track that continues a list.</summary>
/// <param name="Playlists">Its company on playlists beside that of the best, in [0, 1].</param>
/// <param name="Taste">Its nearness to the list's taste beside that of the nearest, at most 1.</param>
public readonly record struct ContinuingTrack(int Track, float Playlists, float Taste)
{
    public float Score => Playlists + Taste;
}

/// <summary>Continues a list of tracks by what stands beside them on playlists and by taste, both alike.</summary>
public static class PlaylistContinuation
{
    /// <summary>The tracks that continue a list best, best first, equal ones by lower row; fewer where no more have anything that speaks for them.</summary>
    /// <remarks>
    /// score = p ÷ max p + t ÷ max t, with p the sum over the list of likeness on playlists and t the inner product with the list folded in; a part that says nothing counts 0. Exact among
    /// all tracks: one that stands on no playlist with the list can be among the best only if it is among the nearest in taste.
    /// </remarks>
    /// <param name="list">Rows; one that is named twice counts once.</param>
    /// <param name="count">At least 1.</param>
    /// <param name="keptOut">Rows that are offered to nobody.</param>
    public static IReadOnlyList<ContinuingTrack> Find(ModelSet models, TasteIndex nearest, IReadOnlyList<int> list, int count, IReadOnlySet<int> keptOut)
    {
        int[] told = [.. list.Distinct()];
        var left = told.Concat(keptOut).ToHashSet();
        var beside = models.Playlists?.Continue([.. told.Select(track => (track, 1f))], int.MaxValue, left.Contains) ?? [];
        var taste = models.Taste.FoldIn(UserHistory.OfItems(told));
        float Toward(int track) => Vectors.Dot(taste, models.Taste.ItemFactors.Row(track));
        var near = nearest.Nearest(taste, count, [.. left.Order()]);
        var (company, nearness) = (beside.Length > 0 ? beside[0].Score : 0, near.Length > 0 ? Toward(near[0].Item) : 0);
        var placed = beside.Select(scored => scored.Item).ToHashSet();
        return
        [
            .. beside.Concat(near.Where(scored => !placed.Contains(scored.Item)).Select(scored => new ScoredItem(scored.Item, 0)))
                .Select(scored => new ContinuingTrack(
                    scored.Item, company > 0 ? scored.Score / company : 0, nearness > 0 ? Toward(scored.Item) / nearness : 0))
                .Where(track => track.Score > 0).OrderByDescending(track => track.Score).ThenBy(track => track.Track).Take(count),
        ];
    }
}
