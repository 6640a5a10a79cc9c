using Segue.Core;
using Segue.Events.Pseudonyms;

namespace Segue.Events.Wire;

/// <summary>The fields of one event as stated, each checked alone but not yet against each other.</summary>
/// <remarks>A large struct on purpose: it lives on the stack and goes by reference, so a read event costs no garbage.</remarks>
internal ref struct EventDraft
{
    /// <summary>The kind of a draft that has not met its type yet.</summary>
    public const EventKind NoKind = default;

    /// <summary>Fields that are there and not null.</summary>
    public WireFields Present;
    public EventKind Kind;
    public ListenerCode Listener;

    /// <summary>Unix milliseconds by the sender's clock, as are the other times.</summary>
    public long At, SentAt, Until;
    public bool IsPrivate;
    public RecommendationId Recommendation;

    /// <summary>Texts in UTF-8; empty when not there.</summary>
    public ReadOnlySpan<byte> Id, Session, Track, Artist, Playlist, Source, Model, Arm;
    public RecordingDescription? Recording;
    public TimeSpan? RecordingLength, Heard, Length;
    public EndReason End;
    public ListenOrigin? Origin;
    public int Vote, Position;
    public CardFacts? Card;
    public bool IsFollowing, IsBanned;
    public double Propensity;
    public ReadOnlyMemory<byte> Extra;

    public EventDraft() => (IsFollowing, IsBanned) = (true, true);

    public readonly bool Has(WireFields field) => (Present & field) != WireFields.None;
}
