namespace Segue.Events.Importing;

/// <summary>How a time is written.</summary>
public enum TimeFormat
{
    /// <summary>Seconds since 1970-01-01 UTC, perhaps with a fraction.</summary>
    UnixSeconds,

    /// <summary>Milliseconds since 1970-01-01 UTC.</summary>
    UnixMilliseconds,

    /// <summary>ISO 8601, such as 2026-03-01 or 2026-03-01T18:30:00+01:00; UTC where no offset stands.</summary>
    Iso8601,
}

/// <summary>Which named fields of a file hold an interaction.</summary>
/// <remarks>An optional field but the playlist that is null is looked for under its own name ("value", "time", "action"); where the file has none of
/// that name, values are 1, times unknown and actions <see cref="Core.InteractionAction.Listen"/>.
/// A field that is named must be there.</remarks>
public sealed record InteractionFields
{
    public string User { get; init; } = "user";
    public string Item { get; init; } = "item";

    /// <summary>A number, finite and not negative; for a skip at most 1.</summary>
    public string? Value { get; init; }

    /// <summary>A time from 1970 to 2099; an empty one is unknown.</summary>
    public string? Time { get; init; }

    /// <summary>A name of <see cref="Core.InteractionAction"/>, in any case.</summary>
    public string? Action { get; init; }

    /// <summary>Which of the user's playlists an add is to; empty where it is not told, and beside every other action. Null: no field tells.</summary>
    public string? Playlist { get; init; }

    public TimeFormat TimeFormat { get; init; } = TimeFormat.UnixSeconds;
}
