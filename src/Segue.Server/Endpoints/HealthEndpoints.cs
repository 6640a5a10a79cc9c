using Microsoft.AspNetCore.Http.HttpResults;
using Segue.Server.Music;

namespace Segue.Server.Endpoints;

/// <param name="Status">live; ready; or degraded: it serves, but see <paramref name="MissedEvents"/> and <paramref name="Faults"/>.</param>
/// <param name="MissedEvents">Events that are in the log and that radio or live features could not take since the start. The log says why; a restart
/// tells them once more.</param>
/// <param name="Faults">Work in the background that failed the last time, such as a scan or a training, and is tried again: <c>/v1/music</c> says why. Null where none did.</param>
public sealed record HealthResponse(string Status, long MissedEvents = 0, IReadOnlyList<string>? Faults = null);

/// <summary>For whoever starts, stops and balances the server.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags("Operation");
        health.MapGet("/live", () => TypedResults.Ok(new HealthResponse("live"))).WithSummary("200 while the server listens.");
        health.MapGet("/ready", Ready).WithSummary("200 when models are loaded and the server is not about to stop, else 503. The status tells whether some events were missed, or work in the background failed.")
            .ProducesProblem(503);
    }

    private static Results<Ok<HealthResponse>, ProblemHttpResult> Ready(OnAir onAir, MusicService music, SoundTrainingService training, IHostApplicationLifetime lifetime)
        => lifetime.ApplicationStopping.IsCancellationRequested ? NotReady("The server is about to stop.")
            : onAir.Station is null ? NotReady(new NotOnAirException().Message)
            : TypedResults.Ok(Describe(onAir.Events?.Followers.Missed ?? 0, [.. Failed("music", music.Fault), .. Failed("training of sound", training.Fault)]));

    private static HealthResponse Describe(long missed, IReadOnlyList<string> faults)
        => new(missed > 0 || faults.Count > 0 ? "degraded" : "ready", missed, faults.Count > 0 ? faults : null);

    // Anybody may ask for health; faults name files, and are told by /v1/music.
    private static string[] Failed(string work, string? fault) => fault is null ? [] : [work];

    private static ProblemHttpResult NotReady(string why) => TypedResults.Problem(why, statusCode: StatusCodes.Status503ServiceUnavailable);
}
