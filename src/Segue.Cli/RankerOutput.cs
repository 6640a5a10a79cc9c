using System.Globalization;
using Segue.Ranking.Learnt;

namespace Segue.Cli;

/// <summary>Tables about rankers.</summary>
internal static class RankerOutput
{
    /// <summary>A line for each way of ordering.</summary>
    public static void Write(string name, IReadOnlyList<RankerResult> results, TextWriter output)
    {
        output.WriteLine($"On the newest shown tracks ({name}):");
        output.WriteLine($"  {"",-18}{"log-loss",10}{"AUC",8}{"NDCG@10",10}{"ECE raw",10}{"ECE",8}");
        foreach (var (ranker, measures, _) in results)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {ranker,-18}{measures.LogLoss,10:F4}{measures.Auc,8:F4}{measures.Ndcg,10:F4}{measures.RawError,10:F4}{measures.Error,8:F4}"));
        }
        output.WriteLine();
    }

    /// <summary>How features differ between what was taken and what was refused.</summary>
    public static void Write(IReadOnlyList<FeatureDifference> differences, TextWriter output)
    {
        output.WriteLine("Means of features, taken and refused, and their difference in standard deviations");
        foreach (var (feature, taken, refused, difference) in differences)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {feature.Name,-18}{taken,9:F3}{refused,9:F3}{difference,8:F3}   {feature.Meaning}"));
        }
        output.WriteLine();
    }

    /// <summary>What the published rankers are.</summary>
    public static void Write(string version, RankingModels models, TextWriter output)
    {
        foreach (var model in (IEnumerable<RankingModel>)(models.Factors is { } factors ? [models.Context, factors] : [models.Context]))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"Ranker {version}: {model.Kind} over the context{(model.Taste is { } taste ? $" and the {model.Factors} factors of models {taste}" : "")}, learnt from {model.Rows:N0} shown tracks."));
            if (model.Kind == RankerKinds.Logistic)
            {
                output.WriteLine($"  {"",-18}{"weight",10}{"effect",10}");
                foreach (var (feature, weight, effect) in FeatureReport.Weights(model))
                {
                    output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {feature.Name,-18}{weight,10:F4}{effect,10:F4}   {feature.Meaning}"));
                }
            }
        }
    }
}
