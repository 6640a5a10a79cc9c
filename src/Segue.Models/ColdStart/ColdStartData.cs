using Segue.Numerics;

namespace Segue.Models.ColdStart;

/// <summary>What is known of the tracks that were trained, by row of the item factors.</summary>
public sealed record ColdStartData
{
    /// <summary>Item factors Y, shape [n × d]. Rows that are zero or not finite are passed over.</summary>
    public required DenseMatrix Factors { get; init; }

    /// <summary>Listens of each item.</summary>
    public required IReadOnlyList<int> Listens { get; init; }

    /// <summary>The artist of each item, any number from 0; -1 where nobody knows.</summary>
    public required IReadOnlyList<int> Artists { get; init; }

    /// <summary>The album of each item, any number from 0; -1 where nobody knows.</summary>
    public required IReadOnlyList<int> Albums { get; init; }

    /// <summary>Sound vectors, shape [n × any]; a row that is zero or not finite says that the item has none. Null: no item has.</summary>
    public DenseMatrix? Sounds { get; init; }

    /// <summary>What a network makes of each item's sound, shape [n × d], by networks that did not learn from that item (out of fold); a row that is zero or not finite says that there is
    /// nothing. Null: no item has one.</summary>
    public DenseMatrix? Predictions { get; init; }

    /// <summary>XᵀX of the user factors, shape [d × d]: errors are then those of the scores that all users would get. Null measures in the axes of the factors as they are.</summary>
    public DenseMatrix? UserGram { get; init; }

    /// <summary>What is known of an item but for its factors.</summary>
    internal ColdTrack Track(int item) => new(Artists[item], Albums[item], Sounds?.Row(item).ToArray(), Predictions?.Row(item).ToArray());

    /// <exception cref="ArgumentException">Two parts disagree about items or dimensions.</exception>
    internal void Require()
    {
        var (n, d) = (Factors.Rows, Factors.Columns);
        Require(Listens.Count, n, "listens");
        Require(Artists.Count, n, "artists");
        Require(Albums.Count, n, "albums");
        Require(Sounds?.Rows ?? n, n, "rows of sounds");
        Require(Predictions?.Rows ?? n, n, "rows of predictions");
        Require(Predictions?.Columns ?? d, d, "dimensions of predictions");
        Require(UserGram?.Rows ?? d, d, "rows of XᵀX");
        Require(UserGram?.Columns ?? d, d, "columns of XᵀX");
    }

    private static void Require(int found, int expected, string what)
    {
        if (found != expected)
        {
            throw new ArgumentException($"There are {found} {what}; the factors ask for {expected}.");
        }
    }
}

/// <summary>A track without a place in taste space.</summary>
/// <param name="Artist">As in <see cref="ColdStartData.Artists"/>; -1 where nobody knows.</param>
/// <param name="Album">As in <see cref="ColdStartData.Albums"/>; -1 where nobody knows.</param>
/// <param name="Sound">Its sound vector; null, zero or not finite where there is none.</param>
/// <param name="Prediction">What a network makes of its sound, d values; null, zero or not finite where there is nothing.</param>
public sealed record ColdTrack(int Artist = -1, int Album = -1, float[]? Sound = null, float[]? Prediction = null);

/// <summary>What may tell of a track that nobody heard; in this order everywhere.</summary>
[Flags]
public enum ColdSources
{
    /// <summary>Nothing but that it is a track few have heard.</summary>
    None = 0,

    /// <summary>The other tracks of its artist.</summary>
    Artist = 1,

    /// <summary>The other tracks of its album.</summary>
    Album = 2,

    /// <summary>The tracks that sound most like it.</summary>
    Sound = 4,

    /// <summary>A network that hears it.</summary>
    Network = 8,
}

/// <summary>Where a new track belongs.</summary>
/// <param name="Factors">d values.</param>
/// <param name="Sources">What told.</param>
/// <param name="ArtistTracks">Trained tracks of its artist.</param>
/// <param name="AlbumTracks">Trained tracks of its album.</param>
public sealed record ColdPlacement(float[] Factors, ColdSources Sources, int ArtistTracks, int AlbumTracks);
