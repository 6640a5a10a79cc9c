using System.Globalization;

namespace Segue.Numerics.Sparse;

/// <summary>At most 256 pairs (weight, target) that the entries of <see cref="WeightedRows"/> point to with one byte each.</summary>
/// <remarks>
/// Shared factors learn several actions with one pair an entry, exactly: with W = Σ_a w_a and T = Σ_a w_a t_a / W over the actions a of one
/// (user, item), Σ_a w_a (t_a − x·y)² = W (T − x·y)² + Σ_a w_a t_a² − W T², and the last two terms do not depend on x and y.
/// </remarks>
public sealed class WeightCodebook
{
    public const int MaxPairs = 256;
    private readonly float[] _weights;
    private readonly float[] _targets;

    /// <param name="weights">Confidences, finite, at least 0.</param>
    /// <param name="targets">What each pair is fitted to, in [-1, 1].</param>
    /// <exception cref="ArgumentException">None or more than 256 pairs, or a number out of range; the message names it.</exception>
    public WeightCodebook(ReadOnlySpan<float> weights, ReadOnlySpan<float> targets)
    {
        Shape.RequireSame(weights.Length, targets.Length);
        if (weights.Length is 0 or > MaxPairs)
        {
            throw new ArgumentException($"A codebook holds 1 to {MaxPairs} pairs, not {weights.Length}.", nameof(weights));
        }
        for (var code = 0; code < weights.Length; code++)
        {
            Require(weights[code], targets[code]);
        }
        (_weights, _targets) = (weights.ToArray(), targets.ToArray());
    }

    /// <summary>Every entry with weight 1 and target 1: the codes can be left out.</summary>
    public static WeightCodebook Ones { get; } = new([1], [1]);

    public int Count => _weights.Length;

    /// <summary>One for each code.</summary>
    public ReadOnlySpan<float> Weights => _weights;

    /// <summary>One for each code.</summary>
    public ReadOnlySpan<float> Targets => _targets;

    /// <summary>Looks up the pairs of entries.</summary>
    /// <param name="codes">Empty: all are pair 0.</param>
    public void Decode(ReadOnlySpan<byte> codes, Span<float> weights, Span<float> targets)
    {
        if (codes.IsEmpty)
        {
            weights.Fill(_weights[0]);
            targets.Fill(_targets[0]);
            return;
        }
        for (var n = 0; n < codes.Length; n++)
        {
            (weights[n], targets[n]) = (_weights[codes[n]], _targets[codes[n]]);
        }
    }

    /// <exception cref="ArgumentException">A weight is negative or not finite, or a target outside [-1, 1].</exception>
    public static void Require(float weight, float target)
    {
        if (!(weight >= 0) || float.IsInfinity(weight))
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The weight {weight} is not allowed: give a finite number of at least 0."));
        }
        if (!(target is >= -1 and <= 1))
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The target {target} is not allowed: give a number from -1 to 1."));
        }
    }
}
