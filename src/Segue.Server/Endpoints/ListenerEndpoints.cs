using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Segue.Radio;

namespace Segue.Server.Endpoints;

/// <summary>Pseudonymous ids of listeners.</summary>
/// <param name="Total">How many there are in all.</param>
public sealed record ListenersResponse(int Total, IReadOnlyList<string> Listeners);

/// <summary>Listeners, and what suits each outside any sitting.</summary>
internal static class ListenerEndpoints
{
    public static void MapListeners(this IEndpointRouteBuilder routes)
    {
        var listeners = routes.MapGroup("/v1/listeners").WithTags("Listeners").ProducesProblem(400).ProducesProblem(503);
        listeners.MapGet("", List).WithSummary("Listeners with a history, by id.");
        listeners.MapGet("/{id}/recommendations", Recommend).WithSummary("The tracks that suit a listener best.").ProducesProblem(404);
    }

    private static Ok<ListenersResponse> List(RadioStation station, [Range(1, 100)] int limit = 20)
        => TypedResults.Ok(new ListenersResponse(
            station.Listeners.Count, [.. station.Listeners.Take(Input.InRange(limit, 1, 100, "limit"))]));

    private static Ok<RecommendationsResponse> Recommend(
        string id, RadioStation station, OnAir onAir, [Range(1, RadioStation.MaxCount)] int count = 20)
    {
        var listener = onAir.Listener(Input.Id(id, "The listener id")).Id;
        return TypedResults.Ok(RecommendationsResponse.From(
            station.Recommend(listener, Input.InRange(count, 1, RadioStation.MaxCount, "count"))));
    }
}
