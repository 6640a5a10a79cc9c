using Segue.Core;
using Segue.Evaluation.Funnel;
using Segue.Events.Importing;
using Segue.Ranking.Artists;

namespace Segue.Evaluation.Tests.Funnel;

public sealed class ArtistSplitTests
{
    private const int Users = 40, Artists = 30, Played = 10;

    [Fact]
    public void Neither_plays_nor_tags_of_what_is_asked_for_are_known()
    {
        var split = ArtistSplit.Of(Data(), seed: 3);

        foreach (var set in new[] { split.Test, split.Validation })
        {
            foreach (var question in set.Cases)
            {
                Assert.Empty(question.Answers.Intersect(question.History.Items));
                // Each user puts the user's own word on every artist played: on what is held out nobody's word may lie.
                Assert.All(question.Answers, item => Assert.DoesNotContain($"word {question.History.Row}", WordsOf(set, item)));
                Assert.All(question.History.Items, item => Assert.Contains($"word {question.History.Row}", WordsOf(set, item)));
            }
        }
    }

    [Fact]
    public void The_validation_part_is_cut_from_what_the_test_leaves()
    {
        var split = ArtistSplit.Of(Data(), seed: 3);

        Assert.Equal((Users * 2, Users * 2), (split.Test.Answers, split.Validation.Answers));   // a fifth of 10, then of 8
        foreach (var (test, validation) in split.Test.Cases.Zip(split.Validation.Cases))
        {
            Assert.Equal(test.History.Items.Order(), validation.History.Items.Concat(validation.Answers).Order());
        }
    }

    [Fact]
    public void Another_seed_asks_for_other_artists()
        => Assert.NotEqual(Asked(3), Asked(4));

    [Fact]
    public void Each_source_and_the_funnel_are_measured_by_the_same_questions()
    {
        var set = ArtistSplit.Of(Data(), seed: 3).Test;
        var options = new ArtistFunnelOptions { Factors = 4, PerSource = 10, Folds = 1, Steps = 5, Taste = new Dictionary<string, double> { ["factors"] = 2, ["sweeps"] = 2 } };

        var (results, funnel) = FunnelBenchmark.Run(set, options, new(1, 1, Cancellation: TestContext.Current.CancellationToken));

        Assert.Equal(["random", "popular", "tags", "co-listen", "taste", "funnel"], results.Select(result => result.Name));
        Assert.All(results, result => Assert.All(result.Recall.Concat(result.Ndcg), value => Assert.InRange(value, 0, 1)));
        // All play artists of their own half, so whatever learns beats chance, and nothing can be better than all answers in 20 places.
        Assert.True(results[^1].Recall.Average() > results[0].Recall.Average());
        Assert.Equal(4, funnel.Models.Taste.Factors);
        var (recall, ndcg) = results[0].LeadOf(results[^1]);
        Assert.Equal(results[^1].Recall.Average() - results[0].Recall.Average(), recall.Mean, 1e-12);
        Assert.InRange(ndcg.Mean, ndcg.Low, ndcg.High);
    }

    private static string Asked(ulong seed) => string.Join(' ', ArtistSplit.Of(Data(), seed).Test.Cases.SelectMany(question => question.Answers.Order()));

    private static IEnumerable<string> WordsOf(Segue.Evaluation.Protocols.EvaluationSet set, int item)
        => set.Train.Tags!.Counts.Row(item).Columns.ToArray().Select(column => set.Train.Tags.Names[column]);

    // User n plays ten artists of the half that n is of, and tags each of them.
    private static HetRecDataset Data()
    {
        var plays = (from user in Enumerable.Range(0, Users) from n in Enumerable.Range(0, Played) select (user, artist: (user + n) % (Artists / 2) + user % 2 * (Artists / 2))).ToList();
        return new(
            [.. Enumerable.Range(0, Artists).Select(n => new Artist(new($"{n}"), $"Artist {n}"))],
            [.. Enumerable.Range(0, Users).Select(n => new HetRecTag($"{n}", $"word {n}"))],
            [.. plays.Select(play => new Interaction($"{play.user}", $"{play.artist}", 5, null, InteractionAction.Listen))],
            [.. plays.Select(play => new TagAssignment($"{play.user}", $"{play.artist}", $"{play.user}", null))],
            [], new ImportTally(BadLineBudget.None).Complete());
    }
}
