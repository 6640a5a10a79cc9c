using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Segue.Core;
using Segue.Radio;

namespace Segue.Server.Endpoints;

/// <summary>A list to be continued.</summary>
public sealed record ContinueRequest
{
    internal const int MaxTracks = 500;   // as many as all playlists that a sitting begins with

    /// <summary>Ids of the tracks that are on it, in any order; one that is named twice counts once.</summary>
    [MinLength(1), MaxLength(MaxTracks)]
    public IReadOnlyList<string>? Tracks { get; init; }

    /// <summary>Tracks to answer with; 20 when left out.</summary>
    [Range(1, RadioStation.MaxCount)]
    public int? Count { get; init; }

    internal IReadOnlyList<TrackId> ToTracks()
    {
        var tracks = Tracks ?? throw new BadHttpRequestException($"tracks is missing: a list of 1 to {MaxTracks} track ids.");
        Input.InRange(tracks.Count, 1, MaxTracks, "The number of tracks");
        return [.. Input.Ids(tracks, MaxTracks, "tracks").Select(id => new TrackId(id))];
    }
}

/// <summary>What continues a playlist.</summary>
internal static class PlaylistEndpoints
{
    private const int UsualCount = 20;

    public static void MapPlaylists(this IEndpointRouteBuilder routes)
        => routes.MapPost("/v1/playlists/continue", Continue).WithTags("Playlists").WithSummary("The tracks that continue a list best. Nothing of it is kept.")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(413).ProducesProblem(415).ProducesProblem(503);

    private static Ok<RecommendationsResponse> Continue(ContinueRequest? request, RadioStation station)
    {
        var body = request ?? throw new BadHttpRequestException("The body is missing.");
        var (tracks, count) = (body.ToTracks(), Input.InRange(body.Count ?? UsualCount, 1, RadioStation.MaxCount, "count"));
        return TypedResults.Ok(RecommendationsResponse.From(station.Continue(tracks, count)));
    }
}
