using Segue.Core;
using Segue.Radio;
using Segue.Radio.Funnel;

namespace Segue.Server.Endpoints;

public sealed record ArtistResponse(string Id, string Name);

/// <summary>A track of the catalogue.</summary>
/// <param name="LengthSeconds">Null where the catalogue does not tell.</param>
public sealed record TrackResponse(string Id, string Title, ArtistResponse Artist, string? Genre, double? LengthSeconds)
{
    internal static TrackResponse From(Track track) => new(
        track.Id.Value, track.Title, new(track.Artist.Id.Value, track.Artist.Name), track.Genre, track.Length?.TotalSeconds);
}

/// <summary>A track of the listener's own that speaks for a recommendation.</summary>
/// <param name="Kind">kept or skipped in this sitting, asked for at its start, or played before it.</param>
/// <param name="Share">What it adds ÷ all that speaks for the recommendation, in (0, 1].</param>
/// <param name="Decisive">Without it the recommendation would score below a track that was left out.</param>
public sealed record CauseResponse(string Id, string Title, string Artist, string Kind, float Share, bool Decisive)
{
    internal static CauseResponse From(Cause cause) => new(
        cause.Track.Id.Value, cause.Track.Title, cause.Track.Artist.Name, cause.Kind.ToString().ToLowerInvariant(), cause.Share, cause.IsDecisive);
}

/// <summary>Why a track stands where it does.</summary>
/// <param name="Source">The part of the score that counts most.</param>
/// <param name="Share">That part ÷ all parts that speak for the track, in [0, 1].</param>
/// <param name="Causes">Tracks of the listener's own that add most, the strongest first; at most three.</param>
public sealed record ReasonResponse(string Source, string Text, float Share, IReadOnlyList<CauseResponse> Causes)
{
    internal static ReasonResponse From(Reason reason) => new(reason.Source, reason.Text, reason.Share, [.. reason.Causes.Select(CauseResponse.From)]);
}

/// <summary>A track of an answer.</summary>
/// <param name="Position">From 0.</param>
/// <param name="Score">Higher is better; comparable within one answer only.</param>
/// <param name="Source">The candidate generator that brought the track.</param>
public sealed record RecommendedTrackResponse(
    int Position,
    string Id,
    string Title,
    ArtistResponse Artist,
    string? Genre,
    double? LengthSeconds,
    float Score,
    string Source,
    ReasonResponse Reason)
{
    internal static IReadOnlyList<RecommendedTrackResponse> From(IReadOnlyList<RecommendedTrack> tracks) => [.. tracks.Select(From)];

    private static RecommendedTrackResponse From(RecommendedTrack recommended)
    {
        var track = TrackResponse.From(recommended.Track);
        return new(recommended.Position, track.Id, track.Title, track.Artist, track.Genre, track.LengthSeconds,
            recommended.Score, recommended.Source, ReasonResponse.From(recommended.Reason));
    }
}

/// <summary>A list outside any sitting, best first.</summary>
/// <param name="Recommendation">Id of this answer.</param>
public sealed record RecommendationsResponse(Guid Recommendation, string ModelVersion, IReadOnlyList<RecommendedTrackResponse> Tracks)
{
    internal static RecommendationsResponse From(TrackList list)
        => new(list.Recommendation.Value, list.ModelVersion, RecommendedTrackResponse.From(list.Tracks));
}
