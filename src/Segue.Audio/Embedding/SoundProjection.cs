using Segue.Numerics;
using Segue.Numerics.Factors;

namespace Segue.Audio.Embedding;

/// <summary>How a projection is fitted.</summary>
public sealed record ProjectionOptions
{
    /// <summary>Length of the vectors; 2 to 1024.</summary>
    public int Dimensions { get; init; } = 128;

    /// <summary>γ: so much of the mean variance is added in every direction, against directions in which few tracks happen to agree; above 0.</summary>
    public double Shrinkage { get; init; } = 1;

    /// <summary>Exponent of the whitening: 0 leaves variances as they are, 1 makes those within an album equal; 0 to 1.</summary>
    public double Whitening { get; init; } = 0.5;
}

/// <summary>Brings blocks of features to one unit vector, in which the cosine tells how alike two tracks sound.</summary>
/// <remarks>
/// Each feature is standardized and cut at ±<see cref="Outlier"/> deviations, each block brought to its weight as length; then x ← Λ^(−w/2) Uᵀ(x − m), where UΛUᵀ = S + γ·tr(S)/D·I is the
/// scatter within albums (within-class covariance normalization: Hatch, Kajarekar and Stolcke, "Within-class covariance normalization for SVM-based
/// speaker recognition", Interspeech 2006), or that of all tracks as far as albums are not known; then the directions of greatest variance, and
/// unit length. Fitting costs O(n D² + D³), a track D·dimensions multiply-adds. Immutable; safe for any number of callers.
/// </remarks>
public sealed class SoundProjection
{
    /// <summary>Fewest tracks from which a projection can be fitted.</summary>
    public const int FewestTracks = 8;

    private const float Outlier = 4;

    // So many albums' worth of differences weigh as much as all that the tracks tell together.
    private const double PriorDifferences = 50;

    private readonly float[] _mean, _scale, _center;
    private readonly DenseMatrix _directions;

    /// <param name="blocks">Features of each block; they follow each other.</param>
    /// <param name="weights">Length of each block, above 0.</param>
    /// <param name="mean">Length D, as <paramref name="scale"/> (1 ÷ deviation) and <paramref name="center"/>.</param>
    /// <param name="directions">Shape [dimensions × D].</param>
    /// <exception cref="ArgumentException">Lengths do not agree.</exception>
    public SoundProjection(IReadOnlyList<int> blocks, IReadOnlyList<float> weights, float[] mean, float[] scale, float[] center, DenseMatrix directions)
    {
        Shape.RequireSame(blocks.Count, weights.Count);
        Shape.RequireSame(blocks.Sum(), mean.Length);
        Shape.RequireSame(mean.Length, scale.Length);
        Shape.RequireSame(mean.Length, center.Length);
        Shape.RequireSame(mean.Length, directions.Columns);
        (Blocks, Weights, _mean, _scale, _center, _directions) = (blocks, weights, mean, scale, center, directions);
    }

    public IReadOnlyList<int> Blocks { get; }
    public IReadOnlyList<float> Weights { get; }

    /// <summary>Features D of a track.</summary>
    public int Features => _mean.Length;

    /// <summary>Length of a vector.</summary>
    public int Dimensions => _directions.Rows;

    public ReadOnlySpan<float> Mean => _mean;
    public ReadOnlySpan<float> Scale => _scale;
    public ReadOnlySpan<float> Center => _center;
    public DenseMatrix Directions => _directions;

    /// <summary>Fits a projection to tracks.</summary>
    /// <param name="features">Shape [n × D], finite; at least <see cref="FewestTracks"/> rows.</param>
    /// <param name="blocks">Features of each block; they sum to D.</param>
    /// <param name="weights">Length of each block.</param>
    /// <param name="albums">Album of each track, below 0 where it is not known.</param>
    /// <exception cref="ArgumentException">There are too few tracks, a feature is not finite, or lengths do not agree.</exception>
    public static SoundProjection Fit(
        DenseMatrix features, IReadOnlyList<int> blocks, IReadOnlyList<float> weights, ReadOnlySpan<int> albums, ProjectionOptions options, int threads = 1)
    {
        Shape.RequireSame(blocks.Sum(), features.Columns);
        Shape.RequireSame(albums.Length, features.Rows);
        if (features.Rows < FewestTracks)
        {
            throw new ArgumentException($"A projection needs at least {FewestTracks} tracks with sound; there are {features.Rows}.", nameof(features));
        }
        var d = features.Columns;
        var (mean, scale) = Standard(features);
        var start = new SoundProjection(blocks, weights, mean, scale, new float[d], new(0, d));
        var standardized = new DenseMatrix(features.Rows, d);
        for (var row = 0; row < features.Rows; row++)
        {
            start.Standardize(features.Row(row), standardized.Row(row));
        }
        var center = MeanOf(standardized);
        for (var row = 0; row < standardized.Rows; row++)
        {
            Vectors.AddScaled(standardized.Row(row), center, -1);
        }
        var whitening = Whitening(Scatter(standardized, albums, threads), options, threads);
        var white = Multiply(standardized, whitening, threads);
        var kept = Math.Min(options.Dimensions, d);
        var directions = new DenseMatrix(options.Dimensions, d);   // rows beyond the features stay zero
        var (_, axes) = SymmetricEigen.Decompose(ToDouble(white.Gram(threads)), threads);
        for (var row = 0; row < kept; row++)
        {
            for (var f = 0; f < d; f++)
            {
                Vectors.AddScaled(directions.Row(row), whitening.Row(f), (float)axes[row * d + f]);
            }
        }
        return new(blocks, weights, mean, scale, center, directions);
    }

