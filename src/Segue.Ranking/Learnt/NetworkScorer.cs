using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Segue.Numerics;

namespace Segue.Ranking.Learnt;

/// <summary>v·relu(Wᵀz + b) + c: a multilayer perceptron with one hidden layer of <see cref="Hidden"/> units over context and factors.</summary>
/// <remarks>Over an answer the listener's and the sitting's factors are constants, so the first layer becomes one of context + d inputs, whose weights are made once: a track costs (context + d + 1) · 32
/// multiply-adds instead of (context + 5 d + 1) · 32.</remarks>
internal sealed class NetworkScorer : IRowScorer
{
    public const int Hidden = 32;
    private readonly float[] _first, _firstBias, _raw, _rawBias, _last;
    private readonly float _lastBias;
    private readonly int _factors;

    /// <param name="weights">W [features × hidden], b [hidden], v [hidden], c.</param>
    public NetworkScorer(float[] weights, float[] means, float[] deviations, int factors)
    {
        var features = RankingFeatures.Count(factors);
        Shape.RequireSame(Length(factors), weights.Length);
        _factors = factors;
        _first = weights[..(features * Hidden)];
        _firstBias = weights[(features * Hidden)..((features + 1) * Hidden)];
        _last = weights[((features + 1) * Hidden)..((features + 2) * Hidden)];
        _lastBias = weights[^1];
        (_raw, _rawBias) = ([.. _first], [.. _firstBias]);
        for (var f = 0; f < features; f++)
        {
            for (var h = 0; h < Hidden; h++)
            {
                _raw[f * Hidden + h] /= deviations[f];
                _rawBias[h] -= _raw[f * Hidden + h] * means[f];
            }
        }
    }

    /// <summary>Numbers that are learnt with d factors.</summary>
    public static int Length(int factors) => (RankingFeatures.Count(factors) + 2) * Hidden + 1;

    public float Score(ReadOnlySpan<float> standardized)
    {
        Span<float> hidden = stackalloc float[Hidden];
        _firstBias.CopyTo(hidden);
        for (var f = 0; f < standardized.Length; f++)
        {
            Vectors.AddScaled(hidden, _first.AsSpan(f * Hidden, Hidden), standardized[f]);
        }
        var score = _lastBias;
        for (var h = 0; h < Hidden; h++)
        {
            score += _last[h] * Math.Max(0, hidden[h]);
        }
        return score;
    }

    public void Score(RankingBatch batch, Span<float> scores)
    {
        var (d, context) = (_factors, RankingFeatures.Context.Count);
        var (bias, layer) = ((float[])[.. _rawBias], new float[(context + d) * Hidden]);
        _raw.AsSpan(0, context * Hidden).CopyTo(layer);
        for (var f = 0; f < d; f++)
        {
            var into = layer.AsSpan((context + f) * Hidden, Hidden);
            Block(4, f).CopyTo(into);
            Vectors.AddScaled(into, Block(0, f), batch.Taste[f]);
            Vectors.AddScaled(into, Block(1, f), batch.Session[f]);
            Vectors.AddScaled(bias, Block(2, f), batch.Taste[f]);
            Vectors.AddScaled(bias, Block(3, f), batch.Session[f]);
        }
        var inputs = new float[context + d];
        for (var n = 0; n < batch.Count; n++)
        {
            batch.Context.Row(n).CopyTo(inputs);
            if (d > 0)
            {
                batch.Places.Row(batch.Tracks[n]).CopyTo(inputs.AsSpan(context));
            }
            scores[n] = Forward(inputs, layer, bias, _last) + _lastBias;
        }
    }

    private ReadOnlySpan<float> Block(int block, int factor) => _raw.AsSpan((RankingFeatures.Context.Count + block * _factors + factor) * Hidden, Hidden);

    // Call-free, so that the sums stay in registers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float Forward(float[] inputs, float[] layer, float[] bias, float[] last)
    {
        var (a, b) = (Vector256.LoadUnsafe(ref bias[0]), Vector256.LoadUnsafe(ref bias[8]));
        var (c, e) = (Vector256.LoadUnsafe(ref bias[16]), Vector256.LoadUnsafe(ref bias[24]));
        ref var weights = ref layer[0];
        for (var f = 0; f < inputs.Length; f++)
        {
            var (x, at) = (Vector256.Create(inputs[f]), (nuint)(f * Hidden));
            a = Vector256.MultiplyAddEstimate(x, Vector256.LoadUnsafe(ref weights, at), a);
            b = Vector256.MultiplyAddEstimate(x, Vector256.LoadUnsafe(ref weights, at + 8), b);
            c = Vector256.MultiplyAddEstimate(x, Vector256.LoadUnsafe(ref weights, at + 16), c);
            e = Vector256.MultiplyAddEstimate(x, Vector256.LoadUnsafe(ref weights, at + 24), e);
        }
        var zero = Vector256<float>.Zero;
        return Vector256.Sum(
            Vector256.Max(a, zero) * Vector256.LoadUnsafe(ref last[0]) + Vector256.Max(b, zero) * Vector256.LoadUnsafe(ref last[8])
            + Vector256.Max(c, zero) * Vector256.LoadUnsafe(ref last[16]) + Vector256.Max(e, zero) * Vector256.LoadUnsafe(ref last[24]));
    }
}
