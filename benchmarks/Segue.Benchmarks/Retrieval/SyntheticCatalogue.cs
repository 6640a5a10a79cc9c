using Segue.Numerics;

namespace Segue.Benchmarks.Retrieval;

/// <summary>Factors as taste learns them: genres in artists in tracks, dimensions of falling weight, and listeners who like a few artists.</summary>
internal static class SyntheticCatalogue
{
    private const int Genres = 300, TracksOfArtist = 20, ArtistsOfListener = 3;

    /// <param name="skewed">Norms fall as a power (median 0.49, the largest nine times that), as those of learnt factors; else they hardly differ, which is the hard case for bounds by norm.</param>
    public static DenseMatrix Items(int items, int d, bool skewed)
    {
        var matrix = new DenseMatrix(items, d);
        Workers.For(items, Workers.Default, item =>
        {
            var random = new SeededRandom(1, (ulong)item);
            var row = matrix.Row(item);
            AddArtist(row, item / TracksOfArtist);
            AddNoise(row, ref random, 0.5f);
            var norm = skewed ? Math.Min(4.4, 0.33 * Math.Pow(1 - random.NextDouble(), -1 / 3.5)) : 0.5 * Math.Exp(0.15 * random.NextNormal());
            Scale(row, (float)norm / Vectors.Norm(row));
        });
        return matrix;
    }

    public static DenseMatrix Listeners(int listeners, int items, int d)
    {
        var matrix = new DenseMatrix(listeners, d);
        for (var listener = 0; listener < listeners; listener++)
        {
            var random = new SeededRandom(2, (ulong)listener);
            for (var n = 0; n < ArtistsOfListener; n++)
            {
                AddArtist(matrix.Row(listener), random.NextInt((items + TracksOfArtist - 1) / TracksOfArtist));
            }
            AddNoise(matrix.Row(listener), ref random, 0.5f);
        }
        return matrix;
    }

    private static void AddArtist(Span<float> row, int artist)
    {
        var random = new SeededRandom(3, (ulong)artist);
        var genre = new SeededRandom(4, (ulong)random.NextInt(Genres));
        AddNoise(row, ref genre, 1);
        AddNoise(row, ref random, 0.7f);
    }

    private static void AddNoise(Span<float> row, ref SeededRandom random, float weight)
    {
        for (var f = 0; f < row.Length; f++)
        {
            row[f] += weight * MathF.Pow(0.97f, f) * (float)random.NextNormal();
        }
    }

    private static void Scale(Span<float> row, float factor)
    {
        foreach (ref var value in row)
        {
            value *= factor;
        }
    }
}
