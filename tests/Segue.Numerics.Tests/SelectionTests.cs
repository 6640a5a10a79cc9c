namespace Segue.Numerics.Tests;

public class SelectionTests
{
    [Fact]
    public void The_nth_is_that_of_the_sorted_values()
    {
        for (ulong world = 0; world < 60; world++)
        {
            var random = new SeededRandom(world, 2);
            uint[] values = [.. Enumerable.Range(0, 1 + random.NextInt(200)).Select(_ => (uint)random.NextInt(world % 3 == 0 ? 5 : int.MaxValue))];
            uint[] sorted = [.. values.Order()];

            Assert.All(Enumerable.Range(0, values.Length), n => Assert.Equal(sorted[n], Selection.Nth([.. values], n)));
        }
    }

    [Fact]
    public void The_best_of_some_items_are_those_that_keeping_the_best_gives()
    {
        for (ulong world = 0; world < 60; world++)
        {
            var random = new SeededRandom(world, 5);
            ScoredItem[] items = [.. Enumerable.Range(0, random.NextInt(300)).Select(item => new ScoredItem(item, world % 3 == 0 ? random.NextInt(5) - 2 : (float)random.NextNormal()))];
            random.Shuffle<ScoredItem>(items);
            var k = random.NextInt(100);
            var plain = new TopK(k);
            foreach (var item in items)
            {
                plain.Add(item.Item, item.Score);
            }

            Assert.Equal(plain.Take(), Selection.Best([.. items], k).ToArray());
        }
    }

    [Fact]
    public void The_nth_highest_score_is_that_of_the_sorted_scores()
    {
        var random = new SeededRandom(6);
        float[] scores = [.. Enumerable.Range(0, 100).Select(_ => (float)random.NextNormal()), 0, -1e-40f, float.MaxValue];
        float[] sorted = [.. scores.OrderDescending()];

        Assert.All(Enumerable.Range(1, scores.Length), n => Assert.Equal(sorted[n - 1], Selection.Highest(scores, n)));
    }

    [Fact]
    public void A_place_behind_the_last_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => Selection.Nth([1, 2], 2));

    [Fact]
    public void Sorting_by_whole_numbers_gives_the_order_of_the_comparison()
    {
        for (ulong world = 0; world < 30; world++)
        {
            var random = new SeededRandom(world, 3);
            ScoredItem[] items = [.. Enumerable.Range(0, 150).Select(item => new ScoredItem(item, random.NextInt(4) switch { 0 => 0f, 1 => -0f, 2 => random.NextInt(3) - 1, _ => (float)random.NextNormal() }))];
            random.Shuffle<ScoredItem>(items);
            ScoredItem[] sorted = [.. items];
            Array.Sort(sorted, ScoredItem.BestFirst);

            ScoredItem.SortBestFirst(items);

            Assert.Equal(sorted.Select(item => item.Item), items.Select(item => item.Item));
        }
    }

    [Fact]
    public void Products_with_rows_are_those_of_one_row_after_the_other_to_the_bit()
    {
        foreach (var d in (int[])[1, 7, 16, 33, 64, 100])
        {
            var random = new SeededRandom((ulong)d, 4);
            var rows = new DenseMatrix(40, d);
            foreach (ref var value in rows.AsSpan())
            {
                value = (float)random.NextNormal();
            }
            int[] picked = [.. Enumerable.Range(0, 50).Select(_ => random.NextInt(40))];
            float[] vectors = [.. Enumerable.Range(0, 3 * d).Select(_ => (float)random.NextNormal())];
            var products = new float[3 * picked.Length];

            Vectors.DotRows(rows, picked, vectors, products);

            Assert.Equal(
                from v in Enumerable.Range(0, 3) from row in picked select BitConverter.SingleToInt32Bits(Vectors.Dot(rows.Row(row), vectors.AsSpan(v * d, d))),
                products.Select(BitConverter.SingleToInt32Bits));
        }
    }
}
