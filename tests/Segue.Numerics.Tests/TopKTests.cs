namespace Segue.Numerics.Tests;

public sealed class TopKTests
{
    private static float[] Draw(ulong world)
    {
        var random = new SeededRandom(21, world);
        var scores = new float[random.NextInt(60)];
        var distinct = 1 + random.NextInt(40);   // few values: many ties
        foreach (ref var score in scores.AsSpan())
        {
            score = random.NextInt(20) switch
            {
                0 => float.NaN,
                1 => float.NegativeInfinity,
                2 => float.PositiveInfinity,
                _ => random.NextInt(distinct) - distinct / 2,
            };
        }
        return scores;
    }

    private static ScoredItem[] Plain(IEnumerable<ScoredItem> items, int k)
        => [.. items.Where(s => !float.IsNaN(s.Score)).OrderByDescending(s => s.Score).ThenBy(s => s.Item).Take(k)];

    [Fact]
    public void A_selection_is_the_head_of_the_full_sort()
    {
        for (ulong world = 0; world < 500; world++)
        {
            var scores = Draw(world);
            var items = scores.Select((score, item) => new ScoredItem(item, score)).Where(s => !float.IsNegativeInfinity(s.Score));
            foreach (var k in new[] { 0, 1, 2, 5, scores.Length, scores.Length + 10 })
            {
                Assert.Equal(Plain(items, k), TopK.Select(scores, k));
            }
        }
    }

    [Fact]
    public void The_order_of_arrival_changes_nothing()
    {
        for (ulong world = 0; world < 500; world++)
        {
            var items = Draw(world).Select((score, item) => new ScoredItem(item, score)).ToArray();
            var random = new SeededRandom(22, world);
            var k = random.NextInt(12);
            random.Shuffle<ScoredItem>(items);
            var best = new TopK(k);
            foreach (var (item, score) in items)
            {
                best.Add(item, score);
            }

            Assert.Equal(Math.Min(k, items.Count(s => !float.IsNaN(s.Score))), best.Count);
            Assert.Equal(Plain(items, k), best.Take());
        }
    }

    [Fact]
    public void Taking_empties_the_selection()
    {
        var best = new TopK(2);
        best.Add(1, 1);
        best.Take();
        best.Add(7, 0.5f);

        Assert.Equal([new ScoredItem(7, 0.5f)], best.Take());
        Assert.Empty(best.Take());
    }

    [Fact]
    public void What_is_kept_can_be_looked_at_the_worst_first_and_be_dropped()
    {
        var best = new TopK(3);
        foreach (var score in new[] { 4f, 1, 3, 2, 5 })
        {
            best.Add((int)score, score);
        }

        Assert.Equal(new ScoredItem(3, 3), best.Kept[0]);
        Assert.Equal([3, 4, 5], best.Kept.ToArray().Select(kept => kept.Item).Order());
        best.Clear();
        Assert.Equal(0, best.Kept.Length);
        Assert.Empty(best.Take());
    }

    [Fact]
    public void A_negative_length_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new TopK(-1));
}
