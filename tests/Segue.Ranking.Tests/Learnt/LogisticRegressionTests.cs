using Segue.Ranking.Learnt;

namespace Segue.Ranking.Tests.Learnt;

public sealed class LogisticRegressionTests
{
    [Fact]
    public void Weights_are_those_that_scipy_finds()
    {
        // scipy.optimize.minimize (BFGS, gtol 1e-10) on the same rows, weights and λ = 0.05.
        const int rows = 40, columns = 3;
        var table = new RankingTable(new(rows, columns), new float[rows], new float[rows], new int[rows], 0);
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                table.Features.Row(i)[j] = ((i * 7 + j * 13 + i * i * (j + 1)) % 11 - 5) / 3f;
            }
            (table.Taken[i], table.Weights[i]) = ((i * 5 + i * i) % 7 < 3 ? 1 : 0, 1 + i % 3);
        }

        var weights = LogisticRegression.Fit(table, lambda: 0.05, threads: 1);

        float[] expected = [-0.1258888f, -0.0433016f, 0.2093714f, 0.4078225f];
        Assert.All(Enumerable.Range(0, 4), f => Assert.Equal(expected[f], weights[f], 2e-5));
    }

    [Fact]
    public void The_bytes_are_the_same_for_any_number_of_threads()
    {
        var table = RankingTables.Planted(5000, 3, row => row[0] - 2 * row[7]);

        Assert.Equal(LogisticRegression.Fit(table, 1e-3, threads: 1), LogisticRegression.Fit(table, 1e-3, threads: 5));
    }

    [Fact]
    public void Planted_weights_are_found_and_a_penalty_draws_them_to_zero()
    {
        var table = RankingTables.Planted(20_000, 6, row => 0.5 + row[0] - 2 * row[7]);

        var (free, drawn) = (LogisticRegression.Fit(table, 1e-6, threads: 2), LogisticRegression.Fit(table, 1, threads: 2));

        (int Column, double Planted)[] planted = [(0, 1), (7, -2), (3, 0), (RankingFeatures.Context.Count, 0.5)];
        Assert.All(planted, weight => Assert.Equal(weight.Planted, free[weight.Column], 0.1));
        Assert.InRange(Math.Abs(drawn[7]), 0.05, 0.5);
    }

    [Fact]
    public void A_row_of_weight_two_counts_as_the_same_row_twice()
    {
        var table = RankingTables.Planted(600, 5, row => row[1]);
        for (var n = 0; n < 300; n++)
        {
            table.Features.Row(n).CopyTo(table.Features.Row(300 + n));
            (table.Taken[300 + n], table.Weights[n]) = (table.Taken[n], 2);
        }

        var (once, twice) = (LogisticRegression.Fit(table.Slice(0, 300), 1e-2, 1), LogisticRegression.Fit(table with { Weights = [.. Enumerable.Repeat(1f, 600)] }, 1e-2, 1));

        Assert.All(Enumerable.Range(0, once.Length), f => Assert.Equal(once[f], twice[f], 1e-4));
    }
}
