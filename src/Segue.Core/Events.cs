namespace Segue.Core;

/// <summary>A listener's word on a track.</summary>
public enum VoteValue
{
    Down = -1,
    Withdrawn = 0,
    Up = 1,
}

/// <summary>An up or down vote, or its withdrawal; the newest one of a listener on a track holds.</summary>
public sealed record Vote(ListenerId Listener, TrackId Track, DateTimeOffset At, VoteValue Value)
{
    public DateTimeOffset At { get; } = At.ToUniversalTime();
    public VoteValue Value { get; } = Enum.IsDefined(Value)
        ? Value
        : throw new ArgumentOutOfRangeException(nameof(Value), Value, "A vote is -1, 0 or 1.");
}

/// <summary>A track added to a playlist of the listener's (<see cref="Added"/>), or taken out of it.</summary>
public sealed record PlaylistEdit(ListenerId Listener, TrackId Track, DateTimeOffset At, bool Added)
{
    public DateTimeOffset At { get; } = At.ToUniversalTime();
}

/// <summary>A click on a card that offered a track.</summary>
/// <param name="Position">Place of the card in its list, from 0.</param>
public sealed record Click(ListenerId Listener, TrackId Track, DateTimeOffset At, int Position, RecommendationId? Recommendation)
{
    public DateTimeOffset At { get; } = At.ToUniversalTime();
    public int Position { get; } = Position >= 0
        ? Position
        : throw new ArgumentOutOfRangeException(nameof(Position), Position, "A position counts from 0.");
}

/// <summary>One track that was put before a listener, and how it came there: the other half of every outcome.</summary>
/// <param name="Position">Place in the answer, from 0.</param>
/// <param name="Source">Name of the candidate generator that brought the track.</param>
/// <param name="ModelVersion">The published model set that answered.</param>
/// <param name="Arm">The experiment's arm; "none" outside any experiment.</param>
/// <param name="Propensity">Probability with which the policy placed this track here, in (0, 1]; 1 for a policy without chance.</param>
public sealed record Impression(
    RecommendationId Recommendation,
    SessionId? Session,
    ListenerId Listener,
    TrackId Track,
    DateTimeOffset At,
    int Position,
    string Source,
    string ModelVersion,
    string Arm,
    double Propensity)
{
    public DateTimeOffset At { get; } = At.ToUniversalTime();
    public int Position { get; } = Position >= 0
        ? Position
        : throw new ArgumentOutOfRangeException(nameof(Position), Position, "A position counts from 0.");
    public double Propensity { get; } = Propensity is > 0 and <= 1
        ? Propensity
        : throw new ArgumentOutOfRangeException(nameof(Propensity), Propensity, "A propensity lies in (0, 1].");

    /// <summary>What a ranker could see of the track at that moment, packed by whoever placed it; empty where nothing was kept.</summary>
    public ReadOnlyMemory<byte> Seen { get; init; }

    /// <summary>The published version of the learnt ranker that ordered the answer; null: the hand-weighted score did.</summary>
    public string? Ranker { get; init; }
}

/// <summary>Where impressions and listeners' reactions go; the host wires it to <c>Segue.Events</c>.</summary>
/// <remarks>Calls of one session come in order. An implementation must be safe for calls of several sessions at once.</remarks>
public interface IFeedbackSink
{
    void Shown(IReadOnlyList<Impression> impressions);
    void Heard(Listen listen);
    void Voted(Vote vote);
}
