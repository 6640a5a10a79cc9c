using Segue.Features.Interactions;
using Segue.Numerics;

namespace Segue.Models;

/// <summary>A trained model: immutable, and safe for any number of callers at once.</summary>
/// <remarks>The contract that every model keeps is a test set of its own (<c>ModelContract</c>): equal seeds give equal bytes for any
/// number of threads; what was saved and loaded answers as before; an unknown user and an empty history are answered.</remarks>
public interface IRecommenderModel
{
    /// <summary>Short name, as in <see cref="ModelKinds"/>.</summary>
    string Kind { get; }

    int Users { get; }
    int Items { get; }

    /// <summary>Scores every item for one user; higher is better; only the order is comparable between models.</summary>
    /// <param name="user">A history whose row and items lie inside the model.</param>
    /// <param name="scores">Receives one finite score an item, length <see cref="Items"/>.</param>
    void Score(UserHistory user, Span<float> scores);

    /// <summary>Why <paramref name="item"/> is scored as it is for <paramref name="user"/>.</summary>
    Explanation Explain(UserHistory user, int item);

    /// <summary>Writes the model; <see cref="ModelKinds.Load"/> reads it back.</summary>
    void Save(Stream stream);
}

/// <summary>Learns one kind of model.</summary>
public interface IModelTrainer
{
    /// <summary>What the run was set to, by name: enough to repeat it.</summary>
    IReadOnlyDictionary<string, double> Settings { get; }

    /// <exception cref="ModelDivergedException">The numbers left the finite range; the message says which setting helps.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing was written.</exception>
    IRecommenderModel Train(TrainingSet data, TrainingRun run);
}

/// <summary>What a training run is given beside the data.</summary>
/// <param name="Seed">Decides every random choice; the same seed gives the same bytes for any number of threads.</param>
/// <param name="Threads">Threads to use, at least 1.</param>
/// <param name="Progress">Told the share done, in [0, 1]; null for nobody.</param>
public sealed record TrainingRun(ulong Seed, int Threads, IProgress<double>? Progress = null, CancellationToken Cancellation = default)
{
    public static TrainingRun WithSeed(ulong seed) => new(seed, Workers.Default);
}

/// <summary>The part of a score that one item of the user's own history brought.</summary>
/// <param name="Share">Contribution ÷ sum of all absolute contributions; negative when it speaks against; in [-1, 1].</param>
public readonly record struct Contribution(int Item, float Share);

/// <summary>Why an item was scored as it was.</summary>
/// <param name="Basis">What the model goes by.</param>
/// <param name="Contributions">Items of the history by falling absolute share; empty when the history plays no part.</param>
public sealed record Explanation(ExplanationBasis Basis, IReadOnlyList<Contribution> Contributions)
{
    /// <summary>Scales raw contributions to shares and orders them.</summary>
    public static Explanation FromContributions(IEnumerable<(int Item, double Value)> contributions)
    {
        var byItem = contributions.GroupBy(c => c.Item, (item, parts) => (Item: item, Value: parts.Sum(p => p.Value))).ToList();
        var total = byItem.Sum(c => Math.Abs(c.Value));
        return new(ExplanationBasis.History, total == 0 ? [] :
        [
            .. byItem.Select(c => new Contribution(c.Item, (float)(c.Value / total)))
                .OrderByDescending(c => Math.Abs(c.Share)).ThenBy(c => c.Item),
        ]);
    }
}

public enum ExplanationBasis
{
    /// <summary>The user's own past items.</summary>
    History,

    /// <summary>How many users play the item.</summary>
    Popularity,

    /// <summary>Chance.</summary>
    Chance,
}

/// <summary>A model's numbers left the finite range in training.</summary>
public sealed class ModelDivergedException(string message) : Exception(message);

public static class RecommenderModelExtensions
{
    /// <summary>The k best items, best first, equal scores by lower row; fewer when the catalogue minus <paramref name="without"/>
    /// holds fewer.</summary>
    /// <param name="without">Items that must not appear, such as those already known; null for none.</param>
    public static ScoredItem[] Recommend(this IRecommenderModel model, UserHistory user, int k, IEnumerable<int>? without = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(k);
        var scores = new float[model.Items];
        model.Score(user, scores);
        foreach (var item in without ?? [])
        {
            scores[item] = float.NegativeInfinity;
        }
        return TopK.Select(scores, k);
    }
}
