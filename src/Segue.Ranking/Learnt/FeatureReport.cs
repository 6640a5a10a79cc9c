namespace Segue.Ranking.Learnt;

/// <summary>How a feature differs between what was taken and what was refused.</summary>
/// <param name="Difference">(taken − refused) ÷ the standard deviation over all rows; beyond ±0.2 a small effect, ±0.8 a large one, as Cohen has it.</param>
public sealed record FeatureDifference(RankingFeature Feature, double Taken, double Refused, double Difference);

/// <summary>What one feature weighs in a logistic ranker.</summary>
/// <param name="Weight">Log odds for a unit of the feature.</param>
/// <param name="Effect">Log odds for a standard deviation of it: this compares.</param>
public sealed record FeatureWeight(RankingFeature Feature, double Weight, double Effect);

/// <summary>Tables about a ranker that a person can read.</summary>
public static class FeatureReport
{
    /// <summary>How features of the context differ between taken and refused rows, in the order of the features.</summary>
    public static IReadOnlyList<FeatureDifference> Differences(RankingTable rows)
    {
        var (_, deviations) = rows.Moments();
        return [.. RankingFeatures.Context.Select((feature, f) =>
        {
            var (taken, refused) = (Mean(rows, f, 1), Mean(rows, f, 0));
            return new FeatureDifference(feature, taken, refused, (taken - refused) / deviations[f]);
        })];
    }

    /// <summary>Weights of the features of the context, in their order.</summary>
    /// <exception cref="ArgumentException">The ranker is no weighted sum.</exception>
    public static IReadOnlyList<FeatureWeight> Weights(RankingModel model)
        => model.Kind == RankerKinds.Logistic
            ? [.. RankingFeatures.Context.Select((feature, f) => new FeatureWeight(feature, model.Weights[f] / model.Deviations[f], model.Weights[f]))]
            : throw new ArgumentException($"A ranker of kind '{model.Kind}' has no weights by feature; '{RankerKinds.Logistic}' has.");

    private static double Mean(RankingTable rows, int column, float taken)
        => Enumerable.Range(0, rows.Rows).Where(n => rows.Taken[n] == taken).Select(n => (double)rows.Features.Row(n)[column]).DefaultIfEmpty().Average();
}
