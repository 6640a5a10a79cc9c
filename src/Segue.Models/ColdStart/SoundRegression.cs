using Segue.Numerics;
using Segue.Numerics.Search;

namespace Segue.Models.ColdStart;

/// <summary>How smooth a <see cref="SoundRegression"/> is.</summary>
/// <param name="Width">Of the kernel, in medians of the squared distance between two tracks.</param>
/// <param name="Noise">Variance of what sound cannot tell of a track's direction, where the variance of what it can is 1.</param>
public readonly record struct RegressionShape(double Width, double Noise);

/// <summary>Says from a track's sound alone where in taste space it lies: what all tracks that were heard tell together, and not its nearest neighbours alone.</summary>
/// <remarks>
/// Gaussian process regression (Rasmussen and Williams, "Gaussian Processes for Machine Learning", 2006, chapter 2) of the tracks' directions: with unit sounds s and unit factors t of mean m,
/// f(s) = m + k(s)ᵀ (K + noise·I)⁻¹ (T − m), k(a, b) = exp(−|a − b|² / (width · median)). The answer has the length of a typical track, and the less of it the less the tracks around agree.
/// Parts are made of artists: tracks of an album by several artists may tell of each other.
/// Of more than <see cref="MostTracks"/> n = so many are drawn: n³/3 + n²(s + d) multiply-adds, under a second. Immutable, for any number of threads.
/// </remarks>
internal sealed class SoundRegression
{
    /// <summary>Tracks that one regression learns from at most.</summary>
    public const int MostTracks = 2000;

    private const int MostTried = 800, Folds = 5, Paired = 200;
    private static readonly double[] Widths = [0.25, 0.5, 1], Noises = [0.1, 0.3, 1, 3];
    private readonly DenseMatrix _sounds, _weights;
    private readonly float[] _mean;
    private readonly float _length;
    private readonly double _scale;   // of the squared distance

    private SoundRegression(ColdStartData data, int[] items, RegressionShape shape, int threads)
    {
        (_sounds, _weights, _mean) = (new(items.Length, data.Sounds!.Columns), new(items.Length, data.Factors.Columns), new float[data.Factors.Columns]);
        for (var n = 0; n < items.Length; n++)
        {
            AddUnit(data.Sounds.Row(items[n]), _sounds.Row(n));
            AddUnit(data.Factors.Row(items[n]), _weights.Row(n));
            Vectors.AddScaled(_mean, _weights.Row(n), 1f / items.Length);
        }
        _length = (float)ColdPrior.Median(items.Select(item => (double)Vectors.Norm(data.Factors.Row(item))));
        _scale = -1 / (shape.Width * MedianDistance());
        Solve((float)shape.Noise, threads);
    }

    /// <summary>Learns from the warm tracks that have a sound.</summary>
    /// <returns>Null where there are too few.</returns>
    public static SoundRegression? Fit(WarmTracks warm, RegressionShape shape, int threads)
        => Drawn(Heard(warm), MostTracks) is { Length: >= ColdWeightFit.LeastTracks } items ? new(warm.Data, items, shape, threads) : null;

    /// <summary>The shape by which tracks are told best by those of other artists; null where too few have a sound or all are of one part of the artists.</summary>
    public static RegressionShape? Choose(WarmTracks warm, TrainingRun run)
    {
        var items = Drawn(Heard(warm), MostTried);
        if (items.Length < ColdWeightFit.LeastTracks || items.Select(item => FoldOf(warm.Data, item)).Distinct().Count() < 2)
        {
            return null;
        }
        RegressionShape[] shapes = [.. Widths.SelectMany(_ => Noises, (width, noise) => new RegressionShape(width, noise))];
        var losses = new double[shapes.Length * Folds];
        Workers.For(losses.Length, run.Threads, n => losses[n] = Loss(warm.Data, items, n % Folds, shapes[n / Folds]), run.Cancellation);
        return shapes[Enumerable.Range(0, shapes.Length).MinBy(shape => losses.Skip(shape * Folds).Take(Folds).Sum())];
    }

