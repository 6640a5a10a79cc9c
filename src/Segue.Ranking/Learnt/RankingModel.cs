using System.Text.Json.Serialization;
using Segue.Events.Files;
using Segue.Ranking.Learnt.Trees;

namespace Segue.Ranking.Learnt;

/// <summary>What a ranker was learnt to be, as it is published: immutable, small, and meaningful to whoever has the same features.</summary>
/// <param name="Kind">One of <see cref="RankerKinds.All"/>.</param>
/// <param name="Taste">The published model version whose factors it was learnt with; null: it looks at no factors, and holds for any.</param>
/// <param name="Factors">d; 0 where it looks at no factors.</param>
/// <param name="Features">Names of features by column.</param>
/// <param name="Means">Of the rows it was learnt from, by column.</param>
/// <param name="Deviations">Likewise, positive.</param>
/// <param name="Weights">What was learnt, in the way of its kind.</param>
/// <param name="Slope">With <paramref name="Offset"/>, what makes probabilities of its scores: see <see cref="PlattCalibration"/>.</param>
/// <param name="Scale">Points of the hand-weighted score that a unit of log odds is worth: both differ as much between tracks. Positive.</param>
/// <param name="Rows">Rows it was learnt from.</param>
/// <param name="HeldOutLoss">Log-loss on the rows that calibrated it: of two rankers of the same rows the lower is the better.</param>
public sealed record RankingModel(
    string Kind, string? Taste, int Factors, IReadOnlyList<string> Features, float[] Means, float[] Deviations, float[] Weights, double Slope, double Offset, float Scale, int Rows, double HeldOutLoss)
{
    private IRowScorer? _scorer;

    [JsonIgnore]
    public PlattCalibration Calibration => new(Slope, Offset);

    /// <summary>What scores rows.</summary>
    /// <exception cref="InvalidDataException">The kind is unknown, or the numbers are not those of the kind.</exception>
    internal IRowScorer Scorer => _scorer ??= Kind switch
    {
        _ when !Features.SequenceEqual(RankingFeatures.Names(Factors)) || Means.Length != Features.Count || Deviations.Length != Features.Count
            => throw new InvalidDataException("The ranker was learnt over other features than this program's: train it again."),
        RankerKinds.Logistic when Weights.Length == Features.Count + 1 => new LinearScorer(Weights, Means, Deviations, Factors),
        RankerKinds.Neural when Weights.Length == NetworkScorer.Length(Factors) => new NetworkScorer(Weights, Means, Deviations, Factors),
        RankerKinds.Trees when Factors == 0 => new TreeScorer(Weights, Means, Deviations),
        _ => throw new InvalidDataException($"The ranker of kind '{Kind}' is not one that this program knows."),
    };

    /// <summary>Scores of rows, before calibration.</summary>
    public float[] Score(RankingTable rows)
    {
        var row = new float[Features.Count];
        var scores = new float[rows.Rows];
        for (var n = 0; n < scores.Length; n++)
        {
            rows.Features.Row(n)[..row.Length].CopyTo(row);   // the context stands before the factors
            RankingTable.Standardize(row, Means, Deviations);
            scores[n] = Scorer.Score(row);
        }
        return scores;
    }

    public bool Equals(RankingModel? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>The rankers of a store: one over the context, and one over factors too, which serves where its models do.</summary>
/// <param name="Context">Holds for every version of the models.</param>
/// <param name="Factors">Holds for one; null: too few rows of it were there, or the kind looks at no factors.</param>
public sealed record RankingModels(RankingModel Context, RankingModel? Factors)
{
    /// <summary>The ranker for a published version of the models.</summary>
    public RankingModel For(string version) => Factors is { } factors && factors.Taste == version ? factors : Context;

    public void Save(Stream stream) => stream.Write(SealedJson.Write(this));

    /// <exception cref="InvalidDataException">Damaged, or of another version of the program.</exception>
    public static RankingModels Load(Stream stream, string name)
    {
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        var models = SealedJson.Read<RankingModels>(bytes.ToArray(), name);
        _ = (models.Context.Scorer, models.Factors?.Scorer);
        return models;
    }
}

/// <summary>The kinds of learnt rankers.</summary>
public static class RankerKinds
{
    /// <summary>A weighted sum; its table of weights can be read.</summary>
    public const string Logistic = "logistic";

    /// <summary>Boosted trees; training needs XGBoost's library.</summary>
    public const string Trees = "trees";

    /// <summary>A multilayer perceptron.</summary>
    public const string Neural = "neural";

    public static IReadOnlyList<string> All { get; } = [Logistic, Trees, Neural];
}
