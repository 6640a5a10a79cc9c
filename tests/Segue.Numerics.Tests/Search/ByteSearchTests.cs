using Segue.Numerics.Factors;
using Segue.Numerics.Search;

namespace Segue.Numerics.Tests.Search;

public sealed class ByteSearchTests
{
    public static TheoryData<string> Paths => [.. Enum.GetValues<VectorPath>().Where(VectorPaths.Has).Select(path => path.ToString())];

    [Theory]
    [MemberData(nameof(Paths))]
    public void Lists_are_those_of_scoring_every_item_plainly(string path)
    {
        for (ulong seed = 0; seed < 200; seed++)
        {
            var problem = SearchProblem.Random(seed);
            var index = new ByteIndex(problem.Items, Enum.Parse<VectorPath>(path));
            using var search = new ByteSearch(index, problem.K);

            Assert.Equal(problem.Plainly(), problem.Lists(search));
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Norms_end_a_search_early_and_few_items_are_scored_again(string path)
    {
        var problem = SearchProblem.Learnt(users: 64, items: 20_000, d: 64, k: 10);
        var index = new ByteIndex(problem.Items, Enum.Parse<VectorPath>(path));
        using var search = new ByteSearch(index, problem.K);

        Assert.Equal(problem.Plainly(), problem.Lists(search));
        Assert.True(search.Work.Blocks < 64 * 20_000 / 64 / 2, $"{search.Work}");
        Assert.True(search.Work.Rescored < 64 * 200, $"{search.Work}");
    }

    // Twelve dimensions carry nearly all, in directions that no dimension has for its own; norms hardly differ.
    [Theory]
    [MemberData(nameof(Paths))]
    public void Lists_stay_exact_where_norms_are_flat_and_most_second_halves_are_left_unread(string path)
    {
        var random = new SeededRandom(11);
        var directions = Normals(ref random, 12, 37);
        var (items, users) = (Combined(ref random, 10_000, directions), Combined(ref random, 9, directions));
        var problem = new SearchProblem(users, items, 12, [.. Enumerable.Range(0, 9).Select(user => new[] { user, 100 + user, 9_999 })]);
        var index = new ByteIndex(items, Enum.Parse<VectorPath>(path), threads: 2);
        using var search = new ByteSearch(index, problem.K);

        Assert.Equal(problem.Plainly(), problem.Lists(search));
        Assert.True(search.Work.Blocks > 9 * index.Blocks / 2, $"{search.Work}");
        Assert.True(search.Work.Wholly < search.Work.Blocks / 2, $"{search.Work}");
    }

    [Fact]
    public void Who_knows_a_bound_of_the_last_score_finds_the_same_and_fewer_items_are_scored_again()
    {
        var problem = SearchProblem.Learnt(users: 40, items: 5_000, d: 32, k: 20);
        var index = new ByteIndex(problem.Items);
        using var plain = new ByteSearch(index, problem.K);
        using var bounded = new ByteSearch(index, problem.K);
        for (var user = 0; user < 40; user++)
        {
            plain.Clear();
            plain.Add(problem.Users.Row(user), problem.Excluded[user]);
            plain.Run();
            var found = plain.Found(0).ToArray();
            bounded.Clear();
            bounded.Add(problem.Users.Row(user), problem.Excluded[user], least: found[^1].Score);   // the highest bound there is
            bounded.Run();

            Assert.Equal(found, bounded.Found(0).ToArray());
        }
        Assert.True(bounded.Work.Rescored < plain.Work.Rescored, $"{bounded.Work}, {plain.Work}");
        Assert.True(bounded.Work.Wholly <= plain.Work.Wholly, $"{bounded.Work}, {plain.Work}");
    }

    [Fact]
    public void Nothing_but_the_choice_is_found()
    {
        var problem = SearchProblem.Learnt(users: 5, items: 3_000, d: 32, k: 20);
        var index = new ByteIndex(problem.Items);
        using var search = new ByteSearch(index, problem.K);
        var (odd, late) = (index.Choose(item => item % 2 == 1), index.Choose(item => item >= 2_500));
        var both = odd.And(late);
        for (var user = 0; user < 5; user++)
        {
            search.Add(problem.Users.Row(user), problem.Excluded[user], user % 2 == 0 ? both : null);
        }

        search.Run();

        for (var user = 0; user < 5; user++)
        {
            var scores = Enumerable.Range(0, 3_000).Select(item => Vectors.Dot(problem.Users.Row(user), problem.Items.Row(item))).ToArray();
            Array.ForEach(problem.Excluded[user], item => scores[item] = float.NegativeInfinity);
            for (var item = 0; item < 3_000 && user % 2 == 0; item++)
            {
                scores[item] = item % 2 == 1 && item >= 2_500 ? scores[item] : float.NegativeInfinity;
            }
            Assert.Equal(TopK.Select(scores, 20), search.Found(user).ToArray());
        }
    }

    [Fact]
    public void A_query_of_zeros_gets_the_first_items_that_may_be_found()
    {
        var problem = SearchProblem.Learnt(users: 1, items: 200, d: 8, k: 3);
        var index = new ByteIndex(problem.Items);
        using var search = new ByteSearch(index, problem.K);
        search.Add(new float[8], [1, 4], index.Choose(item => item != 2));
        search.Run();

        Assert.Equal([0, 3, 5], search.Found(0).ToArray().Select(found => found.Item));
    }

    [Fact]
    public void Factors_as_small_as_float32_has_them_keep_their_order()
    {
        var items = new DenseMatrix(64, 1);
        for (var item = 0; item < 64; item++)
        {
            items.Row(item)[0] = item;
        }

        Assert.Equal([63, 62, 61], Search(items, [float.Epsilon], 3));
        Assert.Equal([0, 1, 2], Search(items, [-1e-44f], 3));
    }

    [Fact]
    public void There_may_be_fewer_items_than_asked_for_or_none()
    {
        Assert.Equal([1, 0], Search(new DenseMatrix(2, 3, [1, 0, 0, 2, 0, 0]), [1, 0, 0], 10));
        Assert.Empty(Search(new DenseMatrix(0, 3), [1, 0, 0], 10));
    }

    [Fact]
    public void An_index_does_not_depend_on_the_number_of_threads()
    {
        var problem = SearchProblem.Random(3);
        var one = new ByteIndex(problem.Items, threads: 1);
        var three = new ByteIndex(problem.Items, threads: 3);

        Assert.Equal(one.Order, three.Order);
        Assert.Equal(one.BlockNorms, three.BlockNorms);
        Assert.Equal(one.BlockErrors, three.BlockErrors);
    }

    [Fact]
    public void An_index_of_kept_parts_finds_the_same_and_parts_of_other_items_are_refused()
    {
        var problem = SearchProblem.Learnt(users: 5, items: 5_000, d: 32, k: 20);
        var made = new ByteIndex(problem.Items);
        using var search = new ByteSearch(new ByteIndex(problem.Items, made.Parts), problem.K);

        Assert.NotNull(made.Parts.Axes);
        Assert.Equal(problem.Plainly(), problem.Lists(search));
        Assert.Throws<ArgumentException>(() => new ByteIndex(new DenseMatrix(5_000, 31), made.Parts));
        Assert.Throws<ArgumentException>(() => new ByteIndex(new DenseMatrix(4_999, 32), made.Parts));
        Assert.Throws<ArgumentException>(() => new ByteIndex(problem.Items, made.Parts with { Axes = [1] }));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void An_index_over_some_of_the_items_finds_them_as_a_choice_among_all_does(string path)
    {
        var problem = SearchProblem.Learnt(users: 6, items: 6_000, d: 40, k: 25);
        var whole = new ByteIndex(problem.Items, Enum.Parse<VectorPath>(path));
        int[] some = [.. Enumerable.Range(0, 6_000).Where(item => item % 7 == 3).Reverse()];
        using var search = new ByteSearch(whole.Part(some), problem.K);
        using var chosen = new ByteSearch(whole, problem.K);
        var choice = whole.Choose(item => item % 7 == 3);

        for (var user = 0; user < 6; user++)
        {
            search.Clear();
            chosen.Clear();
            search.Add(problem.Users.Row(user), [3, 10]);
            chosen.Add(problem.Users.Row(user), [3, 10], choice);
            search.Run();
            chosen.Run();
            Assert.Equal(chosen.Found(0).ToArray(), search.Found(0).ToArray());
        }
        using var none = new ByteSearch(whole.Part([]), 5);
        none.Add(problem.Users.Row(0));
        none.Run();
        Assert.Empty(none.Found(0).ToArray());
    }

    [Fact]
    public void What_is_out_of_range_is_refused()
    {
        var index = new ByteIndex(new DenseMatrix(1, 2, [1e15f, 0]));
        var other = new ByteIndex(new DenseMatrix(1, 2, [1, 0]));
        using var search = new ByteSearch(index, 1);

        Assert.Contains("item 1", Assert.Throws<ArgumentException>(() => new ByteIndex(new DenseMatrix(2, 1, [1, float.NaN]))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => search.Add([float.PositiveInfinity, 0]));
        Assert.Throws<ArgumentException>(() => search.Add([1e25f, 0]));   // the score would be infinite
        Assert.Throws<ArgumentException>(() => search.Add([1]));
        Assert.Throws<ArgumentException>(() => search.Add([1, 0], choice: other.Choose(_ => true)));
        Assert.Throws<ArgumentException>(() => index.Choose(_ => true).And(other.Choose(_ => true)));
        Assert.Equal(0, search.Count);
        for (var n = 0; n < ByteSearch.BatchQueries; n++)
        {
            search.Add([1, 0]);
        }
        Assert.Throws<InvalidOperationException>(() => search.Add([1, 0]));
    }

    private static DenseMatrix Normals(ref SeededRandom random, int rows, int d)
    {
        var matrix = new DenseMatrix(rows, d);
        for (var row = 0; row < rows; row++)
        {
            foreach (ref var value in matrix.Row(row))
            {
                value = (float)random.NextNormal();
            }
        }
        return matrix;
    }

    private static DenseMatrix Combined(ref SeededRandom random, int rows, DenseMatrix directions)
    {
        var matrix = Normals(ref random, rows, directions.Columns);
        for (var row = 0; row < rows; row++)
        {
            var values = matrix.Row(row);
            for (var f = 0; f < values.Length; f++)
            {
                values[f] *= 0.03f;
            }
            for (var direction = 0; direction < directions.Rows; direction++)
            {
                var weight = (float)random.NextNormal();
                for (var f = 0; f < values.Length; f++)
                {
                    values[f] += weight * directions.Row(direction)[f];
                }
            }
            var norm = Vectors.Norm(values);
            for (var f = 0; f < values.Length; f++)
            {
                values[f] /= norm;
            }
        }
        return matrix;
    }

    private static int[] Search(DenseMatrix items, float[] query, int k)
    {
        var index = new ByteIndex(items);
        using var search = new ByteSearch(index, k);
        search.Add(query);
        search.Run();
        return [.. search.Found(0).ToArray().Select(found => found.Item)];
    }
}
