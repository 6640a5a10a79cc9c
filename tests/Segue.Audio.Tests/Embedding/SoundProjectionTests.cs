using Segue.Audio.Embedding;
using Segue.Numerics;

namespace Segue.Audio.Tests.Embedding;

public sealed class SoundProjectionTests
{
    private const int Albums = 10, TracksOfAlbum = 20, Features = 12;
    private static readonly int[] Blocks = [8, 4], AlbumOf = [.. Enumerable.Range(0, Albums * TracksOfAlbum).Select(track => track / TracksOfAlbum)];
    private static readonly float[] Weights = [1, 0.5f];
    private static readonly int[] NoAlbums = [.. AlbumOf.Select(_ => -1)];

    // Tracks of an album share features 3 to 11; features 0 to 2 change from track to track, whatever the album.
    private static DenseMatrix Planted()
    {
        var features = new DenseMatrix(Albums * TracksOfAlbum, Features);
        for (var track = 0; track < features.Rows; track++)
        {
            var (own, album) = (new SeededRandom(3, 1, (ulong)track), new SeededRandom(3, 2, (ulong)AlbumOf[track]));
            for (var f = 0; f < Features; f++)
            {
                features.Row(track)[f] = (float)(100 * f + (f < 3 ? 3 * own.NextNormal() : album.NextNormal() + 0.3 * own.NextNormal()));
            }
        }
        return features;
    }

    private static SoundProjection Fit(DenseMatrix features, int[] albums, int dimensions = 6, int threads = 1)
        => SoundProjection.Fit(features, Blocks, Weights, albums, new() { Dimensions = dimensions }, threads);

    private static float[][] Vectors(SoundProjection projection, DenseMatrix features) => [.. Enumerable.Range(0, features.Rows).Select(track =>
    {
        var vector = new float[projection.Dimensions];
        projection.Apply(features.Row(track), vector);
        return vector;
    })];

    // 1 - cosine, the mean over pairs of an album by that over all pairs.
    private static double WithinShare(float[][] vectors)
    {
        var (within, all) = ((Sum: 0.0, Count: 0), (Sum: 0.0, Count: 0));
        for (var i = 0; i < vectors.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var distance = 1 - Numerics.Vectors.Dot(vectors[i], vectors[j]);
                all = (all.Sum + distance, all.Count + 1);
                within = AlbumOf[i] == AlbumOf[j] ? (within.Sum + distance, within.Count + 1) : within;
            }
        }
        return within.Sum / within.Count / (all.Sum / all.Count);
    }

    [Fact]
    public void Tracks_of_one_album_lie_nearer_when_the_fit_is_told_the_albums()
    {
        var features = Planted();

        var (told, untold) = (WithinShare(Vectors(Fit(features, AlbumOf), features)), WithinShare(Vectors(Fit(features, NoAlbums), features)));

        Assert.True(told < 0.8 * untold, $"{told} of the distance when told, {untold} when not");
    }

    [Fact]
    public void Every_vector_has_length_1_and_that_of_the_mean_track_is_0()
    {
        var features = Planted();
        var projection = Fit(features, AlbumOf);

        Assert.All(Vectors(projection, features), vector => Assert.Equal(1, Numerics.Vectors.Norm(vector), 1e-5));
        var centered = new SoundProjection(Blocks, Weights, projection.Mean.ToArray(), projection.Scale.ToArray(), new float[Features], projection.Directions);
        var mean = new float[projection.Dimensions];
        centered.Apply(projection.Mean, mean);
        Assert.All(mean, value => Assert.Equal(0, value));
    }

    [Fact]
    public void A_feature_that_never_changes_tells_nothing()
    {
        var features = Planted();
        for (var track = 0; track < features.Rows; track++)
        {
            features.Row(track)[5] = 1e4f;
        }
        var projection = Fit(features, AlbumOf);
        var (one, other) = (features.Row(0).ToArray(), features.Row(0).ToArray());
        other[5] = -7;

        var (first, second) = (new float[6], new float[6]);
        projection.Apply(one, first);
        projection.Apply(other, second);

        Assert.Equal(first, second);
        Assert.All(first, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void A_value_far_out_counts_no_more_than_four_deviations()
    {
        var features = Planted();
        var projection = Fit(features, AlbumOf);
        var (far, farther) = (features.Row(0).ToArray(), features.Row(0).ToArray());
        (far[4], farther[4]) = (1e6f, 1e12f);

        var (first, second) = (new float[6], new float[6]);
        projection.Apply(far, first);
        projection.Apply(farther, second);

        Assert.Equal(first, second);
    }

    [Fact]
    public void Dimensions_beyond_the_features_are_zero()
    {
        var features = Planted();

        Assert.All(Vectors(Fit(features, AlbumOf, dimensions: 16), features), vector => Assert.All(vector[Features..], value => Assert.Equal(0, value)));
    }

    [Fact]
    public void Threads_change_no_byte()
    {
        var features = Planted();
        var (one, four) = (Fit(features, AlbumOf), Fit(features, AlbumOf, threads: 4));

        Assert.Equal(one.Directions.AsSpan(), four.Directions.AsSpan());
        Assert.Equal(one.Center, four.Center);
    }

    [Fact]
    public void What_cannot_be_fitted_is_told()
    {
        var few = new DenseMatrix(SoundProjection.FewestTracks - 1, Features);
        Assert.Contains("8", Assert.Throws<ArgumentException>(() => Fit(few, [.. Enumerable.Repeat(-1, few.Rows)])).Message, StringComparison.Ordinal);

        var broken = Planted();
        broken.Row(17)[9] = float.NaN;
        Assert.Contains("Feature 9 of track 17 is NaN", Assert.Throws<ArgumentException>(() => Fit(broken, AlbumOf)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Fit(Planted(), [1, 2]));
        Assert.Throws<ArgumentException>(() => SoundProjection.Fit(Planted(), [8, 5], Weights, AlbumOf, new()));
        Assert.Throws<ArgumentException>(() => Fit(Planted(), AlbumOf).Apply(new float[Features - 1], new float[6]));
    }
}
