namespace Segue.Radio.State;

/// <summary>What a listener had done since the training at some moment.</summary>
/// <param name="Events">Oldest first.</param>
/// <param name="IsForgotten">The training data's part counts no more.</param>
internal sealed record SinceEvents(IReadOnlyList<SinceEvent> Events, bool IsForgotten)
{
    public static SinceEvents None { get; } = new([], false);
}
