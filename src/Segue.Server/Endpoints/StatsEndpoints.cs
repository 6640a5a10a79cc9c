using Microsoft.AspNetCore.Http.HttpResults;
using Segue.Radio;

namespace Segue.Server.Endpoints;

/// <summary>What simulated listeners did.</summary>
/// <param name="Sittings">Sittings begun.</param>
/// <param name="Tracks">Tracks begun.</param>
/// <param name="KeptShare">Tracks heard to at least nine tenths ÷ all tracks; null before the first.</param>
public sealed record SimulatedResponse(long Sittings, long Tracks, double? KeptShare);

/// <summary>What happened since the server started. Simulated listeners count under <paramref name="Simulated"/> only.</summary>
/// <param name="Sessions">Sittings in memory.</param>
/// <param name="Impressions">Tracks shown to listeners with an id; one shown again counts again.</param>
/// <param name="ImpressionsBySource">The same, by the candidate generator that brought the track.</param>
/// <param name="Listens">Tracks that listeners with an id began.</param>
/// <param name="Skips">Listens of which less than a quarter was heard.</param>
/// <param name="KeptShare">Listens heard to at least nine tenths ÷ all listens; null before the first.</param>
/// <param name="Simulated">Null where nobody is simulated.</param>
public sealed record StatsResponse(
    int Sessions,
    long Impressions,
    IReadOnlyDictionary<string, long> ImpressionsBySource,
    long Listens,
    long Skips,
    double? KeptShare,
    long VotesUp,
    long VotesDown,
    SimulatedResponse? Simulated);

/// <summary>Live counters.</summary>
internal static class StatsEndpoints
{
    public static void MapStats(this IEndpointRouteBuilder routes) => routes.MapGet("/v1/stats", Stats)
        .WithTags("Operation").WithSummary("What happened since the server started.").ProducesProblem(503);

    private static Ok<StatsResponse> Stats(RadioStation station, OnAir onAir)
    {
        var counts = onAir.Counts;
        var bySource = counts.ImpressionsBySource;
        var simulated = onAir.Simulated is { } lab
            ? new SimulatedResponse(lab.Sittings, lab.Counts.Listens, lab.Counts.KeptShare)
            : null;
        return TypedResults.Ok(new StatsResponse(
            station.Sessions, bySource.Values.Sum(), bySource, counts.Listens, counts.Skips, counts.KeptShare,
            counts.VotesUp, counts.VotesDown, simulated));
    }
}
