using Segue.Numerics;
using Segue.Retrieval.Sounds;

namespace Segue.Retrieval.Tests.Sounds;

/// <summary>Small spaces of sounds whose right answers are known.</summary>
internal static class SoundWorlds
{
    public static SoundSpaceOptions Plain { get; } = new() { Anchors = 0, Threads = 1 };

    /// <summary>Track n is row n.</summary>
    public static SoundSpace Of(DenseMatrix vectors, SoundSpaceOptions? options = null)
        => SoundSpace.Create("test", [.. Enumerable.Range(0, vectors.Rows)], vectors, options ?? new() { Threads = 1 });

    /// <summary>Vectors in a plane, one a degree: track n points to n degrees.</summary>
    public static DenseMatrix Degrees(int count)
    {
        var vectors = new DenseMatrix(count, 3);
        for (var n = 0; n < count; n++)
        {
            (vectors.Row(n)[0], vectors.Row(n)[1]) = (MathF.Cos(n * MathF.PI / 180), MathF.Sin(n * MathF.PI / 180));
        }
        return vectors;
    }

    /// <summary>Noise about one direction, some tracks nearer to it than others: these are near to all.</summary>
    public static DenseMatrix Hubby(ulong seed, int count, int dimensions)
    {
        var (vectors, random) = (Noise(seed, count, dimensions), new SeededRandom(seed, 78));
        for (var n = 0; n < count; n++)
        {
            vectors.Row(n)[0] += 2 + 3 * (float)random.NextDouble();
        }
        return vectors;
    }

    /// <summary>Track n is of cluster n % clusters; clusters are of different width, and every tenth track lies between all of them.</summary>
    public static DenseMatrix Clustered(ulong seed, int count, int dimensions, int clusters)
    {
        var (vectors, centers) = (Noise(seed, count, dimensions), Noise(seed + 1, clusters, dimensions));
        for (var n = 0; n < count; n++)
        {
            var row = vectors.Row(n);
            var cluster = n % clusters;
            for (var f = 0; f < dimensions; f++)
            {
                row[f] = row[f] * (0.7f + 0.5f * cluster / clusters) + centers.Row(cluster)[f] * (n % 10 == 9 ? 0.4f : 1);
            }
        }
        return vectors;
    }

    public static DenseMatrix Noise(ulong seed, int count, int dimensions)
    {
        var (vectors, random) = (new DenseMatrix(count, dimensions), new SeededRandom(seed, 77));
        foreach (ref var value in vectors.AsSpan())
        {
            value = (float)random.NextNormal();
        }
        return vectors;
    }
}
