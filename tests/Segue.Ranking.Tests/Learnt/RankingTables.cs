using Segue.Numerics;
using Segue.Ranking.Learnt;

namespace Segue.Ranking.Tests.Learnt;

/// <summary>Tables with a planted answer.</summary>
internal static class RankingTables
{
    /// <summary>Rows of random context features; a row is taken by the chance that <paramref name="logit"/> gives its features.</summary>
    public static RankingTable Planted(int rows, ulong seed, Func<float[], double> logit, int groupsOf = 10)
    {
        var table = new RankingTable(new(rows, RankingFeatures.Context.Count), new float[rows], [.. Enumerable.Repeat(1f, rows)], [.. Enumerable.Range(0, rows).Select(n => n / groupsOf)], 0);
        for (var n = 0; n < rows; n++)
        {
            var random = new SeededRandom(seed, (ulong)n);
            var row = table.Features.Row(n);
            for (var f = 0; f < row.Length; f++)
            {
                row[f] = (float)random.NextNormal();
            }
            table.Taken[n] = random.NextBool(1 / (1 + Math.Exp(-logit(row.ToArray())))) ? 1 : 0;
        }
        return table;
    }
}
