using Segue.Numerics;

namespace Segue.Ranking.Learnt;

/// <summary>Rows as a matrix of features, in the order of time.</summary>
/// <param name="Features">Shape [rows × <see cref="RankingFeatures.Count"/>].</param>
/// <param name="Taken">1 for taken, 0 for refused, by row.</param>
/// <param name="Weights">How much each row counts, positive, 1 in the mean: the inverse of its propensity, at most 10.</param>
/// <param name="Groups">The answer of each row.</param>
/// <param name="Factors">d; 0: the context alone.</param>
public sealed record RankingTable(DenseMatrix Features, float[] Taken, float[] Weights, int[] Groups, int Factors)
{
    // Of a track that chance placed once in a hundred answers a single row would count as a hundred: Bottou et al., JMLR 14 (2013), section 4.2.
    private const double MostWeight = 10;

    public int Rows => Taken.Length;

    /// <summary>A table of the context features alone.</summary>
    public static RankingTable OfContext(IReadOnlyList<RankingRow> rows) => Of(rows, 0, (_, _) => { });

    /// <summary>A table with factor features, of the rows that have them.</summary>
    /// <param name="places">The tracks' factors under the version that served, shape [tracks × d].</param>
    /// <param name="rowOf">The row of a track in it; null where it has none, or where another version served: such rows are left out.</param>
    public static RankingTable OfFactors(IReadOnlyList<RankingRow> rows, DenseMatrix places, Func<RankingRow, int?> rowOf)
    {
        var d = places.Columns;
        var known = rows.Select(row => (Row: row, Track: row.Seen.Taste.Length == d ? rowOf(row) : null)).Where(known => known.Track is not null).ToList();
        return Of([.. known.Select(known => known.Row)], d, (n, features) => RankingFeatures.WriteFactors(
            features, known[n].Row.Seen.Taste, known[n].Row.Seen.Session, places.Row(known[n].Track!.Value)));
    }

    private static RankingTable Of(IReadOnlyList<RankingRow> rows, int factors, FactorWriter write)
    {
        var table = new RankingTable(
            new(rows.Count, RankingFeatures.Count(factors)), new float[rows.Count], new float[rows.Count], new int[rows.Count], factors);
        for (var n = 0; n < rows.Count; n++)
        {
            var row = rows[n];
            var features = table.Features.Row(n);
            row.Seen.Features.CopyTo(features);
            features[RankingFeatures.Position] = MathF.Log2(1 + row.Position);
            write(n, features);
            (table.Taken[n], table.Groups[n]) = (row.Taken ? 1 : 0, row.Group);
            table.Weights[n] = (float)Math.Min(MostWeight, 1 / row.Propensity);
        }
        var mean = rows.Count == 0 ? 1 : table.Weights.Average();
        for (var n = 0; n < rows.Count; n++)
        {
            table.Weights[n] /= mean;
        }
        return table;
    }

    /// <summary>Some rows that lie together.</summary>
    public RankingTable Slice(int from, int count) => Copy(from, count, Factors);

    /// <summary>The same rows without their factors.</summary>
    public RankingTable ContextOnly() => Copy(0, Rows, factors: 0);

    private RankingTable Copy(int from, int count, int factors)
    {
        var features = new DenseMatrix(count, RankingFeatures.Count(factors));
        for (var n = 0; n < count; n++)
        {
            Features.Row(from + n)[..features.Columns].CopyTo(features.Row(n));
        }
        return new(features, Taken[from..(from + count)], Weights[from..(from + count)], Groups[from..(from + count)], factors);
    }

    /// <summary>Mean and standard deviation of each feature; a deviation of 0 becomes 1, for such a feature tells nothing.</summary>
    public (float[] Means, float[] Deviations) Moments()
    {
        var (sums, squares) = (new double[Features.Columns], new double[Features.Columns]);
        for (var n = 0; n < Rows; n++)
        {
            var row = Features.Row(n);
            for (var f = 0; f < row.Length; f++)
            {
                sums[f] += row[f];
                squares[f] += (double)row[f] * row[f];
            }
        }
        float[] means = [.. sums.Select(sum => (float)(sum / Math.Max(1, Rows)))];
        float[] deviations = [.. squares.Select((square, f) => (float)Math.Sqrt(Math.Max(0, square / Math.Max(1, Rows) - (double)means[f] * means[f])))];
        return (means, [.. deviations.Select(deviation => deviation > 1e-6f ? deviation : 1)]);
    }

    /// <summary>The same with each feature minus its mean, divided by its deviation.</summary>
    public RankingTable Standardized(float[] means, float[] deviations)
    {
        var standardized = Slice(0, Rows);
        for (var n = 0; n < Rows; n++)
        {
            Standardize(standardized.Features.Row(n), means, deviations);
        }
        return standardized;
    }

    internal static void Standardize(Span<float> row, float[] means, float[] deviations)
    {
        for (var f = 0; f < row.Length; f++)
        {
            row[f] = (row[f] - means[f]) / deviations[f];
        }
    }

    private delegate void FactorWriter(int row, Span<float> features);
}
