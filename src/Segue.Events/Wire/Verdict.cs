namespace Segue.Events.Wire;

/// <summary>What becomes of one event at the door.</summary>
public enum VerdictKind
{
    /// <summary>To be logged.</summary>
    Accepted,

    /// <summary>The listener asked that nothing be kept: thanked for and forgotten. Its bytes are to be kept nowhere either.</summary>
    Private,

    /// <summary>Good, but news of the moment (ListenBrainz <c>playing_now</c>): never logged.</summary>
    PlayingNow,

    /// <summary>Not to be logged; fit for the dead letters.</summary>
    Rejected,
}

/// <summary>Why something was rejected.</summary>
/// <param name="Reason">One of <see cref="RejectReason"/>: stable, to be counted.</param>
/// <param name="Detail">Place, value and allowed range, for the sender's engineer. Never says who the listener is.</param>
public sealed record Fault(string Reason, string Detail);

/// <summary>The answer of a reader about one event; an accepted one went to the batch that the reader was given.</summary>
public readonly record struct Verdict
{
    private Verdict(VerdictKind kind, Fault? fault) => (Kind, Fault) = (kind, fault);

    public static Verdict Accepted { get; } = new(VerdictKind.Accepted, null);
    public static Verdict Private { get; } = new(VerdictKind.Private, null);
    public static Verdict PlayingNow { get; } = new(VerdictKind.PlayingNow, null);

    public VerdictKind Kind { get; }

    /// <summary>Not null exactly for rejected events.</summary>
    public Fault? Fault { get; }

    public static Verdict Rejected(Fault fault) => new(VerdictKind.Rejected, fault);
}

/// <summary>One event of a batch.</summary>
/// <param name="Index">Its place in the batch, from 0.</param>
/// <param name="Raw">As it was sent: a part of the body, valid as long as the body is.</param>
public readonly record struct BatchItem(int Index, ReadOnlyMemory<byte> Raw, Verdict Verdict);

/// <summary>The answer about a batch: either a fault of the whole, and no items, or a verdict for each event, in order.</summary>
public sealed record BatchResult(Fault? Fault, IReadOnlyList<BatchItem> Items)
{
    internal static BatchResult Rejected(string reason, string detail) => new(new Fault(reason, detail), []);
}