    /// <summary>A track's vector: length 1, or 0 where the track is as the mean in everything.</summary>
    /// <param name="features">Length <see cref="Features"/>.</param>
    /// <param name="vector">Receives the vector, length <see cref="Dimensions"/>.</param>
    public void Apply(ReadOnlySpan<float> features, Span<float> vector)
    {
        Shape.RequireSame(features.Length, Features);
        Shape.RequireSame(vector.Length, Dimensions);
        var x = new float[Features];
        Standardize(features, x);
        Vectors.AddScaled(x, _center, -1);
        for (var row = 0; row < vector.Length; row++)
        {
            vector[row] = Vectors.Dot(_directions.Row(row), x);
        }
        GC.KeepAlive(_directions);
        Vectors.Normalize(vector);
    }

    private void Standardize(ReadOnlySpan<float> features, Span<float> x)
    {
        for (var f = 0; f < x.Length; f++)
        {
            x[f] = Math.Clamp((features[f] - _mean[f]) * _scale[f], -Outlier, Outlier);
        }
        var at = 0;
        for (var block = 0; block < Blocks.Count; block++)
        {
            var part = x.Slice(at, Blocks[block]);
            Vectors.Normalize(part);
            foreach (ref var value in part)
            {
                value *= Weights[block];
            }
            at += Blocks[block];
        }
    }

    private static (float[] Mean, float[] Scale) Standard(DenseMatrix features)
    {
        var (sums, squares) = (new double[features.Columns], new double[features.Columns]);
        for (var row = 0; row < features.Rows; row++)
        {
            var values = features.Row(row);
            for (var f = 0; f < values.Length; f++)
            {
                if (!float.IsFinite(values[f]))
                {
                    throw new ArgumentException($"Feature {f} of track {row} is {values[f]}.", nameof(features));
                }
                sums[f] += values[f];
                squares[f] += (double)values[f] * values[f];
            }
        }
        var n = features.Rows;
        var mean = Array.ConvertAll(sums, sum => (float)(sum / n));
        var scale = new float[mean.Length];
        for (var f = 0; f < scale.Length; f++)
        {
            var variance = squares[f] / n - sums[f] / n * (sums[f] / n);
            scale[f] = variance > 1e-12 + 1e-9 * squares[f] / n ? (float)(1 / Math.Sqrt(variance)) : 0;   // a feature that never changes tells nothing
        }
        return (mean, scale);
    }

    private static float[] MeanOf(DenseMatrix matrix)
    {
        var sums = new double[matrix.Columns];
        for (var row = 0; row < matrix.Rows; row++)
        {
            var values = matrix.Row(row);
            for (var f = 0; f < values.Length; f++)
            {
                sums[f] += values[f];
            }
        }
        return Array.ConvertAll(sums, sum => (float)(sum / matrix.Rows));
    }

    // The mean scatter within albums, and that of all tracks as far as there are few differences within albums.
    private static double[] Scatter(DenseMatrix centered, ReadOnlySpan<int> albums, int threads)
    {
        var members = new Dictionary<int, List<int>>();
        for (var row = 0; row < albums.Length; row++)
        {
            if (albums[row] >= 0)
            {
                (members.TryGetValue(albums[row], out var list) ? list : members[albums[row]] = []).Add(row);
            }
        }
        var known = members.Values.Where(rows => rows.Count > 1).ToList();
        var within = new DenseMatrix(known.Sum(rows => rows.Count), centered.Columns);
        var at = 0;
        foreach (var rows in known)
        {
            var mean = new float[centered.Columns];
            rows.ForEach(row => Vectors.AddScaled(mean, centered.Row(row), 1f / rows.Count));
            foreach (var row in rows)
            {
                centered.Row(row).CopyTo(within.Row(at));
                Vectors.AddScaled(within.Row(at++), mean, -1);
            }
        }
        var differences = within.Rows - known.Count;   // degrees of freedom
        var share = PriorDifferences / (PriorDifferences + differences);
        var (all, inside) = (ToDouble(centered.Gram(threads)), ToDouble(within.Gram(threads)));
        var scatter = new double[all.Length];
        for (var i = 0; i < scatter.Length; i++)
        {
            scatter[i] = share * all[i] / centered.Rows + (1 - share) * inside[i] / Math.Max(1, differences);
        }
        return scatter;
    }

    private static DenseMatrix Whitening(double[] scatter, ProjectionOptions options, int threads)
    {
        var d = (int)Math.Sqrt(scatter.Length);
        var trace = 0.0;
        for (var f = 0; f < d; f++)
        {
            trace += scatter[f * d + f];
        }
        for (var f = 0; f < d; f++)
        {
            scatter[f * d + f] += options.Shrinkage * trace / d;
        }
        var (values, vectors) = SymmetricEigen.Decompose(scatter, threads);
        var whitening = new DenseMatrix(d, d);
        for (var row = 0; row < d; row++)
        {
            var factor = Math.Pow(Math.Max(values[row], 1e-12 * trace), -options.Whitening / 2);
            for (var f = 0; f < d; f++)
            {
                whitening.Row(row)[f] = (float)(vectors[row * d + f] * factor);
            }
        }
        return whitening;
    }

    // A Bᵀ.
    private static DenseMatrix Multiply(DenseMatrix a, DenseMatrix b, int threads)
    {
        var product = new DenseMatrix(a.Rows, b.Rows);
        Workers.For(a.Rows, threads, row =>
        {
            var target = product.Row(row);
            for (var column = 0; column < target.Length; column++)
            {
                target[column] = Vectors.Dot(a.Row(row), b.Row(column));
            }
        });
        return product;
    }

    private static double[] ToDouble(DenseMatrix matrix) => Array.ConvertAll(matrix.AsSpan().ToArray(), value => (double)value);
}
