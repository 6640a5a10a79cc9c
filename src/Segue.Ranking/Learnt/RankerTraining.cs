using Segue.Numerics;
using Segue.Ranking.Learnt.Trees;

namespace Segue.Ranking.Learnt;

/// <summary>How rankers are trained.</summary>
public sealed record RankerTrainingOptions
{
    /// <summary>L2 penalty λ of the logistic ranker, over standardized features; positive.</summary>
    public double Lambda { get; init; } = 1e-3;

    /// <summary>Decides every random choice.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Change the time, never the result.</summary>
    public int Threads { get; init; } = Workers.Default;
}

/// <summary>How well one way of ordering did on the newest rows.</summary>
/// <param name="Model">Null for what was not learnt here.</param>
public sealed record RankerResult(string Name, RankerMeasures Measures, RankingModel? Model);

/// <summary>Trains rankers on rows and measures them on later ones.</summary>
/// <remarks>Rows in the order of time: the first 70 % are learnt from, on the next 15 % probabilities are calibrated and trainings end, on the last 15 % all is measured and nothing chosen.</remarks>
public static class RankerTraining
{
    /// <summary>Fewer rows than these tell nothing.</summary>
    public const int FewestRows = 500;

    private const double Learnt = 0.7, HeldOut = 0.15;

    /// <summary>Trains kinds on a table, and measures them beside chance, popularity, the hand-weighted score and what served before.</summary>
    /// <param name="table">Rows in the order of time, at least <see cref="FewestRows"/>.</param>
    /// <param name="taste">The version of the factors in it; null for a table of the context alone.</param>
    /// <param name="kinds">Of <see cref="RankerKinds.All"/>.</param>
    /// <param name="previous">The ranker in use; null: none, or none for such rows.</param>
    /// <exception cref="ArgumentException">There are too few rows, or all were taken, or none.</exception>
    /// <exception cref="XgboostException">Trees are asked for, and the library is missing.</exception>
    public static IReadOnlyList<RankerResult> Compare(
        RankingTable table, string? taste, IReadOnlyList<string> kinds, RankingModel? previous, RankerTrainingOptions options, CancellationToken cancellation = default)
    {
        var (learnt, heldOut, test) = Split(table);
        var random = new SeededRandom(options.Seed);
        RankerResult Fixed(string name, Func<RankingTable, float[]> score)
            => new(name, RankerMeasures.Of(score(test), test, PlattCalibration.Fit(score(heldOut), heldOut.Taken)), null);

        var results = new List<RankerResult>
        {
            Fixed("random", rows => [.. Enumerable.Range(0, rows.Rows).Select(_ => (float)random.NextDouble())]),
            Fixed("most popular", rows => Sum(rows, 5, 6)),
            Fixed("hand-weighted", HandWeighted),
        };
        if (previous is not null)
        {
            results.Add(Fixed("previous ranker", previous.Score));
        }
        foreach (var kind in kinds)
        {
            var model = Train(kind, learnt, heldOut, taste, options, cancellation);
            results.Add(new(kind, RankerMeasures.Of(model.Score(test), test, model.Calibration), model));
        }
        return results;
    }

    /// <summary>Learns one ranker.</summary>
    /// <param name="learnt">What it learns from.</param>
    /// <param name="heldOut">What calibrates it and ends its training.</param>
    /// <inheritdoc cref="Compare"/>
    internal static RankingModel Train(
        string kind, RankingTable learnt, RankingTable heldOut, string? taste, RankerTrainingOptions options, CancellationToken cancellation = default)
    {
        var (means, deviations) = learnt.Moments();
        var (rows, later) = (learnt.Standardized(means, deviations), heldOut.Standardized(means, deviations));
        var weights = kind switch
        {
            RankerKinds.Logistic => LogisticRegression.Fit(rows, options.Lambda, options.Threads),
            RankerKinds.Neural => NetworkTraining.Fit(rows, later, options.Seed, options.Threads, cancellation),
            RankerKinds.Trees => TreeTraining.Fit(rows, later, options.Seed, cancellation),
            _ => throw new ArgumentException($"There is no ranker of kind '{kind}'; allowed are {string.Join(", ", RankerKinds.All)}."),
        };
        var model = new RankingModel(
            kind, learnt.Factors > 0 ? taste : null, learnt.Factors, RankingFeatures.Names(learnt.Factors), means, deviations, weights, 1, 0, 1, learnt.Rows, double.NaN);
        var scores = model.Score(heldOut);
        var calibration = PlattCalibration.Fit(scores, heldOut.Taken);
        var spread = (float)calibration.Slope * Deviation(scores);
        return model with
        {
            HeldOutLoss = RankerMeasures.Of(scores, heldOut, calibration).LogLoss, Slope = calibration.Slope, Offset = calibration.Offset, Scale = spread > 0 && Deviation(HandWeighted(heldOut)) is > 0 and var wanted ? wanted / spread : 1,
        };
    }

    /// <summary>Cuts a table in the order of time.</summary>
    /// <exception cref="ArgumentException">There are too few rows, or all were taken, or none.</exception>
    internal static (RankingTable Learnt, RankingTable HeldOut, RankingTable Test) Split(RankingTable table)
    {
        if (table.Rows < FewestRows || table.Taken.All(taken => taken > 0) || table.Taken.All(taken => taken == 0))
        {
            throw new ArgumentException(
                $"There are {table.Rows} shown tracks with a known outcome, of which {table.Taken.Count(taken => taken > 0)} were taken; a ranker needs at least {FewestRows}, some of them taken and some refused.");
        }
        var (first, second) = ((int)(table.Rows * Learnt), (int)(table.Rows * (Learnt + HeldOut)));
        return (table.Slice(0, first), table.Slice(first, second - first), table.Slice(second, table.Rows - second));
    }

    private static float[] HandWeighted(RankingTable rows) => Sum(rows, 0, 6);

    private static float[] Sum(RankingTable rows, int from, int end)
        => [.. Enumerable.Range(0, rows.Rows).Select(n =>
        {
            var sum = 0f;
            foreach (var part in rows.Features.Row(n)[from..end])
            {
                sum += part;
            }
            return sum;
        })];

    private static float Deviation(float[] values)
    {
        var mean = values.Average();
        return MathF.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }
}
