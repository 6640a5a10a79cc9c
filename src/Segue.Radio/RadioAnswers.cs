using Segue.Core;
using Segue.Events.Pseudonyms;
using Segue.Radio.Funnel;

namespace Segue.Radio;

/// <summary>What a radio may begin with; all empty for "just play".</summary>
public sealed record RadioSeeds(IReadOnlyList<TrackId> Tracks, IReadOnlyList<ArtistId> Artists, IReadOnlyList<string> Genres)
{
    public static RadioSeeds None { get; } = new([], [], []);

    /// <summary>Lists of tracks, each of which counts as one seed.</summary>
    public IReadOnlyList<IReadOnlyList<TrackId>> Playlists { get; init; } = [];

    /// <summary>What the sitting begins by moving away from; null: nothing.</summary>
    public RadioSeeds? Less { get; init; }

    /// <summary>How much seeds count, by the id of a track or artist or the name of a genre; 1 where nothing is said.</summary>
    public IReadOnlyDictionary<string, float> Weights { get; init; } = new Dictionary<string, float>();
}

/// <summary>One track of an answer.</summary>
/// <param name="Position">From 0.</param>
/// <param name="Source">The candidate generator that brought it.</param>
/// <param name="Propensity">The chance with which it came to this place, in (0, 1]; 1 where chance decides nothing.</param>
public sealed record RecommendedTrack(int Position, Track Track, float Score, string Source, Reason Reason, double Propensity = 1);

/// <summary>An answer of the radio.</summary>
/// <param name="Toward">What this sitting moves to, strongest first.</param>
/// <param name="AwayFrom">What it moves away from, strongest first.</param>
/// <param name="Shortfall">Why there are fewer tracks than asked for; null when there are as many.</param>
/// <param name="Repeated">How many tracks, the last ones, were heard lately and come again since nothing else is left.</param>
public sealed record RadioAnswer(
    SessionId Session,
    RecommendationId Recommendation,
    string ModelVersion,
    IReadOnlyList<RecommendedTrack> Tracks,
    IReadOnlyList<string> Toward,
    IReadOnlyList<string> AwayFrom,
    string? Shortfall,
    int Repeated);

/// <summary>What is known of reactions before they are taken in, one entry a reaction.</summary>
/// <param name="Lengths">Playing times of the tracks; null where nobody knows.</param>
/// <param name="Offers">The answers that offered the tracks; null where none did.</param>
public sealed record ReactionContext(KnownListener Listener, IReadOnlyList<TimeSpan?> Lengths, IReadOnlyList<RecommendationId?> Offers);

/// <summary>A list outside any sitting.</summary>
public sealed record TrackList(RecommendationId Recommendation, string ModelVersion, IReadOnlyList<RecommendedTrack> Tracks);

/// <summary>Something was asked about that does not exist.</summary>
public sealed class NotKnownException(string what, string id) : Exception($"There is no {what} '{id}'.")
{
    public string What { get; } = what;
    public string Id { get; } = id;
}
