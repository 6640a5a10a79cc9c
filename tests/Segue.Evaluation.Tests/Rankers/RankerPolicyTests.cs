using Segue.Evaluation.Adaptivity;
using Segue.Evaluation.Lab;
using Segue.Evaluation.Rankers;
using Segue.Features.Interactions;
using Segue.Ranking.Learnt;

namespace Segue.Evaluation.Tests.Rankers;

public sealed class RankerPolicyTests
{
    private static readonly LabOptions Sizes = new() { Listeners = 20, Tracks = 100, Days = 5 };

    private static IReadOnlyList<RankingRow> Collect(int threads)
    {
        var world = LabWorld.Create(Sizes with { Threads = threads });
        var data = Dataset.Build(world.Catalogue, world.Listeners, LabExport.ToInteractions(world, world.SimulateHistory(cancellation: TestContext.Current.CancellationToken)));
        return ExploringRadio.Collect(world, data, LabModels.TrainAll("lab", data.Training, new(1, threads)), sittings: 2, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void An_exploring_radio_keeps_what_it_showed_with_its_chances_in_the_order_of_time()
    {
        var (rows, again) = (Collect(threads: 1), Collect(threads: 3));

        Assert.Equal(rows.OrderBy(row => row.At).Select(row => row.At), rows.Select(row => row.At));
        Assert.Equal(Enumerable.Range(0, rows.Count), rows.Select(row => row.Group));
        Assert.Contains(rows, row => row.Taken);
        Assert.Contains(rows, row => !row.Taken);
        Assert.InRange(rows.Count(row => row.Propensity < 0.5) / (double)rows.Count, 0.15, 0.35);
        Assert.Equal(rows.Select(row => (row.Track, row.Taken, row.Propensity, row.Seen.Features[1])), again.Select(row => (row.Track, row.Taken, row.Propensity, row.Seen.Features[1])));
    }

    [Fact]
    public void Radios_with_learnt_rankers_are_compared_with_the_one_that_is_weighed_by_hand()
    {
        var told = new List<string>();

        var results = PolicyComparison.Run(
            Sizes, [1], sittings: 1, (world, data, models) => RankerPolicies.Create(world, data, models, (name, table) => told.Add($"{name}: {table[^1].Name}"), TestContext.Current.CancellationToken),
            cancellation: TestContext.Current.CancellationToken);

        Assert.Equal("radio", results[^1].Policy);
        string[] others = ["random", "most popular", "radio, logistic", "radio, neural", "radio, logistic + factors", "radio, neural + factors"];
        Assert.Empty(others.Except(results.Select(result => result.Policy)));
        Assert.Equal(2, told.Count);
    }
}
