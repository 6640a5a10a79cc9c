using Segue.Core;

namespace Segue.Features.Snapshots;

/// <summary>Plays by completion, and the time heard. A play is a listen that the player did not fail.</summary>
/// <param name="Plays">The sum of the four classes.</param>
/// <param name="Unknown">Plays whose time heard or length is not known.</param>
/// <param name="HeardKnown">Plays whose time heard is known: those that the next two sum over.</param>
/// <param name="HeardMs">Sum, in milliseconds.</param>
/// <param name="HeardSquares">Sum of the squares, in square milliseconds.</param>
public sealed record PlayTally(long Plays, long Skips, long Partial, long Full, long Unknown, long HeardKnown, long HeardMs, Int128 HeardSquares)
{
    public static PlayTally None { get; } = new(0, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>Milliseconds; null when no time is known.</summary>
    public double? MeanHeardMs => HeardKnown == 0 ? null : (double)HeardMs / HeardKnown;

    /// <summary>The standard deviation (of the population), in milliseconds; null when no time is known.</summary>
    public double? DeviationHeardMs => HeardKnown == 0 ? null : Math.Sqrt((double)((HeardKnown * HeardSquares) - ((Int128)HeardMs * HeardMs))) / HeardKnown;
}

/// <summary>When something happened first and last, and on how many UTC days; null: never.</summary>
public sealed record ActiveTime(DateTimeOffset? FirstAt, DateTimeOffset? LastAt, long Days)
{
    public static ActiveTime Never { get; } = new(null, null, 0);

    /// <summary>Bit n: active on the day n days before the snapshot's, up to 62.</summary>
    internal long RecentDays { get; init; }
}

/// <summary>What is known of a track; see docs/features.md.</summary>
/// <param name="Title">Null, with the other facts, for a track outside the catalogue.</param>
/// <param name="Likes">Listeners whose newest vote is up.</param>
/// <param name="Trend">Plays, each halved for every 7 days of age.</param>
/// <param name="TrendRank">From 1; null without plays.</param>
/// <param name="Followers">Of the artist.</param>
public sealed record TrackFeatures(
    TrackId Track,
    string? Title,
    ArtistId? Artist,
    string? ArtistName,
    string? Genre,
    IReadOnlyList<string> Tags,
    TimeSpan? Length,
    PlayTally Plays,
    long Listeners,
    long Likes,
    long Dislikes,
    ActiveTime Active,
    double Trend,
    long? TrendRank,
    long Followers);

/// <summary>What is known of an artist: as of its tracks taken together.</summary>
/// <param name="Name">Null, with the other facts, for an artist outside the catalogue.</param>
/// <param name="Tracks">In the catalogue.</param>
/// <inheritdoc cref="TrackFeatures"/>
public sealed record ArtistFeatures(
    ArtistId Artist,
    string? Name,
    string? Genre,
    IReadOnlyList<string> Tags,
    long Tracks,
    PlayTally Plays,
    long Listeners,
    long Likes,
    long Dislikes,
    ActiveTime Active,
    double Trend,
    long? TrendRank,
    long Followers);

/// <summary>A track or artist played lately.</summary>
public readonly record struct LastPlayed<T>(T Id, DateTimeOffset At);

/// <summary>What is known of a listener.</summary>
/// <param name="TenureDays">Whole days since registration; null when nobody knows.</param>
/// <param name="Active">Of all acts: everything but impressions.</param>
/// <param name="Failed">Listens that the player failed; not among the plays.</param>
/// <param name="AgainstAverage">Time heard over what all hear of the same tracks on average; null without plays of known time.</param>
/// <param name="LastTracks">Up to 100, each once, the newest first; facts: <see cref="TrackFeatures"/>.</param>
public sealed record ListenerFeatures(
    ListenerId Listener,
    AgeBand AgeBand,
    Gender Gender,
    Region? Region,
    int? TenureDays,
    ActiveTime Active,
    long Sessions,
    PlayTally Plays,
    long Failed,
    double? AgainstAverage,
    long Likes,
    long Dislikes,
    long Impressions,
    long Clicks,
    long ClicksRecommended,
    long PlaysRecommended,
    IReadOnlyList<LastPlayed<TrackId>> LastTracks,
    IReadOnlyList<LastPlayed<ArtistId>> LastArtists)
{
    /// <summary>Clicks that came from a recommendation, per 100 tracks shown; null when none was shown.</summary>
    public double? ClicksPer100 => Impressions == 0 ? null : 100.0 * ClicksRecommended / Impressions;

    /// <summary>Plays that came from a recommendation, per 100 tracks shown; null when none was shown.</summary>
    public double? PlaysPer100 => Impressions == 0 ? null : 100.0 * PlaysRecommended / Impressions;
}
