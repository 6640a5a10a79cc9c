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
        => Search(ModelKinds.Get(kind), Skewed(Protocol.Full), threads).Run(trials, start ?? Small, told: told);

    private static ParameterSearch Search(ModelKind kind, EvaluationSet set, int threads = 2)
        => new(kind, set.CutValidations(4), new(4, threads, Cancellation: TestContext.Current.CancellationToken));

    [Fact]
    public void The_same_seed_gives_the_same_trials()
    {
        var (first, second) = (Search("als", 5), Search("als", 5, threads: 1));

        Assert.Equal(first.Select(trial => trial.Value), second.Select(trial => trial.Value));
        Assert.All(first.Zip(second), pair => Assert.Equal(pair.First.Settings, pair.Second.Settings));
        Assert.Equal(5, first.Select(trial => trial.Settings["lambda"]).Distinct().Count());
        Assert.Equal(5 + 2, first.Count);
    }

    [Fact]
    public void Given_settings_hold_in_every_trial_and_change_no_other_draw()
    {
        var (free, bound) = (new List<Trial>(), new List<Trial>());

        Search("als", 6, told: free.Add);
        Search("als", 6, new Dictionary<string, double>(Small) { ["nu"] = 0.123 }, told: bound.Add);

        Assert.All(bound, trial => Assert.Equal((4, 0.123), (trial.Settings["factors"], trial.Settings["nu"])));
        Assert.Equal(free.Take(3).Select(trial => trial.Settings["lambda"]), bound.Take(3).Select(trial => trial.Settings["lambda"]));   // the later ones follow the best so far
    }

    [Fact]
    public void The_best_trial_comes_first_and_the_defaults_are_tried_first()
    {
        var told = new List<Trial>();

        var trials = Search("als", 6, told: told.Add);

        Assert.Equal(trials.OrderByDescending(trial => trial.Value), trials);
        Assert.Equal(6 + 2, told.Count);
        Assert.Equal(trials.Select(trial => trial.Value).Order(), told.Select(trial => trial.Value).Order());
        Assert.Equal(0.01, told[0].Settings["lambda"]);
    }

    [Fact]
    public void All_settings_are_tried_with_a_quarter_of_the_sweeps_the_best_third_with_half_and_the_best_ninth_with_all()
    {
        var told = new List<Trial>();

        Search("als", 9, new Dictionary<string, double> { ["factors"] = 4, ["sweeps"] = 8 }, told: told.Add);

        Assert.Equal([2, 2, 2, 2, 2, 2, 2, 2, 2, 4, 4, 4, 8], told.Select(trial => trial.Settings["sweeps"]));
        var best = told.Take(9).OrderByDescending(trial => trial.Value).Take(3).Select(trial => trial.Settings["lambda"]);
        Assert.Equal(best, told.Skip(9).Take(3).Select(trial => trial.Settings["lambda"]));
        Assert.Equal(told.Skip(9).Take(3).MaxBy(trial => trial.Value)!.Settings["lambda"], told[12].Settings["lambda"]);
    }

    [Fact]
    public void Settings_of_actions_and_times_that_the_data_lack_keep_their_defaults()
        => Assert.All(Search("als", 6), trial => Assert.Equal((3, 0, 0), (trial.Settings["voteUp.weight"], trial.Settings["voteUp.halfLife"], trial.Settings["listen.halfLife"])));

    [Fact]
    public void A_kind_without_passes_is_tried_once_with_each_setting()
        => Assert.Equal(5, Search("cooccurrence", 5, new Dictionary<string, double>()).Count);

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
            double ValueOf(string kind) => Search(ModelKinds.Get(kind), Skewed(protocol)).Run(1, new Dictionary<string, double>())[0].Value;

            Assert.True(ValueOf("popular") > 1.5 * ValueOf("random"), $"{protocol}: {ValueOf("popular")} and {ValueOf("random")}");
        });
    }

    [Fact]
    public void The_metric_is_that_of_the_protocols_usual_list()
        => Assert.Equal(["ndcg@20", "ndcg@10", "ndcg@10"], Enum.GetValues<Protocol>().Select(ParameterSearch.Metric));

    [Fact]
    public void At_least_one_trial_is_needed() => Assert.Throws<ArgumentOutOfRangeException>(() => Search("als", 0));
}
