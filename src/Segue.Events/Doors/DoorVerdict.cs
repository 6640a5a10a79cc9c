namespace Segue.Events.Doors;

/// <summary>What became of one event.</summary>
public enum DoorOutcome
{
    /// <summary>It is in the log, on disk.</summary>
    Accepted,

    /// <summary>The log had it already.</summary>
    Duplicate,

    /// <summary>It breaks a rule; it lies among the dead letters with its reason.</summary>
    Rejected,

    /// <summary>It was marked private: checked, and kept nowhere.</summary>
    Private,

    /// <summary>The mapping leaves such events out.</summary>
    Filtered,
}

/// <summary>The answer to one event.</summary>
/// <param name="Reason">Why it was rejected or filtered, as a stable word of docs/events.md; null else.</param>
/// <param name="Detail">Place, value and allowed range of a rejection; null else.</param>
public readonly record struct DoorVerdict(DoorOutcome Outcome, string? Reason = null, string? Detail = null);
