using Segue.Evaluation.Protocols;
using Segue.Evaluation.Search;
using Segue.Models;
using Segue.Numerics;

namespace Segue.Evaluation.Tests.Search;

public sealed class ParameterSearchTests
{
    private static readonly Dictionary<string, double> Small = new() { ["factors"] = 4, ["sweeps"] = 2 };

    /// <summary>Item n is taken with a chance that falls with n: the popular ones are known to nearly everybody.</summary>
    private static EvaluationSet Skewed(Protocol protocol)
    {
        var random = new SeededRandom(6);
        var elements = from user in Enumerable.Range(0, 120) from item in Enumerable.Range(0, 80) where random.NextBool(0.7 * Math.Exp(-item / 15.0)) select (user, item, 1f);
        return new(protocol, new(CsrMatrix.FromTriplets(120, 80, [.. elements])), []);
    }

    private static IReadOnlyList<Trial> Search(string kind, int trials, IReadOnlyDictionary<string, double>? start = null, int threads = 2, Action<Trial>? told = null)
        => ParameterSearch.Run(ModelKinds.Get(kind), Skewed(Protocol.Full), trials, start ?? Small, new(4, threads, Cancellation: TestContext.Current.CancellationToken), told);

    [Fact]
    public void The_same_seed_gives_the_same_trials()
    {
        var (first, second) = (Search("als", 5), Search("als", 5, threads: 1));

        Assert.Equal(first.Select(trial => trial.Value), second.Select(trial => trial.Value));
        Assert.All(first.Zip(second), pair => Assert.Equal(pair.First.Settings, pair.Second.Settings));
        Assert.Equal(5, first.Select(trial => trial.Settings["lambda"]).Distinct().Count());
    }

    [Fact]
    public void Given_settings_hold_in_every_trial_and_change_no_other_draw()
    {
        var free = Search("als", 4);
        var bound = Search("als", 4, new Dictionary<string, double>(Small) { ["nu"] = 0.123 });

        Assert.All(bound, trial => Assert.Equal((4, 2, 0.123), (trial.Settings["factors"], trial.Settings["sweeps"], trial.Settings["nu"])));
        Assert.Equal(free.Select(trial => trial.Settings["lambda"]).Order(), bound.Select(trial => trial.Settings["lambda"]).Order());
    }

    [Fact]
    public void The_best_trial_comes_first_and_the_defaults_are_tried_first()
    {
        var told = new List<Trial>();

        var trials = Search("als", 6, told: told.Add);

        Assert.Equal(trials.OrderByDescending(trial => trial.Value), trials);
        Assert.Equal(6, told.Count);
        Assert.Equal(trials.Select(trial => trial.Value).Order(), told.Select(trial => trial.Value).Order());
        Assert.Equal(0.01, told[0].Settings["lambda"]);
    }

    [Fact]
    public void A_trial_can_be_repeated_from_its_settings()
    {
        var trial = Search("als", 3)[0];

        Assert.Equal(trial.Value, Search("als", 1, trial.Settings)[0].Value);
    }

    [Fact]
    public void Popular_beats_chance_where_tastes_are_skewed()
    {
        Assert.All([Protocol.Full, Protocol.Sampled], protocol =>
        {
            double ValueOf(string kind) => ParameterSearch.Run(
                ModelKinds.Get(kind), Skewed(protocol), 1, new Dictionary<string, double>(), new(4, 2, Cancellation: TestContext.Current.CancellationToken))[0].Value;

            Assert.True(ValueOf("popular") > 1.5 * ValueOf("random"), $"{protocol}: {ValueOf("popular")} and {ValueOf("random")}");
        });
    }

    [Fact]
    public void The_metric_is_that_of_the_protocols_usual_list()
        => Assert.Equal(["ndcg@20", "ndcg@10", "ndcg@10"], Enum.GetValues<Protocol>().Select(ParameterSearch.Metric));

    [Fact]
    public void At_least_one_trial_is_needed() => Assert.Throws<ArgumentOutOfRangeException>(() => Search("als", 0));
}
