using Segue.Evaluation.Adaptivity;
using Segue.Evaluation.Lab;
using Segue.Features.Interactions;
using Segue.Models.Registry;
using Segue.Ranking.Learnt;
using Segue.Ranking.Learnt.Trees;

namespace Segue.Evaluation.Rankers;

/// <summary>Radios whose rankers were learnt in the same world, to be compared with the one whose weights were chosen by hand.</summary>
public static class RankerPolicies
{
    private const int Sittings = 6;

    /// <summary>The standard policies, before the hand-weighted radio a radio with each learnt ranker.</summary>
    /// <param name="report">Told each table of what was learnt: its name, and a line for each way of ordering.</param>
    /// <remarks>Trees are left out where XGBoost's library is missing.</remarks>
    public static IReadOnlyList<ISittingPolicy> Create(
        LabWorld world, Dataset data, ModelSet models, Action<string, IReadOnlyList<RankerResult>>? report = null, CancellationToken cancellation = default)
    {
        var rows = ExploringRadio.Collect(world, data, models, Sittings, cancellation);
        var options = new RankerTrainingOptions { Seed = world.Options.Seed, Threads = world.Options.Threads };
        string[] contextKinds = XgboostLibrary.IsPresent ? [.. RankerKinds.All] : [RankerKinds.Logistic, RankerKinds.Neural];
        var context = RankerTraining.Compare(RankingTable.OfContext(rows), taste: null, contextKinds, previous: null, options, cancellation);
        var factors = RankerTraining.Compare(
            RankingTable.OfFactors(rows, models.Taste.ItemFactors, row => data.Catalogue.Find(row.Track)), models.Published,
            [RankerKinds.Logistic, RankerKinds.Neural], previous: null, options, cancellation);
        report?.Invoke($"world {world.Options.Seed}, context", context);
        report?.Invoke($"world {world.Options.Seed}, context and factors", factors);
        var standard = PolicyComparison.Standard(data, models, world.Options.Seed);
        RadioPolicy With(RankerResult learnt) => new(
            $"radio, {learnt.Name}{(learnt.Model!.Factors > 0 ? " + factors" : "")}", data, models, new(), new(learnt.Model, "lab"));
        return [.. standard.SkipLast(1), .. context.Concat(factors).Where(result => result.Model is not null).Select(With), standard[^1]];
    }
}
