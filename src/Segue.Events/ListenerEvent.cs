using Segue.Core;

namespace Segue.Events;

/// <summary>What happened. The numbers are those of the log's records: a new kind gets a new number, none is ever reused.</summary>
public enum EventKind : byte
{
    Listen = 1,

    /// <summary><see cref="ListenerEvent.Value"/>: 1 up, -1 down, 0 withdrawn.</summary>
    Vote = 2,
    PlaylistAdd = 3,
    PlaylistRemove = 4,

    /// <summary>On a card that offered a track.</summary>
    Click = 5,

    /// <summary>Of an artist. <see cref="ListenerEvent.Value"/>: 1 begun, 0 ended.</summary>
    Follow = 6,

    /// <summary>Of a track or an artist. <see cref="ListenerEvent.Value"/>: 1 begun (until <see cref="ListenerEvent.Until"/>), 0 lifted.</summary>
    Ban = 7,
    Impression = 8,

    /// <summary>A sitting at the radio that begins; <see cref="ListenerEvent.Extra"/> holds what it began with.</summary>
    Sitting = 9,

    /// <summary>An answer of the radio was given; <see cref="ListenerEvent.Extra"/> holds what it was made from, so that it can be made again.</summary>
    Answer = 10,

    /// <summary>Less like a track was asked for at the radio; its sitting follows, and nothing else.</summary>
    Less = 11,
}

/// <summary>Why a listen ended.</summary>
public enum EndReason : byte
{
    /// <summary>The sender does not tell.</summary>
    Unknown,
    Finished,
    Skipped,

    /// <summary>The listener paused for good, or closed the player.</summary>
    Stopped,

    /// <summary>The player failed: says nothing about taste.</summary>
    Failed,
}

/// <summary>128 bits that are equal for two tellings of one event, and for no other two: the first 16 bytes of a SHA-256.</summary>
public readonly record struct EventKey(UInt128 Value)
{
    public override string ToString() => Value.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A recording in the sender's own words, kept beside the track that it was resolved to.</summary>
public sealed record RecordingDescription(string? Mbid, string? Isrc, string? Artist, string? Title, string? Album);

/// <summary>What a card showed when it was clicked.</summary>
/// <param name="ArtistRank">Rank of the artist as shown, from 1.</param>
/// <param name="Volume">Player volume, in [0, 1].</param>
public sealed record CardFacts(string? Title, string? Artist, int? ArtistRank, string? Genre, TimeSpan? Duration, double? Volume);

/// <summary>How a shown track came to its place; see <see cref="Impression"/>.</summary>
public sealed record ImpressionFacts(string Source, string ModelVersion, string Arm, double Propensity);

/// <summary>One event after every door's checks: what the log keeps. Flat on purpose: a row of the log is a row of the Parquet files.</summary>
/// <remarks>Times are UTC in whole milliseconds. No field names a person: <see cref="Listener"/> is a pseudonym.</remarks>
public sealed record ListenerEvent
{
    public required EventKind Kind { get; init; }
    public required EventKey Key { get; init; }
    public required ListenerId Listener { get; init; }

    /// <summary>When it happened; of a listen, when it began. The player's clock, corrected.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Null only for follows, bans of artists, sittings and answers.</summary>
    public TrackId? Track { get; init; }

    /// <summary>Of follows and of bans of artists; null else.</summary>
    public ArtistId? Artist { get; init; }

    /// <summary>Null when the sender named a track of the catalogue by its id.</summary>
    public RecordingDescription? Described { get; init; }

    /// <summary>Of listens: time played, not negative, pauses not counted; null when the sender does not tell.</summary>
    public TimeSpan? Heard { get; init; }

    /// <summary>Of listens: the track's playing time, positive; null when nobody knows it.</summary>
    public TimeSpan? Length { get; init; }
    public EndReason End { get; init; }

    /// <summary>Who picked the track; null when the sender does not tell.</summary>
    public ListenOrigin? Origin { get; init; }

    /// <summary>The answer that the track came from; null outside recommendations.</summary>
    public RecommendationId? Recommendation { get; init; }

    /// <summary>The sender's name for the sitting, never empty.</summary>
    public string? Session { get; init; }

    /// <summary>Of votes, follows and bans: see <see cref="EventKind"/>; 0 else.</summary>
    public sbyte Value { get; init; }

    /// <summary>Of playlist edits, never empty.</summary>
    public string? Playlist { get; init; }

    /// <summary>Place in the list shown, from 0: of clicks and impressions.</summary>
    public int? Position { get; init; }

    /// <summary>Of clicks.</summary>
    public CardFacts? Card { get; init; }

    /// <summary>Of bans: when it ends; null: never.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Of impressions.</summary>
    public ImpressionFacts? Shown { get; init; }

    /// <summary>Fields that the wire format does not know, one compact UTF-8 JSON object; empty when there were none. Of sittings and answers: all that they tell.</summary>
    public ReadOnlyMemory<byte> Extra { get; init; }
}

/// <summary>An event and its place in the log, counted from 0.</summary>
public readonly record struct LoggedEvent(long Offset, ListenerEvent Event);
