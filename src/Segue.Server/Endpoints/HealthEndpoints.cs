using Microsoft.AspNetCore.Http.HttpResults;

namespace Segue.Server.Endpoints;

/// <param name="Status">live; ready; or degraded: it serves, but see <paramref name="MissedEvents"/>.</param>
/// <param name="MissedEvents">Events that are in the log and that radio or live features could not take since the start. The log says why; a restart
/// tells them once more.</param>
public sealed record HealthResponse(string Status, long MissedEvents = 0);

/// <summary>For whoever starts, stops and balances the server.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags("Operation");
        health.MapGet("/live", () => TypedResults.Ok(new HealthResponse("live"))).WithSummary("200 while the server listens.");
        health.MapGet("/ready", Ready).WithSummary("200 when models are loaded and the server is not about to stop, else 503. The status tells whether some events were missed.")
            .ProducesProblem(503);
    }

    private static Results<Ok<HealthResponse>, ProblemHttpResult> Ready(OnAir onAir, IHostApplicationLifetime lifetime)
        => lifetime.ApplicationStopping.IsCancellationRequested ? NotReady("The server is about to stop.")
            : onAir.Station is null ? NotReady(new NotOnAirException().Message)
            : TypedResults.Ok(onAir.Events?.Followers.Missed is > 0 and var missed ? new HealthResponse("degraded", missed) : new HealthResponse("ready"));

    private static ProblemHttpResult NotReady(string why) => TypedResults.Problem(why, statusCode: StatusCodes.Status503ServiceUnavailable);
}
