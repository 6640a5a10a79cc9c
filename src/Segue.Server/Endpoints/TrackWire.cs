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

/// <summary>Why a track stands where it does.</summary>
/// <param name="Source">The part of the score that counts most.</param>
/// <param name="Share">That part ÷ all parts that speak for the track, in [0, 1].</param>
public sealed record ReasonResponse(string Source, string Text, float Share)
{
    internal static ReasonResponse From(Reason reason) => new(reason.Source, reason.Text, reason.Share);
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
