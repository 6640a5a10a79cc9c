namespace Segue.Features.Interactions;

/// <summary>What a model is told of a user when it is asked.</summary>
/// <param name="Row">The user's row in the training set; null for a user the model has never seen.</param>
/// <param name="Items">Items the user took up or refused, oldest first; repeats allowed; may be empty.</param>
/// <param name="Strengths">As in <see cref="TrainingSet.Strengths"/>, one for each of <paramref name="Items"/>.</param>
/// <param name="Actions">What the strengths are made of, in any order; null: each liking is so many listens, each refusal a skip of that amount.</param>
public sealed record UserHistory(int? Row, IReadOnlyList<int> Items, IReadOnlyList<float> Strengths, IReadOnlyList<PairAction>? Actions = null)
{
    /// <summary>Nothing is known: a new listener.</summary>
    public static UserHistory Empty { get; } = new(null, [], []);

    public IReadOnlyList<float> Strengths { get; } = Strengths.Count == Items.Count
        ? Strengths
        : throw new ArgumentException($"There are {Items.Count} items and {Strengths.Count} strengths.");

    public IReadOnlyList<PairAction> Actions { get; } = Actions ?? [.. PairAction.OfStrengths(Items, Strengths)];

    /// <summary>The user as the training set knows it.</summary>
    public static UserHistory Of(TrainingSet data, int user)
    {
        if (data.IsOrdered)
        {
            var items = data.Sequence(user).ToArray();
            return new(user, items, Enumerable.Repeat(1f, items.Length).ToArray(), data.Actions.Row(user).ToArray());
        }
        var row = data.Strengths.Row(user);
        return new(user, row.Columns.ToArray(), row.Values.ToArray(), data.Actions.Row(user).ToArray());
    }

    /// <summary>A history without a known row, all strengths 1: what a foreign caller has.</summary>
    public static UserHistory OfItems(IReadOnlyList<int> items) => new(null, items, Enumerable.Repeat(1f, items.Count).ToArray());
}
