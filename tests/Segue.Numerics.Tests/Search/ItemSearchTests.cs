using Segue.Numerics.Factors;
using Segue.Numerics.Search;

namespace Segue.Numerics.Tests.Search;

public sealed class ItemSearchTests
{
    public static TheoryData<string> Paths => [.. Enum.GetValues<VectorPath>().Where(VectorPaths.Has).Select(path => path.ToString())];

    [Theory]
    [MemberData(nameof(Paths))]
    public void Lists_are_those_of_scoring_every_item_plainly(string path)
    {
        for (ulong seed = 0; seed < 200; seed++)
        {
            var problem = SearchProblem.Random(seed);

            Assert.Equal(problem.Plainly(), problem.Searched(Enum.Parse<VectorPath>(path)));
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Bounds_leave_most_tiles_out_and_change_no_list(string path)
    {
        var problem = SearchProblem.Learnt(users: 300, items: 4_000, d: 64, k: 10);
        using var index = new ItemIndex(problem.Items, Enum.Parse<VectorPath>(path));
        using var search = new ItemSearch(index, problem.K);

        var found = problem.Lists(search);

        Assert.Equal(problem.Plainly(), found);
        Assert.True(search.Tiles.Begun < search.Tiles.All / 2, $"{search.Tiles}");
        Assert.True(search.Tiles.Finished < search.Tiles.Begun, $"{search.Tiles}");
    }

    [Fact]
    public void Without_bounds_every_tile_is_computed_and_lists_are_the_same()
    {
        var problem = SearchProblem.Learnt(users: 20, items: 500, d: 24, k: 10);
        using var index = new ItemIndex(problem.Items, pruned: false);
        using var search = new ItemSearch(index, problem.K);

        Assert.Equal(problem.Plainly(), problem.Lists(search));
        Assert.Equal(search.Tiles.All, search.Tiles.Begun);
    }

    [Fact]
    public void Equal_scores_come_by_lower_item()
    {
        var items = new DenseMatrix(100, 3);
        for (var item = 0; item < 100; item++)
        {
            items.Row(item).Fill(item % 2);   // the odd ones are all alike, the even ones zero
        }

        Assert.Equal([1, 5, 7], Search(items, [1f, 1f, 1f], 3, excluded: [3]));
        Assert.Equal([0, 2, 4], Search(items, [-1f, -1f, -1f], 3, excluded: []));
    }

    [Fact]
    public void A_user_without_factors_gets_the_first_items()
        => Assert.Equal([0, 2, 3], Search(SearchProblem.Random(1).Items, new float[SearchProblem.Random(1).Items.Columns], 3, excluded: [1]));

    [Fact]
    public void A_list_is_shorter_where_fewer_items_are_left()
    {
        var items = new DenseMatrix(40, 2);
        for (var item = 0; item < 40; item++)
        {
            items.Row(item)[0] = item;
        }

        Assert.Equal([39, 1, 0], Search(items, [1f, 0f], 1_000, excluded: [.. Enumerable.Range(2, 37)]));
        Assert.Empty(Search(items, [1f, 0f], 5, excluded: [.. Enumerable.Range(0, 40)]));
        Assert.Empty(Search(new DenseMatrix(0, 2), [1f, 0f], 5, excluded: []));
    }

    [Fact]
    public void Factors_as_small_as_float32_has_them_keep_their_order()
    {
        var items = new DenseMatrix(64, 1);
        for (var item = 0; item < 64; item++)
        {
            items.Row(item)[0] = item;
        }

        Assert.Equal([63, 62, 61], Search(items, [float.Epsilon], 3, excluded: []));
        Assert.Equal([0, 1, 2], Search(items, [-1e-44f], 3, excluded: []));
    }

    [Fact]
    public void An_index_does_not_depend_on_the_number_of_threads()
    {
        var problem = SearchProblem.Random(3);
        using var one = new ItemIndex(problem.Items, threads: 1);
        using var three = new ItemIndex(problem.Items, threads: 3);

        Assert.Equal(one.Order, three.Order);
        Assert.Equal(one.PanelNorms, three.PanelNorms);
    }

    [Fact]
    public void Factors_that_are_not_finite_are_refused()
    {
        using var index = new ItemIndex(new DenseMatrix(1, 2, [1e15f, 0]));
        using var search = new ItemSearch(index, 1);

        Assert.Contains("item 1", Assert.Throws<ArgumentException>(() => new ItemIndex(new DenseMatrix(2, 1, [1, float.NaN]))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => search.Add([float.PositiveInfinity, 0], []));
        Assert.Throws<ArgumentException>(() => search.Add([1e25f, 0], []));   // the score would be infinite
        Assert.Throws<ArgumentException>(() => search.Add([1], []));
        Assert.Equal(0, search.Count);
    }

    [Fact]
    public void A_block_takes_so_many_users_and_no_more()
    {
        using var index = new ItemIndex(new DenseMatrix(1, 1, [1]));
        using var search = new ItemSearch(index, 1);
        for (var user = 0; user < ItemSearch.BlockUsers; user++)
        {
            search.Add([1], []);
        }

        Assert.Throws<InvalidOperationException>(() => search.Add([1], []));
        search.Clear();
        search.Add([1], []);
        Assert.Equal(1, search.Count);
    }

    private static int[] Search(DenseMatrix items, float[] user, int k, int[] excluded)
    {
        using var index = new ItemIndex(items);
        using var search = new ItemSearch(index, k);
        search.Add(user, excluded);
        search.Run();
        return [.. search.Found(0).ToArray().Select(found => found.Item)];
    }
}
