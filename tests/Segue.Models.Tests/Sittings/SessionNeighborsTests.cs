using Segue.Core;
using Segue.Features.Interactions;
using Segue.Models.Sittings;
using Segue.Numerics;

namespace Segue.Models.Tests.Sittings;

public sealed class SessionNeighborsTests
{
    // Likeness is the plain count of common items, and every item of a neighbor is proposed alike, unless a test says otherwise.
    private static readonly SessionNeighborsOptions Plain = new()
    {
        Window = 1000, Recent = 100, PositionPower = 0, IdfPower = 0, LengthPower = 0, Reach = 1e6, Backward = 1, ItemPower = 0,
    };

    private static SessionNeighborsModel Train(TrainingSet data, SessionNeighborsOptions options)
        => (SessionNeighborsModel)new SessionNeighborsTrainer(options).Train(data, new(1, 1, Cancellation: TestContext.Current.CancellationToken));

    private static float[] Scores(TrainingSet data, SessionNeighborsOptions options, params int[] sitting)
    {
        var scores = new float[data.Items];
        foreach (var scored in Train(data, options).Propose(UserHistory.OfItems(sitting), data.Items))
        {
            scores[scored.Item] = scored.Score;
        }
        return scores;
    }

    private static void AssertScores(float[] expected, float[] scores) => Assert.All(expected.Zip(scores), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));

    [Fact]
    public void A_sitting_that_shares_more_proposes_more_strongly()
        => AssertScores([2, 0, 2, 1], Scores(Sequences.Of(4, [0, 1, 2], [0, 3]), Plain, 0, 1));   // the newest common item proposes the others, not itself

    [Fact]
    public void Only_the_nearest_sittings_propose()
        => AssertScores([2, 0, 2, 0], Scores(Sequences.Of(4, [0, 1, 2], [0, 3]), Plain with { Neighbors = 1 }, 0, 1));

    [Fact]
    public void Later_items_of_the_sitting_count_more()
    {
        var data = Sequences.Of(4, [0, 2], [1, 3]);

        AssertScores([0, 0, 0.5f, 1], Scores(data, Plain with { PositionPower = 1 }, 0, 1));
        AssertScores([0, 0, 0.25f, 1], Scores(data, Plain with { PositionPower = 2 }, 0, 1));
        AssertScores([0, 0, 0, 1], Scores(data, Plain with { Recent = 1 }, 0, 1));
    }

    [Fact]
    public void A_rare_common_item_tells_more()
    {
        // Item 0 is in three sittings of four, item 1 in one.
        var scores = Scores(Sequences.Of(4, [0, 2], [1, 3], [0], [0]), Plain with { IdfPower = 1 }, 0, 1);

        AssertScores([0, 0, (float)Math.Log(1 + 4.0 / 3), (float)Math.Log(5)], scores);
    }

    [Fact]
    public void Long_sittings_are_damped()
        => AssertScores([0, 1 / 2f, 1 / 4f, 1 / 4f, 1 / 4f], Scores(Sequences.Of(5, [0, 1], [0, 2, 3, 4]), Plain with { LengthPower = 1 }, 0));

    [Fact]
    public void Items_far_from_the_newest_common_one_count_less_and_those_before_it_less_again()
        => AssertScores([1 / 8f, 1 / 4f, 0, 1 / 2f, 1 / 4f], Scores(Sequences.Of(5, [0, 1, 2, 3, 4]), Plain with { Reach = 1, Backward = 0.5 }, 2));

    [Fact]
    public void Popular_items_are_damped()
        => AssertScores([0, 1 / 4f, 1], Scores(Sequences.Of(3, [0, 1, 2], [1], [1], [1]), Plain with { ItemPower = 1 }, 0));

    [Fact]
    public void Old_sittings_fade()
    {
        // One user's day: item 0 with 1 ten days ago, with 2 today.
        int[] sequence = [1, 0, 2, 0];
        var data = new TrainingSet(CsrMatrix.FromTriplets(1, 3, [.. sequence.Select(item => (0, item, 1f))]), [[0, 1, 0, 2]],
            ActionRows.Gather(1, [(0, new PairAction(0, InteractionAction.Listen, 2, 0)), (0, new PairAction(1, InteractionAction.Listen, 1, 10)), (0, new PairAction(2, InteractionAction.Listen, 1, 0))]));

        AssertScores([0, 1 / 4f, 1], Scores(data, Plain with { HalfLife = 5 }, 0));
    }

    [Fact]
    public void Only_the_newest_sittings_of_an_item_are_looked_at()
        => AssertScores([0, 1, 0], Scores(Sequences.Of(3, [0, 1], [0, 2]), Plain with { Sample = 1 }, 0));   // of one age the lower user comes first

    [Fact]
    public void A_refused_item_speaks_against_the_sittings_that_hold_it()
    {
        var model = Train(Sequences.Of(4, [0, 1, 2], [0, 3]), Plain);

        Assert.Equal([3], model.Propose(new(null, [1, 0], [-3, 1]), 10).Select(scored => scored.Item));
        Assert.Equal([1, 2, 3], model.Propose(UserHistory.OfItems([0]), 10).Select(scored => scored.Item).Order());
    }

    [Fact]
    public void Where_the_sitting_says_nothing_popularity_decides()
    {
        var model = Train(Sequences.Of(5, [0, 1], [1, 2], [1], [2]), Plain);

        Assert.Equal([1, 2, 0, 3, 4], model.Recommend(UserHistory.Empty, 5).Select(scored => scored.Item));
        Assert.Empty(model.Propose(UserHistory.OfItems([4]), 5));
    }

    [Fact]
    public void An_explanation_names_the_common_items_by_what_they_brought()
    {
        var model = Train(Sequences.Of(4, [0, 1, 2], [0, 2]), Plain);

        var contributions = model.Explain(UserHistory.OfItems([0, 1, 3]), 2).Contributions;

        Assert.Equal([0, 1], contributions.Select(contribution => contribution.Item));
        Assert.Equal(2 / 3f, contributions[0].Share, 1e-5f);
        Assert.Empty(model.Explain(UserHistory.OfItems([3]), 2).Contributions);
    }

    [Fact]
    public void Proposals_are_the_scores_without_popularity()
    {
        var data = Worlds.Chance(8, 60, 30, ordered: true);
        var model = Train(data, new SessionNeighborsOptions());
        for (var user = 0; user < data.Users; user++)
        {
            var history = UserHistory.Of(data, user);
            var scores = Worlds.Scores(model, history);
            var floor = Worlds.Scores(model, UserHistory.Empty);

            var proposed = model.Propose(history, 5);

            Assert.All(proposed, scored => Assert.Equal(scores[scored.Item] - floor[scored.Item], scored.Score, 1e-4f));
            Assert.Equal(proposed.OrderByDescending(s => s.Score).ThenBy(s => s.Item), proposed);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Propose(UserHistory.Empty, -1));
    }

    [Fact]
    public void The_index_answers_as_a_plain_walk_over_all_sittings()
    {
        for (ulong world = 0; world < 60; world++)
        {
            var random = new SeededRandom(21, world);
            var data = Worlds.Chance(world, 1 + random.NextInt(40), 4 + random.NextInt(25), ordered: true);
            var options = new SessionNeighborsOptions
            {
                Window = 2 + random.NextInt(6), Recent = 1 + random.NextInt(8), PositionPower = 3 * random.NextDouble(), IdfPower = random.NextDouble(),
                LengthPower = random.NextDouble(), Reach = 0.5 + 5 * random.NextDouble(), Backward = random.NextDouble(), ItemPower = random.NextDouble(),
            };
            var sitting = Enumerable.Range(0, 1 + random.NextInt(10)).Select(_ => random.NextInt(data.Items)).ToArray();

            Assert.All(PlainScores(data, options, sitting).Zip(Scores(data, options, sitting)), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        }
    }

    // All sittings are neighbors here, for there are fewer than the default number.
    private static double[] PlainScores(TrainingSet data, SessionNeighborsOptions options, int[] sitting)
    {
        var windows = new List<int[]>();
        for (var user = 0; user < data.Users; user++)
        {
            windows.AddRange(data.Sequence(user).ToArray().Reverse().Chunk(options.Window).Select(chunk => chunk.Reverse().ToArray()));
        }
        var recent = sitting.TakeLast(options.Recent).ToArray();
        var scores = new double[data.Items];
        foreach (var window in windows)
        {
            var common = recent.Distinct().Where(window.Contains).ToList();
            if (common.Count == 0)
            {
                continue;
            }
            var likeness = common.Sum(item => Math.Pow((Array.LastIndexOf(recent, item) + 1.0) / recent.Length, options.PositionPower)
                * Math.Pow(Math.Log(1 + (double)windows.Count / windows.Count(other => other.Contains(item))), options.IdfPower)) / Math.Pow(window.Length, options.LengthPower);
            var newest = Array.LastIndexOf(window, common.MaxBy(item => Array.LastIndexOf(recent, item)));
            for (var place = 0; place < window.Length; place++)
            {
                scores[window[place]] += place == newest ? 0
                    : likeness * Math.Pow(2, -Math.Abs(place - newest) / options.Reach) * (place < newest ? options.Backward : 1) * Math.Pow(data.ItemUsers[window[place]], -options.ItemPower);
            }
        }
        return scores;
    }
}
