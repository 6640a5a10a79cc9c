using Segue.Numerics;

namespace Segue.Ranking.Learnt;

/// <summary>w·z + b.</summary>
/// <remarks>Over an answer the listener's and the sitting's factors are constants, so weights of products with them and of the track's own factors become one vector of length d: a track costs context + d multiply-adds.</remarks>
internal sealed class LinearScorer : IRowScorer
{
    private readonly float[] _weights, _raw;
    private readonly float _bias, _rawBias;
    private readonly int _factors;

    /// <param name="weights">w of standardized features and, last, b.</param>
    public LinearScorer(float[] weights, float[] means, float[] deviations, int factors)
    {
        (_weights, _bias, _factors) = (weights[..^1], weights[^1], factors);
        Shape.RequireSame(RankingFeatures.Count(factors), _weights.Length);
        _raw = [.. _weights.Select((weight, f) => weight / deviations[f])];
        _rawBias = (float)(_bias - _raw.Select((weight, f) => (double)weight * means[f]).Sum());
    }

    public float Score(ReadOnlySpan<float> standardized) => Vectors.Dot(_weights, standardized) + _bias;

    public void Score(RankingBatch batch, Span<float> scores)
    {
        var (d, context) = (_factors, RankingFeatures.Width);
        var answer = new float[d];
        var bias = _rawBias;
        if (d > 0)
        {
            ReadOnlySpan<float> raw = _raw.AsSpan(context);
            bias += Vectors.Dot(raw.Slice(2 * d, d), batch.Taste) + Vectors.Dot(raw.Slice(3 * d, d), batch.Session);
            for (var f = 0; f < d; f++)
            {
                answer[f] = raw[4 * d + f] + raw[f] * batch.Taste[f] + raw[d + f] * batch.Session[f];
            }
        }
        var weights = _raw.AsSpan(0, context);
        for (var n = 0; n < batch.Count; n++)
        {
            scores[n] = bias + Vectors.Dot(weights, batch.Row(n));
        }
        if (d > 0)
        {
            var products = new float[batch.Count];
            Vectors.DotRows(batch.Places, batch.Tracks, answer, products);
            for (var n = 0; n < products.Length; n++)
            {
                scores[n] += products[n];
            }
        }
    }
}