    /// <summary>What the tracks of other artists' parts say of each item by its sound.</summary>
    /// <returns>By place; null for those without sound.</returns>
    public static float[]?[] OutOfFold(WarmTracks warm, IReadOnlyList<int> items, RegressionShape shape, TrainingRun run)
    {
        var (heard, told) = (Heard(warm), new float[]?[items.Count]);
        for (var fold = 0; fold < Folds; fold++)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            int[] asked = [.. Enumerable.Range(0, items.Count).Where(n => FoldOf(warm.Data, items[n]) == fold && UnitRows.IsDirection(warm.Data.Sounds!.Row(items[n])))];
            var others = Drawn([.. heard.Where(item => FoldOf(warm.Data, item) != fold)], MostTracks);
            if (asked.Length > 0 && others.Length > 0)
            {
                var regression = new SoundRegression(warm.Data, others, shape, run.Threads);
                Workers.For(asked.Length, run.Threads, n => told[asked[n]] = regression.Place(warm.Data.Sounds!.Row(items[asked[n]])), run.Cancellation);
            }
        }
        return told;
    }

    /// <summary>Where a track of a sound lies, d values.</summary>
    /// <param name="sound">A direction; its length does not matter.</param>
    public float[] Place(ReadOnlySpan<float> sound)
    {
        Shape.RequireSame(_sounds.Columns, sound.Length);
        var unit = new float[sound.Length];
        AddUnit(sound, unit);
        var place = _mean.ToArray();
        for (var n = 0; n < _sounds.Rows; n++)
        {
            Vectors.AddScaled(place, _weights.Row(n), Kernel(unit, _sounds.Row(n)));
        }
        foreach (ref var value in place.AsSpan())
        {
            value *= _length;
        }
        return place;
    }

    private static double Loss(ColdStartData data, int[] items, int fold, RegressionShape shape)
    {
        int[] others = [.. items.Where(item => FoldOf(data, item) != fold)];
        if (others.Length == 0 || others.Length == items.Length)
        {
            return 0;   // nothing to learn from, or nobody to ask: the same for all shapes
        }
        var regression = new SoundRegression(data, others, shape, threads: 1);
        return items.Where(item => FoldOf(data, item) == fold).Sum(item => 1 - Vectors.Cosine(regression.Place(data.Sounds!.Row(item)), data.Factors.Row(item)));
    }

    private static int[] Heard(WarmTracks warm) => warm.SoundDimensions == 0 ? [] : [.. warm.Items.Where(item => UnitRows.IsDirection(warm.Data.Sounds!.Row(item)))];

    // The same ones again as long as rows stay what they are.
    private static int[] Drawn(int[] items, int most)
        => items.Length <= most ? items : [.. items.OrderBy(item => SeededRandom.Mix((ulong)item)).Take(most).Order()];

    private static int FoldOf(ColdStartData data, int item)
        => (int)(SeededRandom.Mix(data.Artists[item] is >= 0 and var artist ? (ulong)artist : ~(ulong)item) % Folds);

    private static void AddUnit(ReadOnlySpan<float> row, Span<float> unit) => Vectors.AddScaled(unit, row, 1 / Vectors.Norm(row));

    private float Kernel(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => (float)Math.Exp(_scale * Math.Max(0, 2 - 2 * Vectors.Dot(a, b)));

    private double MedianDistance()
    {
        var count = Math.Min(Paired, _sounds.Rows);
        var distances = Enumerable.Range(0, count).SelectMany(a => Enumerable.Range(0, a).Select(b => 2.0 - 2 * Vectors.Dot(_sounds.Row(a), _sounds.Row(b))));
        return Math.Max(1e-6, ColdPrior.Median(distances));
    }

    // The unit factors become (K + noise·I)⁻¹ (T − m).
    private void Solve(float noise, int threads)
    {
        var (n, d) = (_sounds.Rows, _weights.Columns);
        var kernel = new float[n * n];
        Workers.For(n, threads, row =>
        {
            for (var column = 0; column < row; column++)
            {
                kernel[row * n + column] = Kernel(_sounds.Row(row), _sounds.Row(column));
            }
            kernel[row * n + row] = 1 + noise;
        });
        if (!Cholesky.TryFactorInPlace(kernel))
        {
            throw new ArithmeticException("The kernel of the sounds is not positive definite: a sound is not finite.");
        }
        Workers.For(d, threads, f =>
        {
            var column = new float[n];
            for (var row = 0; row < n; row++)
            {
                column[row] = _weights.Row(row)[f] - _mean[f];
            }
            Cholesky.SolveFactored(kernel, column);
            for (var row = 0; row < n; row++)
            {
                _weights.Row(row)[f] = column[row];
            }
        });
    }
}
