using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Segue.Core;
using Segue.Events.Pseudonyms;
using Segue.Radio;
using Segue.Radio.Feed;

namespace Segue.Server.Endpoints;

/// <summary>Sittings at the radio: begin one, react, ask what comes next.</summary>
internal static class RadioEndpoints
{
    private const int UsualCount = 5;

    public static void MapRadio(this IEndpointRouteBuilder routes)
    {
        var radio = routes.MapGroup("/v1/radio").WithTags("Radio").ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);
        radio.MapPost("", Start).WithSummary("Begins a sitting and says what comes first.").ProducesProblem(413).ProducesProblem(415);
        radio.MapPost("/{session}/events", React).WithSummary("Takes reactions in, all or none, and plans anew.")
            .ProducesProblem(413).ProducesProblem(415);
        radio.MapGet("/{session}/next", Next).WithSummary("The next tracks, best first. Asking changes nothing.");
    }

    private static async Task<Created<RadioResponse>> Start(
        StartRequest? request, RadioStation station, OnAir onAir, TimeProvider time, CancellationToken cancellation)
    {
        var start = request ?? throw new BadHttpRequestException("The body is missing; {} just plays.");
        var (seeds, wishes, count) = (start.Seeds?.ToSeeds() ?? RadioSeeds.None, start.Wishes?.ToWishes(), Count(start.Count));
        KnownListener? listener = start.Listener is { } id ? onAir.Listener(Input.Id(id, "listener")) : null;
        if (onAir.Host?.Store is not { } store || station.Announce(listener, seeds, start.NewListener, start.Private, wishes) is not { } announced)
        {
            return Created(station.Start(listener, seeds, count, start.NewListener, start.Private, wishes));
        }
        // Into the log first: as it commits, the sitting begins, as it will again when the log is recalled.
        await store.Events.KeepAsync([SittingEvents.ToEvent(announced, store.Pseudonyms, time.GetUtcNow())], cancellation);
        return Created(station.Next(announced.Session, count));
    }

    private static Created<RadioResponse> Created(RadioAnswer answer) => TypedResults.Created($"/v1/radio/{answer.Session}/next", RadioResponse.From(answer));

    private static async Task<Ok<RadioResponse>> React(
        string session, EventsRequest? request, RadioStation station, OnAir onAir, TimeProvider time, CancellationToken cancellation,
        [Range(1, RadioStation.MaxCount)] int count = UsualCount)
    {
        var body = request ?? throw new BadHttpRequestException("The body is missing.");
        var (id, reactions, tracks) = (Session(session), body.ToEvents(), Count(count));
        if (onAir.Events is not { } log || station.Prepare(id, reactions) is not { } context)
        {
            return TypedResults.Ok(RadioResponse.From(station.React(id, reactions, tracks)));
        }
        // Into the log first: as it commits, the station takes them in, as it will again when the log is replayed.
        await log.KeepAsync(EventFeed.ToEvents(id, reactions, context, time.GetUtcNow()), cancellation);
        return TypedResults.Ok(RadioResponse.From(station.Next(id, tracks)));
    }

    private static Ok<RadioResponse> Next(
        string session, RadioStation station, [Range(1, RadioStation.MaxCount)] int count = UsualCount)
        => TypedResults.Ok(RadioResponse.From(station.Next(Session(session), Count(count))));

    private static int Count(int? count) => Input.InRange(count ?? UsualCount, 1, RadioStation.MaxCount, "count");

    private static SessionId Session(string text)
        => Guid.TryParse(text, out var id) ? new(id) : throw new NotKnownException("session", text);
}
