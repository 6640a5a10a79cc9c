using Segue.Numerics;
using Segue.Numerics.Search;

namespace Segue.Models.ColdStart;

/// <summary>What each source says of one track.</summary>
/// <param name="Means">Four vectors in the order of <see cref="ColdSources"/>; null where the source says nothing.</param>
/// <param name="ArtistTracks">Tracks behind the artist's mean.</param>
/// <param name="AlbumTracks">Tracks behind the album's mean.</param>
internal sealed record ColdEvidence(float[]?[] Means, int ArtistTracks, int AlbumTracks)
{
    /// <summary>The sources that say something.</summary>
    public ColdSources Sources => (ColdSources)Enumerable.Range(0, ColdWeights.Sources).Sum(source => Means[source] is null ? 0 : 1 << source);

    /// <param name="near">The tracks that sound most like it, with cosines.</param>
    /// <param name="learnt">What a regression on sounds says instead; null where none is asked.</param>
    /// <param name="prediction">What a network says; null, zero or not finite for nothing.</param>
    public static ColdEvidence Of(
        WarmTracks warm, IReadOnlyList<int> artist, IReadOnlyList<int> album, IReadOnlyList<ScoredItem> near, float[]? learnt, float[]? prediction, double power)
    {
        if (prediction is not null)
        {
            Shape.RequireSame(warm.Data.Factors.Columns, prediction.Length);
        }
        return new(
            [
                warm.Mean(artist.Select(item => (item, 1.0)), power),
                warm.Mean(album.Select(item => (item, 1.0)), power),
                learnt ?? warm.Mean(near.Select(found => (found.Item, (double)found.Score)), power),
                prediction is not null && UnitRows.IsDirection(prediction) ? prediction : null,
            ],
            artist.Count,
            album.Count);
    }

    /// <summary>ρ: how far each source is to be trusted by the number of tracks behind it, in [0, 1].</summary>
    public double Trust(int source, double artistShrink, double albumShrink) => source switch
    {
        0 => ArtistTracks / (ArtistTracks + artistShrink),
        1 => AlbumTracks / (AlbumTracks + albumShrink),
        _ => 1,
    };

    /// <summary>The place that the weights make of it; null where no source says anything.</summary>
    public float[]? Mix(ColdWeights weights)
    {
        var sources = Sources;
        if (sources == ColdSources.None)
        {
            return null;
        }
        var (table, place) = (weights.Of(sources), new float[Means.First(mean => mean is not null)!.Length]);
        for (var source = 0; source < ColdWeights.Sources; source++)
        {
            if (Means[source] is { } mean)
            {
                Vectors.AddScaled(place, mean, (float)(weights.Scale * table[source] * Trust(source, weights.ArtistShrink, weights.AlbumShrink)));
            }
        }
        return place;
    }
}
