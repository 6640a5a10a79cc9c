using Segue.Numerics.Factors;
using Segue.Numerics.Search;

namespace Segue.Numerics.Tests.Search;

public sealed class UnitSearchTests
{
    public static TheoryData<string> Paths => [.. Enum.GetValues<VectorPath>().Where(VectorPaths.Has).Select(path => path.ToString())];

    [Theory]
    [MemberData(nameof(Paths))]
    public void Lists_are_those_of_scoring_every_row_plainly(string path)
    {
        for (ulong seed = 0; seed < 60; seed++)
        {
            var random = new SeededRandom(seed);
            var (d, count, queries, k) = (1 + random.NextInt(70), 1 + random.NextInt(300), 1 + random.NextInt(60), 1 + random.NextInt(20));
            var rows = Rows(Enum.Parse<VectorPath>(path), Random(ref random, count, d), ref random);
            var asked = Random(ref random, queries, d);
            var withOffsets = random.NextBool(0.5);
            bool Keep(int query, int place) => (query + place) % 5 != 0;

            var found = UnitSearch.Nearest(rows, count, asked, k, withOffsets, Keep, threads: 2, TestContext.Current.CancellationToken);

            for (var query = 0; query < queries; query++)
            {
                Assert.Equal(Plainly(rows, asked.Row(query).ToArray(), k, withOffsets, place => Keep(query, place)), found[query]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void One_query_alone_scores_as_among_many(string path)
    {
        var random = new SeededRandom(3);
        var rows = Rows(Enum.Parse<VectorPath>(path), Random(ref random, 500, 128), ref random);
        var asked = Random(ref random, 40, 128);

        var together = UnitSearch.Nearest(rows, 500, asked, 7, cancellation: TestContext.Current.CancellationToken);

        for (var query = 0; query < 40; query++)
        {
            var alone = new DenseMatrix(1, 128, asked.Row(query).ToArray());
            Assert.Equal(together[query], UnitSearch.Nearest(rows, 500, alone, 7, cancellation: TestContext.Current.CancellationToken)[0]);
        }
    }

    [Fact]
    public void All_paths_give_equal_bits()
    {
        ScoredItem[][] Found(VectorPath path)
        {
            var random = new SeededRandom(8);
            var rows = Rows(path, Random(ref random, 200, 33), ref random);
            return UnitSearch.Nearest(rows, 200, Random(ref random, 20, 33), 10, withOffsets: true);
        }

        Assert.All(Enum.GetValues<VectorPath>().Where(VectorPaths.Has), path => Assert.Equal(Found(VectorPath.Scalar), Found(path)));
    }

    [Fact]
    public void A_row_is_kept_as_a_direction_to_a_few_parts_in_ten_thousand()
    {
        var random = new SeededRandom(5);
        var (given, rows, kept) = (Random(ref random, 100, 128), new UnitRows(128), new float[128]);
        for (var n = 0; n < 100; n++)
        {
            rows.Append(given.Row(n));
            rows.Read(n, kept);

            Assert.Equal(1, Vectors.Norm(kept), 1e-5f);
            Assert.InRange(Vectors.Cosine(kept, given.Row(n)), 1 - 1e-6f, 1);
        }
    }

    [Fact]
    public void Rows_that_are_appended_do_not_change_what_is_read_below_them()
    {
        var random = new SeededRandom(6);
        var (given, rows, first) = (Random(ref random, UnitRows.ChunkRows + 40, 2), new UnitRows(2), new float[2]);
        rows.Append(given.Row(0));
        rows.Read(0, first);
        for (var n = 1; n < given.Rows; n++)
        {
            Assert.Equal(n, rows.Append(given.Row(n)));
        }

        var again = new float[2];
        rows.Read(0, again);
        Assert.Equal(first, again);
        rows.Read(given.Rows - 1, again);
        Assert.InRange(Vectors.Cosine(again, given.Row(given.Rows - 1)), 1 - 1e-6f, 1);
        Assert.Equal([new(0, 1)], UnitSearch.Nearest(rows, 1, new(1, 2, first), 5, cancellation: TestContext.Current.CancellationToken)[0].Select(found => found with { Score = MathF.Round(found.Score, 4) }));
    }

    [Fact]
    public void A_stretch_tells_of_its_own_rows_alone()
    {
        var random = new SeededRandom(7);
        var rows = Rows(VectorPaths.Best, Random(ref random, 100, 4), ref random);
        using var scan = new UnitScan(rows);
        scan.Add([1, 0, 0, 0]);
        scan.Add([0, 1, 0, 0]);
        var told = new List<(int, int)>();

        scan.Run(37, 41, withOffsets: false, (query, place, _) =>
        {
            told.Add((query, place));
            return float.NegativeInfinity;
        });

        Assert.Equal([(0, 37), (0, 38), (0, 39), (0, 40), (1, 37), (1, 38), (1, 39), (1, 40)], told.Order());
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_row_without_direction_is_refused(float value)
    {
        var rows = new UnitRows(2);

        Assert.Throws<ArgumentException>(() => rows.Append([value, 0]));
        Assert.Equal(0, rows.Count);
    }

    private static DenseMatrix Random(ref SeededRandom random, int rows, int columns)
    {
        var matrix = new DenseMatrix(rows, columns);
        foreach (ref var value in matrix.AsSpan())
        {
            value = (float)random.NextNormal();
        }
        return matrix;
    }

    private static UnitRows Rows(VectorPath path, DenseMatrix given, ref SeededRandom random)
    {
        var rows = new UnitRows(given.Columns, path);
        for (var n = 0; n < given.Rows; n++)
        {
            rows.Append(n > 0 && random.NextBool(0.1) ? given.Row(n - 1) : given.Row(n));   // some are equal
            rows.SetOffset(n, random.NextBool(0.5) ? 0 : -0.5f * (float)random.NextDouble());
        }
        return rows;
    }

    private static ScoredItem[] Plainly(UnitRows rows, float[] query, int k, bool withOffsets, Func<int, bool> keep)
    {
        var (best, row) = (new TopK(k), new float[rows.Columns]);
        for (var place = 0; place < rows.Count; place++)
        {
            rows.Read(place, row);
            var score = 0f;
            for (var n = 0; n < row.Length; n++)
            {
                score = MathF.FusedMultiplyAdd(query[n], row[n], score);
            }
            if (keep(place))
            {
                best.Add(place, withOffsets ? score + rows.Offset(place) : score);
            }
        }
        return best.Take();
    }
}
