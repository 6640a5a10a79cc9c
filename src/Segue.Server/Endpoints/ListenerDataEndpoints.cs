using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Segue.Features.Snapshots;
using Segue.Radio;
using Segue.Server.Stores;

namespace Segue.Server.Endpoints;

/// <summary>What a forgetting removed.</summary>
/// <param name="Events">Events of the log.</param>
public sealed record ForgottenResponse(long Events);

/// <summary>A listener's counts and last tracks, as of now.</summary>
/// <param name="Sessions">Sittings, cut at gaps of 30 minutes.</param>
/// <param name="MeanHeardSeconds">Of listens with a known time; null without one.</param>
/// <param name="ClicksPer100">Clicks on recommended tracks per 100 impressions; null without impressions.</param>
/// <param name="LastTracks">The newest first, each once.</param>
public sealed record ListenerFeaturesResponse(
    string AgeBand, string Gender, string? Country, string? City, int? TenureDays, long ActiveDays, long Sessions, long Plays, long Skips, long Partial, long Full,
    double? MeanHeardSeconds, long Likes, long Dislikes, double? ClicksPer100, double? PlaysPer100, IReadOnlyList<string> LastTracks)
{
    internal static ListenerFeaturesResponse From(ListenerFeatures known) => new(
        known.AgeBand.ToString(), known.Gender.ToString(), known.Region?.Country, known.Region?.City, known.TenureDays, known.Active.Days, known.Sessions,
        known.Plays.Plays, known.Plays.Skips, known.Plays.Partial, known.Plays.Full, known.Plays.MeanHeardMs / 1000, known.Likes, known.Dislikes,
        known.ClicksPer100, known.PlaysPer100, [.. known.LastTracks.Select(track => track.Id.Value)]);
}

/// <summary>A listener's right to their data: to see all of it, to have an hour or everything forgotten.</summary>
internal static class ListenerDataEndpoints
{
    public static void MapListenerData(this IEndpointRouteBuilder routes)
    {
        var data = routes.MapGroup("/v1/listeners/{id}").WithTags("Listeners").ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);
        data.MapGet("/export", Export).WithSummary("Everything that is kept of a listener, as one JSON object.").Produces<System.Text.Json.JsonElement>();
        data.MapDelete("", Erase).WithSummary("Takes a listener out of everything; answers with a receipt.");
        data.MapPost("/forget", Forget).WithSummary("Forgets what a listener did in the last minutes, such as the last hour.");
        data.MapGet("/features", Features).WithSummary("What is known of a listener, as of now.");
    }

    private static async Task Export(string id, HttpContext context, OnAir onAir)
    {
        var store = onAir.RequireHost().Store;
        Input.Id(id, "The listener id");
        using var whole = new MemoryStream();   // whole first: a fault half-way must not look like an answer
        await new ListenerExport(store).WriteAsync(id, whole, context.RequestAborted);
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = whole.Length;
        whole.Position = 0;
        await whole.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    // Not ended by a caller who hangs up: half an erasure would have to be begun again.
    private static async Task<Ok<ErasureReceipt>> Erase(string id, OnAir onAir)
        => TypedResults.Ok(await onAir.RequireHost().EraseAsync(Input.Id(id, "The listener id"), CancellationToken.None));

    private static async Task<Ok<ForgottenResponse>> Forget(string id, OnAir onAir, [Range(1, 1440)] int minutes = 60)
        => TypedResults.Ok(new ForgottenResponse(
            await onAir.RequireHost().ForgetSinceAsync(Input.Id(id, "The listener id"), TimeSpan.FromMinutes(Input.InRange(minutes, 1, 1440, "minutes")))));

    private static Ok<ListenerFeaturesResponse> Features(string id, OnAir onAir)
    {
        var host = onAir.RequireHost();
        var listener = onAir.Listener(Input.Id(id, "The listener id")).Id;
        var features = host.Features ?? throw new BadHttpRequestException("There are no features yet: run the ETL once.", StatusCodes.Status404NotFound);
        return features.Find(listener) is { } known
            ? TypedResults.Ok(ListenerFeaturesResponse.From(known))
            : throw new NotKnownException("listener", id);
    }
}
