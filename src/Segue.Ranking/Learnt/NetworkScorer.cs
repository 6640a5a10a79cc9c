using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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
        var (d, context) = (_factors, RankingFeatures.Width);
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
        for (var n = 0; n < batch.Count; n += 2)
        {
            var other = Math.Min(n + 1, batch.Count - 1);   // itself where the tracks are odd
            var sums = new Pair(bias);
            sums.Add(batch.Row(n), batch.Row(other), layer);
            if (d > 0)
            {
                sums.Add(batch.Places.Row(batch.Tracks[n]), batch.Places.Row(batch.Tracks[other]), layer.AsSpan(context * Hidden));
            }
            scores[other] = sums.Second(_last) + _lastBias;
            scores[n] = sums.First(_last) + _lastBias;
        }
        GC.KeepAlive(batch.Places);
    }

    private ReadOnlySpan<float> Block(int block, int factor) => _raw.AsSpan((RankingFeatures.Width + block * _factors + factor) * Hidden, Hidden);

    /// <summary>The hidden units of two tracks: eight sums that do not wait for each other, where those of one track would.</summary>
    private ref struct Pair
    {
        private Vector256<float> _a0, _b0, _c0, _d0, _a1, _b1, _c1, _d1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Pair(float[] bias)
        {
            (_a0, _b0, _c0, _d0) = (At(ref bias[0], 0), At(ref bias[0], 8), At(ref bias[0], 16), At(ref bias[0], 24));
            (_a1, _b1, _c1, _d1) = (_a0, _b0, _c0, _d0);
        }

        /// <summary>Adds inputs times their weights.</summary>
        /// <param name="weights">Shape [inputs × hidden].</param>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(ReadOnlySpan<float> first, ReadOnlySpan<float> second, ReadOnlySpan<float> weights)
        {
            Shape.RequireSame(first.Length, second.Length);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(first.Length * Hidden, weights.Length);
            var (a0, b0, c0, d0) = (_a0, _b0, _c0, _d0);
            var (a1, b1, c1, d1) = (_a1, _b1, _c1, _d1);
            ref var start = ref MemoryMarshal.GetReference(weights);
            for (var f = 0; f < first.Length; f++)
            {
                var (x0, x1, at) = (Vector256.Create(first[f]), Vector256.Create(second[f]), (nuint)(f * Hidden));
                var (a, b, c, d) = (At(ref start, at), At(ref start, at + 8), At(ref start, at + 16), At(ref start, at + 24));
                (a0, a1) = (Vector256.MultiplyAddEstimate(x0, a, a0), Vector256.MultiplyAddEstimate(x1, a, a1));
                (b0, b1) = (Vector256.MultiplyAddEstimate(x0, b, b0), Vector256.MultiplyAddEstimate(x1, b, b1));
                (c0, c1) = (Vector256.MultiplyAddEstimate(x0, c, c0), Vector256.MultiplyAddEstimate(x1, c, c1));
                (d0, d1) = (Vector256.MultiplyAddEstimate(x0, d, d0), Vector256.MultiplyAddEstimate(x1, d, d1));
            }
            (_a0, _b0, _c0, _d0) = (a0, b0, c0, d0);
            (_a1, _b1, _c1, _d1) = (a1, b1, c1, d1);
        }

        public readonly float First(float[] last) => Output(_a0, _b0, _c0, _d0, last);

        public readonly float Second(float[] last) => Output(_a1, _b1, _c1, _d1, last);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static float Output(Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d, float[] last)
        {
            var zero = Vector256<float>.Zero;
            return Vector256.Sum(
                Vector256.Max(a, zero) * At(ref last[0], 0) + Vector256.Max(b, zero) * At(ref last[0], 8)
                + Vector256.Max(c, zero) * At(ref last[0], 16) + Vector256.Max(d, zero) * At(ref last[0], 24));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector256<float> At(ref float start, nuint at) => Vector256.LoadUnsafe(ref start, at);
    }
}
