using Segue.Core;
using Segue.Features.Interactions;
using Segue.Models.Sittings;
using Segue.Numerics;

namespace Segue.Models.Tests.Sittings;

public sealed class PastSittingsTests
{
    private const float Hour = 1f / 24;

    private static int[][] Cut(TrainingSet data, int window = 1000, double gap = 30)
    {
        var past = PastSittings.Cut(data, window, gap);
        return [.. Enumerable.Range(0, past.Count).Select(sitting => past[sitting].ToArray())];
    }

    private static TrainingSet Timed(int[] sequence, params float[] newestAges)
        => new(CsrMatrix.FromTriplets(1, newestAges.Length, [.. sequence.Select(item => (0, item, 1f))]), [sequence],
            ActionRows.Gather(1, newestAges.Select((age, item) => (0, new PairAction(item, InteractionAction.Listen, 1, age)))));

    [Fact]
    public void A_long_sequence_is_cut_into_windows_from_its_end_and_the_newest_come_first()
        => Assert.Equal([[3, 4, 5], [6, 0], [0, 1, 2], [6]], Cut(Sequences.Of(7, [6, 0, 1, 2, 3, 4, 5], [6, 0]), window: 3));

    [Fact]
    public void A_pause_ends_a_sitting()
        => Assert.Equal([[2, 3], [0, 1]], Cut(Timed([0, 1, 2, 3], 10, 10 - 0.4f * Hour, 9, 9 - 0.4f * Hour)));

    [Fact]
    public void A_longer_pause_may_be_allowed()
        => Assert.Equal([[0, 1, 2, 3]], Cut(Timed([0, 1, 2, 3], 10, 10, 9, 9), gap: 24 * 60));

    [Fact]
    public void A_repeated_item_counts_as_old_as_what_came_after_it()
    {
        // Item 0 was heard first and last: its first listen must be as old as item 1, which came after it.
        var past = PastSittings.Cut(Timed([0, 1, 0], 2, 5), 1000, 30);

        Assert.Equal([2f, 5f], past.Ages);
        Assert.Equal([0], past[0].ToArray());
        Assert.Equal([0, 1], past[1].ToArray());
    }

    [Fact]
    public void Without_order_a_row_is_one_sitting_whatever_the_window()
        => Assert.Equal([[0, 1, 2, 3], [1]], Cut(new TrainingSet(CsrMatrix.FromTriplets(2, 5, [(0, 0, 1), (0, 1, 1), (0, 2, 1), (0, 3, 2), (0, 4, -1), (1, 1, 1)])), window: 2));

    [Fact]
    public void Every_listen_is_in_one_sitting()
    {
        for (ulong world = 0; world < 20; world++)
        {
            var data = Worlds.Chance(world, 20, 15, ordered: true);

            var past = PastSittings.Cut(data, 1 + (int)world % 5, 30);

            Assert.Equal(Enumerable.Range(0, 20).SelectMany(user => data.Sequence(user).ToArray()).Order(), past.Items.Order());
            Assert.All(Enumerable.Range(0, past.Count), sitting => Assert.InRange(past[sitting].Length, 1, 1 + (int)world % 5));
        }
    }

    [Fact]
    public void The_index_keeps_the_newest_sittings_of_an_item_each_once()
    {
        var past = PastSittings.Cut(Sequences.Of(3, [0, 1, 0], [1], [0, 2], [0]), 1000, 30);

        var index = new SittingIndex(past, 3, sample: 2);

        Assert.Equal([0, 2], index[0].ToArray());
        Assert.Equal([0, 1], index[1].ToArray());
        Assert.Equal([2], index[2].ToArray());
        Assert.Equal([3, 2, 1], index.Frequencies);
    }
}
