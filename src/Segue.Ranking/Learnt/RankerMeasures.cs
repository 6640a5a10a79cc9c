using Segue.Numerics.Metrics;

namespace Segue.Ranking.Learnt;

/// <summary>How good probabilities and orders are on rows that nothing was learnt from.</summary>
/// <param name="LogLoss">Mean of −ln of the probability given to what happened.</param>
/// <param name="Auc">Probability that a taken row has the higher score than a refused one, ties half; NaN where one sort is missing.</param>
/// <param name="Ndcg">NDCG@10 in the mean of answers that have both sorts, taken rows being the hits; ties by the order of rows; NaN where there are none.</param>
/// <param name="RawError">Expected calibration error before the calibration.</param>
/// <param name="Error">The same after it: ten parts of equally many rows by probability, Σ share · |mean probability − share taken| (Naeini, Cooper and Hauskrecht, AAAI 2015).</param>
public sealed record RankerMeasures(double LogLoss, double Auc, double Ndcg, double RawError, double Error)
{
    private const int Parts = 10, ListLength = 10;

    /// <param name="scores">By row, before calibration.</param>
    public static RankerMeasures Of(float[] scores, RankingTable rows, PlattCalibration calibration)
    {
        double[] raw = [.. scores.Select(score => PlattCalibration.None.Probability(score))];
        double[] calibrated = [.. scores.Select(score => calibration.Probability(score))];
        return new(LogLossOf(calibrated, rows.Taken), AucOf(scores, rows.Taken), NdcgOf(scores, rows), CalibrationError(raw, rows.Taken), CalibrationError(calibrated, rows.Taken));
    }

    internal static double AucOf(float[] scores, float[] taken)
    {
        var order = Enumerable.Range(0, scores.Length).OrderBy(n => scores[n]).ToArray();
        double positive = taken.Count(t => t > 0), negative = taken.Length - positive, ranks = 0;
        for (var first = 0; first < order.Length;)
        {
            var end = first;
            while (end < order.Length && scores[order[end]] == scores[order[first]])
            {
                end++;
            }
            ranks += order[first..end].Count(n => taken[n] > 0) * ((first + end + 1) / 2.0);
            first = end;
        }
        return positive > 0 && negative > 0 ? (ranks - positive * (positive + 1) / 2) / (positive * negative) : double.NaN;
    }

    internal static double CalibrationError(double[] probabilities, float[] taken)
    {
        var order = Enumerable.Range(0, taken.Length).OrderBy(n => probabilities[n]).ToArray();
        double error = 0;
        for (var part = 0; part < Parts; part++)
        {
            var rows = order[(int)((long)part * order.Length / Parts)..(int)((long)(part + 1) * order.Length / Parts)];
            error += rows.Length == 0 ? 0 : Math.Abs(rows.Sum(n => probabilities[n] - taken[n])) / order.Length;
        }
        return error;
    }

    private static double LogLossOf(double[] probabilities, float[] taken)
        => probabilities.Select((p, n) => -Math.Log(Math.Max(1e-15, taken[n] > 0 ? p : 1 - p))).DefaultIfEmpty(double.NaN).Average();

    private static double NdcgOf(float[] scores, RankingTable rows)
        => Enumerable.Range(0, rows.Rows)
            .GroupBy(n => rows.Groups[n])
            .Where(group => group.Any(n => rows.Taken[n] > 0) && group.Any(n => rows.Taken[n] == 0))
            .Select(group => RankingMetrics.NdcgAt(
                group.OrderByDescending(n => scores[n]).ToArray(), group.Where(n => rows.Taken[n] > 0).ToHashSet(), ListLength))
            .DefaultIfEmpty(double.NaN)
            .Average();
}
