using Segue.Numerics;

namespace Segue.Ranking.Artists;

/// <summary>One user's candidates in training: their features, the first <paramref name="Taken"/> of them those that the user took up.</summary>
internal sealed record ArtistLesson(float[][] Features, int Taken);

/// <summary>The second stage: a weighted sum of standardized features, learnt by the order that users' own choices tell.</summary>
/// <remarks>
/// Loss: the mean over users of the mean over taken candidates of −ln(exp s ÷ (exp s + Σ over those not taken exp s′)), a softmax over lists (ListNet's top-one model: Cao et al.,
/// ICML 2007), plus L2. Factors share one scale, and so do their products; any other feature has its own. Convex; Adam over all users at once. What a feature adds can be read off: weight · (value − mean) ÷ deviation.
/// </remarks>
public sealed class ArtistRanker
{
    private const int UsersAPiece = 32;
    private const double Rate = 0.03, Beta1 = 0.9, Beta2 = 0.999;
    private readonly float[] _weights, _means, _scales;

    private ArtistRanker(float[] weights, float[] means, float[] scales) => (_weights, _means, _scales) = (weights, means, scales);

    /// <summary>Weights of the standardized features.</summary>
    public IReadOnlyList<float> Weights => _weights;

    internal float Score(ReadOnlySpan<float> features)
    {
        float sum = 0;
        for (var f = 0; f < features.Length; f++)
        {
            sum += Part(f, features[f]);
        }
        return sum;
    }

    /// <summary>What one feature adds to the score.</summary>
    internal float Part(int feature, float value) => _weights[feature] * (value - _means[feature]) * _scales[feature];

    /// <param name="lessons">Changed: their features are standardized.</param>
    /// <param name="plain">Features before this place have <see cref="ArtistFunnelOptions.Penalty"/>, the others the penalty of factors.</param>
    internal static ArtistRanker Learn(IReadOnlyList<ArtistLesson> lessons, int features, int plain, ArtistFunnelOptions options, int threads, CancellationToken cancellation)
    {
        var (means, scales) = Standardize(lessons, features, plain);
        var weights = new double[features];
        var (first, second) = (new double[features], new double[features]);
        for (var step = 1; step <= options.Steps && lessons.Count > 0; step++)
        {
            var gradient = Gradient(lessons, weights, threads, cancellation);
            var rate = Rate * Math.Min(1, 2.0 * (options.Steps - step + 1) / options.Steps);
            for (var f = 0; f < features; f++)
            {
                var slope = gradient[f] + weights[f] * (f < plain ? options.Penalty : options.FactorPenalty);
                first[f] = Beta1 * first[f] + (1 - Beta1) * slope;
                second[f] = Beta2 * second[f] + (1 - Beta2) * slope * slope;
                weights[f] -= rate * first[f] / (1 - Math.Pow(Beta1, step)) / (Math.Sqrt(second[f] / (1 - Math.Pow(Beta2, step))) + 1e-8);
            }
        }
        return new(Array.ConvertAll(weights, weight => (float)weight), means, scales);
    }

    private static double[] Gradient(IReadOnlyList<ArtistLesson> lessons, double[] weights, int threads, CancellationToken cancellation)
    {
        var pieces = (lessons.Count + UsersAPiece - 1) / UsersAPiece;
        var (parts, current) = (new float[pieces][], Array.ConvertAll(weights, weight => (float)weight));
        Workers.For(pieces, threads, piece =>
        {
            var sum = parts[piece] = new float[weights.Length];
            for (var n = piece * UsersAPiece; n < Math.Min(lessons.Count, (piece + 1) * UsersAPiece); n++)
            {
                Add(lessons[n], current, sum);
            }
        }, cancellation);
        var gradient = new double[weights.Length];
        foreach (var part in parts)
        {
            for (var f = 0; f < gradient.Length; f++)
            {
                gradient[f] += part[f] / lessons.Count;
            }
        }
        return gradient;
    }

    private static void Add(ArtistLesson lesson, float[] weights, float[] gradient)
    {
        var scores = Array.ConvertAll(lesson.Features, features => (double)Vectors.Dot(features, weights));
        var top = scores.Max();
        double others = 0;
        for (var n = lesson.Taken; n < scores.Length; n++)
        {
            others += Math.Exp(scores[n] - top);
        }
        double pushed = 0;   // Σ over the taken of 1 ÷ (its own exponential + the others')
        for (var n = 0; n < lesson.Taken; n++)
        {
            var own = Math.Exp(scores[n] - top);
            pushed += 1 / (own + others);
            Vectors.AddScaled(gradient, lesson.Features[n], (float)((own / (own + others) - 1) / lesson.Taken));
        }
        for (var n = lesson.Taken; n < scores.Length; n++)
        {
            Vectors.AddScaled(gradient, lesson.Features[n], (float)(Math.Exp(scores[n] - top) * pushed / lesson.Taken));
        }
    }

    private static (float[] Means, float[] Scales) Standardize(IReadOnlyList<ArtistLesson> lessons, int features, int plain)
    {
        var (sums, squares, count) = (new double[features], new double[features], 0L);
        foreach (var values in lessons.SelectMany(lesson => lesson.Features))
        {
            count++;
            for (var f = 0; f < features; f++)
            {
                sums[f] += values[f];
                squares[f] += (double)values[f] * values[f];
            }
        }
        var (means, scales) = (new float[features], new float[features]);
        var variances = new double[features];
        for (var f = 0; f < features && count > 0; f++)
        {
            means[f] = (float)(sums[f] / count);
            variances[f] = Math.Max(0, squares[f] / count - sums[f] / count * (sums[f] / count));
            variances[f] = variances[f] > 1e-12 * squares[f] / count ? variances[f] : 0;
        }
        // A direction that hardly varies in the models of a hold-out may vary in those that serve: a scale of its own would blow it up there.
        var block = (features - plain) / 2;
        for (var f = 0; f < features; f++)
        {
            var variance = f < plain ? variances[f] : variances.AsSpan(f < plain + block ? plain : plain + block, block).ToArray().Average();
            scales[f] = variance > 0 && variances[f] > 0 ? (float)(1 / Math.Sqrt(variance)) : 0;
        }
        foreach (var values in lessons.SelectMany(lesson => lesson.Features))
        {
            for (var f = 0; f < features; f++)
            {
                values[f] = (values[f] - means[f]) * scales[f];
            }
        }
        return (means, scales);
    }
}
