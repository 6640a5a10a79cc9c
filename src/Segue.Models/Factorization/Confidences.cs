namespace Segue.Models.Factorization;

/// <summary>From the strengths of a user's row to the weights c and targets p that are fitted (<c>docs/notation.md</c>).</summary>
internal static class Confidences
{
    /// <param name="strengths">As in <c>TrainingSet.Strengths</c>.</param>
    /// <param name="weights">Receives c ≥ 0, one for each strength.</param>
    /// <param name="targets">Receives p in [-1, 1], one for each strength.</param>
    public static void Of(ImplicitAlsOptions options, ReadOnlySpan<float> strengths, Span<float> weights, Span<float> targets)
    {
        var mean = options.CountWeight > 0 ? MeanLiking(strengths) : 1;
        for (var n = 0; n < strengths.Length; n++)
        {
            (weights[n], targets[n]) = strengths[n] > 0
                ? (options.CountWeight > 0 ? (float)(1 + options.CountWeight * Math.Log(1 + strengths[n] / mean)) : 1, 1f)
                : (-strengths[n], (float)options.NegativeTarget);
        }
    }

    private static double MeanLiking(ReadOnlySpan<float> strengths)
    {
        double sum = 0;
        var count = 0;
        foreach (var strength in strengths)
        {
            if (strength > 0)
            {
                sum += strength;
                count++;
            }
        }
        return count == 0 ? 1 : sum / count;
    }
}
