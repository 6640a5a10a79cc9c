namespace Segue.Events.Log;

/// <summary>What became of one event.</summary>
/// <param name="Offset">Its place in the log; -1 for a duplicate.</param>
public readonly record struct EventVerdict(long Offset)
{
    public static EventVerdict Duplicate => new(-1);

    /// <summary>The event, told before, is in the log already and on disk.</summary>
    public bool IsDuplicate => Offset < 0;
}

/// <summary>What became of a submission, in its order.</summary>
public sealed record IntakeResult(IReadOnlyList<EventVerdict> Verdicts)
{
    public int Accepted => Verdicts.Count(verdict => !verdict.IsDuplicate);
    public int Duplicates => Verdicts.Count - Accepted;
}
