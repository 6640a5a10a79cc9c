using Segue.Features.Interactions;
using Segue.Models.Similarity;
using Segue.Numerics;

namespace Segue.Models.Tests.Similarity;

public sealed class CooccurrenceTests
{
    // No damping and no decay, unless a test says otherwise: similarities are plain counts.
    private static readonly CooccurrenceOptions Plain = new() { Window = 5, DistancePower = 0, Backward = 1, ItemPower = 0, HalfLife = 1e6 };

    private static TrainingSet Sequences(int items, params int[][] sequences)
        => new(CsrMatrix.FromTriplets(sequences.Length, items,
            [.. sequences.SelectMany((sequence, user) => sequence.Select(item => (user, item, 1f)))]), sequences);

    private static CooccurrenceModel Train(TrainingSet data, CooccurrenceOptions options)
        => (CooccurrenceModel)new CooccurrenceTrainer(options).Train(data, new(1, 2, Cancellation: TestContext.Current.CancellationToken));

    [Fact]
    public void Neighbors_are_counted_within_the_window()
    {
        var data = Sequences(4, [0, 1, 2, 3], [0, 1]);

        Assert.Equal([new(1, 2)], Train(data, Plain with { Window = 1 }).Neighbors(0));
        Assert.Equal([new(1, 2), new(2, 1)], Train(data, Plain with { Window = 2 }).Neighbors(0));
        Assert.Equal([new(1, 2), new(2, 1), new(3, 1)], Train(data, Plain with { Window = 1000 }).Neighbors(0));
    }

    [Fact]
    public void Repeats_count_each_time_and_an_item_is_not_its_own_neighbor()
        => Assert.Equal([new(1, 4)], Train(Sequences(2, [0, 1, 0, 1]), Plain).Neighbors(0));

    [Fact]
    public void A_pair_further_apart_counts_less()
        => Assert.Equal([new(1, 1), new(2, 0.5f), new(3, 1f / 3)], Train(Sequences(4, [0, 1, 2, 3]), Plain with { DistancePower = 1 }).Neighbors(0));

    [Fact]
    public void What_came_before_counts_as_much_as_backward_says()
    {
        var model = Train(Sequences(3, [0, 1, 2]), Plain with { Backward = 0.25 });

        Assert.Equal([new(2, 1), new(0, 0.25f)], model.Neighbors(1));
        Assert.Equal([new(0, 0.25f), new(1, 0.25f)], model.Neighbors(2));
    }

    [Fact]
    public void Popular_neighbors_are_damped()
    {
        // Item 1 has four users, item 2 one; both stood once beside item 0.
        var model = Train(Sequences(5, [0, 1], [0, 2], [1, 3], [1, 3], [1, 4]), Plain with { ItemPower = 0.5 });

        Assert.Equal([new(2, 1), new(1, 0.5f)], model.Neighbors(0));
    }

    [Fact]
    public void Only_the_best_neighbors_are_kept()
        => Assert.Equal([new(1, 2), new(2, 1)], Train(Sequences(4, [0, 1, 2, 3], [0, 1]), Plain with { Neighbors = 2 }).Neighbors(0));

    [Fact]
    public void Without_time_whole_rows_are_together()
    {
        var data = new TrainingSet(CsrMatrix.FromTriplets(2, 8,
            [(0, 0, 1), (0, 7, 1), (0, 3, 1), (1, 0, 5), (1, 7, 1), (1, 3, -1)]));

        Assert.Equal([new(7, 2), new(3, 1)], Train(data, Plain with { Window = 1, Backward = 0, DistancePower = 3 }).Neighbors(0));
    }

    [Fact]
    public void A_score_sums_the_history_with_its_decay()
    {
        var model = Train(Sequences(4, [0, 1], [2, 1], [2, 3]), Plain with { HalfLife = 1, Backward = 0 });

        var scores = Worlds.Scores(model, UserHistory.OfItems([0, 2]));   // item 2 came last: weight 1; item 0 before it: 1/2

        Assert.Equal(1.5, scores[1], 1e-5);
        Assert.Equal(1, scores[3], 1e-5);
    }

    [Fact]
    public void A_refusal_in_the_history_counts_against_its_neighbors()
    {
        var model = Train(Sequences(4, [0, 1], [2, 3]), Plain);

        var scores = Worlds.Scores(model, new(null, [0, 2], [-3, 1]));

        Assert.Equal(-1, scores[1], 1e-5);
        Assert.Equal(1, scores[3], 1e-5);
    }

    [Fact]
    public void Where_the_history_says_nothing_popularity_decides()
    {
        var model = Train(Sequences(5, [0, 1], [1, 2], [1], [2]), Plain);

        Assert.Equal([1, 2, 0, 3, 4], model.Recommend(UserHistory.Empty, 5).Select(scored => scored.Item));
        Assert.Equal([1, 2, 0, 3, 4], model.Recommend(UserHistory.OfItems([4]), 5).Select(scored => scored.Item));
        Assert.Equal(1, model.Recommend(UserHistory.OfItems([0]), 1)[0].Item);
    }

    [Fact]
    public void An_explanation_names_the_items_that_brought_the_neighbor()
    {
        var model = Train(Sequences(4, [0, 1], [0, 1], [0, 1], [2, 1]), Plain);

        var contributions = model.Explain(UserHistory.OfItems([2, 0]), 1).Contributions;

        Assert.Equal([0, 2], contributions.Select(contribution => contribution.Item));
        Assert.Equal(0.75, contributions[0].Share, 1e-5);
        Assert.Equal(0.25, contributions[1].Share, 1e-5);
        Assert.Empty(model.Explain(UserHistory.OfItems([3]), 1).Contributions);
    }

    [Fact]
    public void Counting_agrees_with_a_plain_double_loop_over_random_sequences()
    {
        for (ulong world = 0; world < 40; world++)
        {
            var random = new SeededRandom(14, world);
            var data = Worlds.Chance(world, 1 + random.NextInt(30), 2 + random.NextInt(20), ordered: true);
            var options = new CooccurrenceOptions { Window = 1 + random.NextInt(6), DistancePower = random.NextDouble(), Backward = random.NextDouble() };
            var model = Train(data, options);
            for (var item = 0; item < data.Items; item++)
            {
                var expected = PlainSimilarities(data, options, item);
                Assert.Equal(expected.Count(s => s > 0), model.Neighbors(item).Length);
                Assert.All(model.Neighbors(item).ToArray(), neighbor => Assert.Equal(expected[neighbor.Item], neighbor.Score, 1e-5 * expected[neighbor.Item]));
            }
        }
    }

    private static double[] PlainSimilarities(TrainingSet data, CooccurrenceOptions options, int item)
    {
        var sums = new double[data.Items];
        for (var user = 0; user < data.Users; user++)
        {
            var sequence = data.Sequence(user);
            for (var a = 0; a < sequence.Length; a++)
            {
                for (var b = 0; b < sequence.Length; b++)
                {
                    var distance = Math.Abs(a - b);
                    if (sequence[a] == item && sequence[b] != item && distance <= options.Window)
                    {
                        sums[sequence[b]] += Math.Pow(distance, -options.DistancePower) * (b > a ? 1 : options.Backward)
                            / Math.Pow(data.ItemUsers[sequence[b]], options.ItemPower);
                    }
                }
            }
        }
        return sums;
    }
}
