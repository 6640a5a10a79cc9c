namespace Segue.Core;

/// <summary>One who makes tracks.</summary>
public sealed record Artist(ArtistId Id, string Name);

/// <summary>One entry of the catalogue.</summary>
/// <param name="Genre">The one genre that describes the track best; null when nothing is known.</param>
/// <param name="Tags">Further words for it, most telling first; may be empty.</param>
/// <param name="Length">Playing time; null where the source does not tell (a catalogue of artists, say).</param>
public sealed record Track(TrackId Id, string Title, Artist Artist, string? Genre, IReadOnlyList<string> Tags, TimeSpan? Length)
{
    /// <summary>How often each of <see cref="Tags"/> was put on it, above 0; empty where nobody counted.</summary>
    /// <exception cref="ArgumentException">There are more or fewer counts than tags, or one is not above 0.</exception>
    public IReadOnlyList<int> TagCounts
    {
        get;
        init => field = value.Count is 0 || (value.Count == Tags.Count && value.All(count => count > 0))
            ? value
            : throw new ArgumentException($"A track has {Tags.Count} tags and {value.Count} counts of them; there must be as many, each above 0.", nameof(value));
    } = [];

    public TimeSpan? Length { get; } = Length is null || Length > TimeSpan.Zero
        ? Length
        : throw new ArgumentOutOfRangeException(nameof(Length), Length, "A track's length is positive.");
}

/// <summary>Where a listener is, from the widest to the narrowest part that is known.</summary>
/// <param name="Country">ISO 3166 two-letter code, or any stable name of a simulated country.</param>
public sealed record Region(string Country, string? Area = null, string? City = null);

/// <summary>Age in bands: the birth date stays in <c>Segue.Events</c>.</summary>
public enum AgeBand
{
    Unknown,
    Under18,
    From18To24,
    From25To34,
    From35To44,
    From45To54,
    From55,
}

public enum Gender
{
    Unknown,
    Female,
    Male,
    Other,
}

/// <summary>What is known of a listener beside the listening.</summary>
/// <param name="RegisteredOn">The day on which the account was opened (UTC); null when nobody tells.</param>
public sealed record ListenerProfile(ListenerId Id, Region? Region, AgeBand AgeBand, Gender Gender, DateOnly? RegisteredOn = null);

/// <summary>What a listener did to an item, for sources that only count.</summary>
public enum InteractionAction
{
    Listen,
    Skip,
    VoteUp,
    VoteDown,
    PlaylistAdd,
    Click,
}

/// <summary>One row of an interaction file: a user did something to an item, so often or so strongly, perhaps at a known time.</summary>
/// <param name="User">The source's id of the user.</param>
/// <param name="Item">The source's id of the item.</param>
/// <param name="Value">Count or strength, finite and not negative.</param>
/// <param name="Time">When; null where the source does not tell.</param>
public readonly record struct Interaction(string User, string Item, double Value, DateTimeOffset? Time, InteractionAction Action)
{
    public string User { get; } = Identifier.Require(User, "user id");
    public string Item { get; } = Identifier.Require(Item, "item id");
    public double Value { get; } = double.IsFinite(Value) && Value >= 0
        ? Value
        : throw new ArgumentOutOfRangeException(nameof(Value), Value, "A value is finite and not negative.");

    /// <summary>Of a playlist add: which of the user's playlists. It groups tracks and names nothing else. Null where the source does not tell.</summary>
    public string? Playlist { get; init => field = value is null ? null : Identifier.Require(value, "playlist id"); }
}
