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
            var problem = Problem.Random(seed);

            Assert.Equal(problem.Plainly(), problem.Searched(Enum.Parse<VectorPath>(path)));
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Bounds_leave_most_tiles_out_and_change_no_list(string path)
    {
        var problem = Problem.Learnt(users: 300, items: 4_000, d: 64, k: 10);
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
        var problem = Problem.Learnt(users: 20, items: 500, d: 24, k: 10);
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
        => Assert.Equal([0, 2, 3], Search(Problem.Random(1).Items, new float[Problem.Random(1).Items.Columns], 3, excluded: [1]));

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
        var problem = Problem.Random(3);
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

    private sealed record Problem(DenseMatrix Users, DenseMatrix Items, int K, int[][] Excluded)
    {
        /// <summary>Any shape, with repeated rows, zero rows, few different values and norms that fall steeply.</summary>
        public static Problem Random(ulong seed)
        {
            var random = new SeededRandom(seed, 7);
            int users = 1 + random.NextInt(150), items = 1 + random.NextInt(300), d = 1 + random.NextInt(70);
            var k = random.NextBool(0.2) ? items + random.NextInt(3) : 1 + random.NextInt(40);
            var (steepness, coarse, left) = (random.NextDouble() * 3, random.NextBool(0.3), random.NextBool(0.3) ? 0.95 : 0.2);
            var y = Matrix(ref random, items, d, steepness, coarse);
            for (var item = 1; item < items; item++)
            {
                if (random.NextBool(0.2))
                {
                    y.Row(random.NextInt(item)).CopyTo(y.Row(item));
                }
            }
            return new(Matrix(ref random, users, d, 1, coarse), y, k, Exclude(ref random, users, items, left));
        }

        /// <summary>Dimensions of falling weight and norms that differ, as in learnt factors.</summary>
        public static Problem Learnt(int users, int items, int d, int k)
        {
            var random = new SeededRandom(5);
            DenseMatrix x = Matrix(ref random, users, d, 0.5, coarse: false), y = Matrix(ref random, items, d, 3, coarse: false);
            foreach (var matrix in new[] { x, y })
            {
                for (var row = 0; row < matrix.Rows; row++)
                {
                    for (var f = 0; f < d; f++)
                    {
                        matrix.Row(row)[f] *= MathF.Pow(0.9f, f);
                    }
                }
            }
            return new(x, y, k, Exclude(ref random, users, items, 0.02));
        }

        public ScoredItem[][] Plainly()
            => [.. Enumerable.Range(0, Users.Rows).Select(user =>
            {
                var scores = Enumerable.Range(0, Items.Rows).Select(item => Vectors.Dot(Users.Row(user), Items.Row(item))).ToArray();
                Array.ForEach(Excluded[user], item => scores[item] = float.NegativeInfinity);
                return TopK.Select(scores, K);
            })];

        public ScoredItem[][] Searched(VectorPath path)
        {
            using var index = new ItemIndex(Items, path);
            using var search = new ItemSearch(index, K);
            return Lists(search);
        }

        public ScoredItem[][] Lists(ItemSearch search)
        {
            var lists = new List<ScoredItem[]>();
            for (var from = 0; from < Users.Rows; from += ItemSearch.BlockUsers)
            {
                search.Clear();
                for (var user = from; user < Math.Min(Users.Rows, from + ItemSearch.BlockUsers); user++)
                {
                    search.Add(Users.Row(user), Excluded[user]);
                }
                search.Run();
                lists.AddRange(Enumerable.Range(0, search.Count).Select(user => search.Found(user).ToArray()));
            }
            return [.. lists];
        }

        private static DenseMatrix Matrix(ref SeededRandom random, int rows, int d, double steepness, bool coarse)
        {
            var matrix = new DenseMatrix(rows, d);
            for (var row = 0; row < rows; row++)
            {
                var scale = random.NextBool(0.05) ? 0 : Math.Exp(-steepness * random.NextDouble() * 2);
                for (var f = 0; f < d; f++)
                {
                    matrix.Row(row)[f] = coarse ? random.NextInt(3) - 1 : (float)(random.NextNormal() * scale);
                }
            }
            return matrix;
        }

        private static int[][] Exclude(ref SeededRandom random, int users, int items, double share)
        {
            var excluded = new int[users][];
            for (var user = 0; user < users; user++)
            {
                var left = new List<int>();
                for (var item = 0; item < items; item++)
                {
                    if (random.NextBool(share))
                    {
                        left.Add(item);
                    }
                }
                excluded[user] = [.. left];
            }
            return excluded;
        }
    }
}
