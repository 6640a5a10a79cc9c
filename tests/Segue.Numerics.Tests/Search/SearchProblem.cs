using Segue.Numerics.Factors;
using Segue.Numerics.Search;

namespace Segue.Numerics.Tests.Search;

/// <summary>Queries and items whose lists are known by plain scoring.</summary>
internal sealed record SearchProblem(DenseMatrix Users, DenseMatrix Items, int K, int[][] Excluded)
{
    /// <summary>Any shape, with repeated rows, zero rows, few different values and norms that fall steeply.</summary>
    public static SearchProblem Random(ulong seed)
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
    public static SearchProblem Learnt(int users, int items, int d, int k)
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

    public ScoredItem[][] Lists(ByteSearch search)
    {
        var lists = new List<ScoredItem[]>();
        foreach (var batch in Enumerable.Range(0, Users.Rows).Chunk(ByteSearch.BatchQueries))
        {
            search.Clear();
            foreach (var user in batch)
            {
                search.Add(Users.Row(user), Excluded[user]);
            }
            search.Run();
            lists.AddRange(batch.Select((_, n) => search.Found(n).ToArray()));
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
