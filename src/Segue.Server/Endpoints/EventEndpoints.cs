using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace Segue.Server.Endpoints;

/// <summary>The door for what happens outside the radio: players, pages and other services tell their events here.</summary>
internal static class EventEndpoints
{
    /// <summary>The largest batch, in bytes.</summary>
    internal const int MaxBatchBytes = 4 * 1024 * 1024;

    public static void MapEvents(this IEndpointRouteBuilder routes) => routes.MapPost("/v1/events", Take)
        .WithTags("Events").WithSummary("Takes a batch of up to 1,000 events; answers once they are on disk, with a verdict for each.")
        .WithDescription("The form of an event and every reason of a rejection: docs/events.md.")
        .Accepts<JsonElement>("application/json").Produces<EventsResponse>()
        .ProducesProblem(400).ProducesProblem(404).ProducesProblem(413).ProducesProblem(415).ProducesProblem(503).ProducesProblem(507);

    private static async Task Take(HttpContext context, OnAir onAir)
    {
        var pipeline = onAir.RequireHost().Store.Events;
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = MaxBatchBytes;
        using var body = await RequestBody.ReadAsync(context.Request, MaxBatchBytes, context.RequestAborted);
        var answer = await pipeline.TakeAsync(body.Bytes, context.RequestAborted);
        if (answer.Fault is { } fault)
        {
            throw new BadHttpRequestException($"{fault.Detail} ({fault.Reason})");
        }
        context.Response.ContentType = "application/json; charset=utf-8";
        var writer = context.Response.BodyWriter;
        await using (var json = new Utf8JsonWriter(writer, new() { SkipValidation = true }))
        {
            EventsResponse.Write(json, answer.Verdicts);
        }
        await writer.FlushAsync(context.RequestAborted);
    }
}
