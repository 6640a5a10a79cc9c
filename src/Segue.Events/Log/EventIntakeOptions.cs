using System.ComponentModel.DataAnnotations;

namespace Segue.Events.Log;

/// <summary>What may be set of an intake.</summary>
public sealed class EventIntakeOptions
{
    /// <summary>Submissions that wait together take at most about so many bytes; further ones wait to be let in.</summary>
    [Range(1 << 16, 1L << 34)]
    public long WaitingBytes { get; init; } = 64L << 20;

    /// <summary>A commit takes submissions until they have so many bytes: more means fewer syncs, and longer waits under load.</summary>
    [Range(1 << 10, 1 << 26)]
    public int GroupBytes { get; init; } = 2 << 20;

    /// <summary>So long a commit of events that nobody waits for is put off, for the next ones to share its sync.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan MostWait { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Memory of the duplicate search. It is exact with any; with less than about 1.5 bytes an event, more of it asks the disk.</summary>
    [Range(1 << 20, 1L << 36)]
    public long DuplicateSearchBytes { get; init; } = 256L << 20;

    /// <summary>Called on the committing thread with the events of each commit, in order, after it is on disk and before it is answered.</summary>
    /// <remarks>The events are read from their records as they are taken, about 1 µs each; afterwards they cannot be. When it throws, the events stay accepted and answered, and the intake takes no more: what it feeds is no longer what the log says.</remarks>
    public Action<IEnumerable<LoggedEvent>>? Committed { get; init; }
}
