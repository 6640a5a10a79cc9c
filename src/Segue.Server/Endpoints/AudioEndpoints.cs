using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Segue.Core;
using Segue.Radio;

namespace Segue.Server.Endpoints;

/// <summary>The sound of tracks, for players.</summary>
internal static class AudioEndpoints
{
    private static readonly string[] Others = ["audio/flac", "audio/mp4", "audio/mpeg", "audio/ogg"];

    public static void MapAudio(this IEndpointRouteBuilder routes)
        => routes.MapMethods("/v1/tracks/{id}/audio", [HttpMethods.Get, HttpMethods.Head], Audio)
            .WithTags("Catalogue").WithSummary("The sound of a track, whole or in ranges of bytes.")
            .Produces(200, null, "audio/wav", Others).Produces(206, null, "audio/wav", Others).Produces(304)
            .ProducesProblem(400).ProducesProblem(404).Produces(416).ProducesProblem(503);

    private static Results<FileStreamHttpResult, ProblemHttpResult> Audio(string id, RadioStation station, OnAir onAir, HttpResponse response)
    {
        var track = new TrackId(Input.Id(id, "The track id"));
        _ = station.Catalogue.Find(track) ?? throw new NotKnownException("track", id);
        if (onAir.Audio?.Open(track) is not { } audio)
        {
            return TypedResults.Problem($"The track '{id}' has no sound here.", statusCode: StatusCodes.Status404NotFound);
        }
        response.Headers.CacheControl = "private, no-cache";   // kept, but asked about: a file may be exchanged
        return TypedResults.Stream(
            audio.Content, audio.ContentType, lastModified: audio.ChangedAt, entityTag: new EntityTagHeaderValue($"\"{audio.Tag}\""), enableRangeProcessing: true);
    }
}
