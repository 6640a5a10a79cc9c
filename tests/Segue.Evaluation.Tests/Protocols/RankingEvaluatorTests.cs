using Segue.Evaluation.Protocols;
using Segue.Features.Interactions;
using Segue.Numerics;

namespace Segue.Evaluation.Tests.Protocols;

public sealed class RankingEvaluatorTests
{
    private static TrainingSet Empty(int items) => new(CsrMatrix.FromTriplets(2, items, []));

    private static EvaluationCase Ask(int[] history, int[] answers, int[]? negatives = null)
        => new(UserHistory.OfItems(history), answers.ToHashSet(), negatives);

    private static IReadOnlyDictionary<string, double> Evaluate(FixedScores model, Protocol protocol, params EvaluationCase[] cases)
        => RankingEvaluator.Evaluate(model, new(protocol, Empty(model.Items), cases), 2, TestContext.Current.CancellationToken);

    [Fact]
    public void Full_ranking_worked_by_hand()
    {
        // The first list is 2 … 21: a hit at its head, item 29 is out. The second is 0 … 19: a hit at place 5, from 0.
        var metrics = Evaluate(FixedScores.Falling(30), Protocol.Full, Ask([0, 1], [2, 29]), Ask([], [5]));

        Assert.Equal((0.5 + 1) / 2, metrics["recall@20"], 1e-12);
        Assert.Equal((1 / (1 + 1 / Math.Log2(3)) + 1 / Math.Log2(7)) / 2, metrics["ndcg@20"], 1e-12);
        Assert.Equal(1, metrics["hr@10"], 1e-12);
        Assert.Equal(metrics["ndcg@20"], metrics["ndcg@10"], 1e-12);
        Assert.Equal(0.05, metrics["precision@20"], 1e-12);
        Assert.Equal((1 + 1.0 / 6) / 2, metrics["mrr@20"], 1e-12);
        Assert.Equal((0.5 + 1.0 / 6) / 2, metrics["map@20"], 1e-12);
        Assert.Equal(22.0 / 30, metrics["coverage@20"], 1e-12);
    }

    [Fact]
    public void Items_of_the_history_are_never_in_the_list()
        => Assert.Equal(0, Evaluate(FixedScores.Falling(30), Protocol.NextItem, Ask([3, 4], [3]))["recall@20"]);

    [Fact]
    public void A_sampled_answer_is_ranked_among_its_negatives_and_ties_count_half()
    {
        var model = new FixedScores(5, 7, 5, 3, 9);   // the answer is item 0

        Assert.Equal(1, Mrr(model, 3));
        Assert.Equal(1 / 2.0, Mrr(model, 1));
        Assert.Equal(1 / 1.5, Mrr(model, 2), 1e-12);
        Assert.Equal(1 / 3.5, Mrr(model, 1, 2, 3, 4), 1e-12);
        Assert.Equal(1 / 1.5, Mrr(model, 0), 1e-12);        // a negative equal to the answer ties with it
        Assert.Equal(1 / 3.0, Mrr(model, 1, 1), 1e-12);     // each listing counts
        Assert.Equal(1, Mrr(model));
    }

    [Fact]
    public void A_sampled_rank_beyond_the_list_scores_nothing()
    {
        var scores = Enumerable.Repeat(1f, 41).ToArray();
        scores[0] = 0.5f;
        var negatives = Enumerable.Range(1, 40).ToArray();

        var at10 = Evaluate(new FixedScores(scores), Protocol.Sampled, Ask([], [0], negatives[..10]));
        var at9 = Evaluate(new FixedScores(scores), Protocol.Sampled, Ask([], [0], negatives[..9]));

        Assert.Equal((0, 0), (at10["hr@10"], at10["ndcg@10"]));
        Assert.Equal((1, 1 / Math.Log2(11)), (at9["hr@10"], at9["ndcg@10"]));
        Assert.Equal(1, at10["recall@20"]);
        Assert.Equal(0, Evaluate(new FixedScores(scores), Protocol.Sampled, Ask([], [0], negatives))["recall@20"]);
    }

    [Fact]
    public void Equal_scores_for_all_put_the_answer_in_the_middle()
        => Assert.Equal(0, Evaluate(new FixedScores(new float[100]), Protocol.Sampled, Ask([], [0], [.. Enumerable.Range(1, 99)]))["hr@10"]);

    [Fact]
    public void A_model_that_scores_no_number_does_not_look_perfect()
    {
        Assert.Equal(0, Evaluate(new FixedScores([.. Enumerable.Repeat(float.NaN, 100)]), Protocol.Sampled, Ask([], [0], [.. Enumerable.Range(1, 99)]))["hr@10"]);
        Assert.Equal(0, Evaluate(new FixedScores([.. Enumerable.Repeat(float.NaN, 100)]), Protocol.Full, Ask([], [0]))["hr@10"]);
    }

    [Fact]
    public void The_number_of_threads_changes_nothing()
    {
        var random = new SeededRandom(3);
        var cases = Enumerable.Range(0, 300).Select(_ => Ask([random.NextInt(50)], [random.NextInt(50)])).ToArray();
        var set = new EvaluationSet(Protocol.Full, Empty(50), cases);

        Assert.Equal(
            RankingEvaluator.Evaluate(FixedScores.Falling(50), set, 1, TestContext.Current.CancellationToken),
            RankingEvaluator.Evaluate(FixedScores.Falling(50), set, 3, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Nothing_to_ask_is_an_error()
        => Assert.Throws<InvalidOperationException>(() => Evaluate(FixedScores.Falling(3), Protocol.Full));

    private static double Mrr(FixedScores model, params int[] negatives)
        => Evaluate(model, Protocol.Sampled, Ask([], [0], negatives))["mrr@20"];
}
