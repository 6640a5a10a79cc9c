using Microsoft.AspNetCore.Http.HttpResults;
using Segue.Server.Stores;

namespace Segue.Server.Endpoints;

/// <summary>A past answer, given again.</summary>
/// <param name="Answer">As it comes out today.</param>
/// <param name="At">When it was given.</param>
/// <param name="Asked">How many tracks were asked for.</param>
/// <param name="Position">Events of the log before this one were known to it.</param>
/// <param name="Same">Whether it is what was sent, byte for byte.</param>
/// <param name="Differences">What is known to be other than on that day; empty when nothing is.</param>
public sealed record AnswerResponse(RadioResponse Answer, DateTimeOffset At, int Asked, long Position, bool Same, IReadOnlyList<string> Differences)
{
    internal static AnswerResponse From(ReplayedAnswer replayed) => new(
        RadioResponse.From(replayed.Answer), replayed.Note.At, replayed.Told.Count, replayed.Told.Position, replayed.IsSame, replayed.Differences);
}

/// <summary>What was answered, and why.</summary>
internal static class AnswerEndpoints
{
    public static void MapAnswers(this IEndpointRouteBuilder routes)
        => routes.MapGet("/v1/radio/answers/{recommendation:guid}", Again).WithTags("Operation").ProducesProblem(404).ProducesProblem(503)
            .WithSummary("A past answer, given again from the log and the models of that day: as costly as a start, one at a time.");

    private static async Task<Ok<AnswerResponse>> Again(Guid recommendation, OnAir onAir, CancellationToken cancellation)
        => TypedResults.Ok(AnswerResponse.From(await onAir.RequireHost().Replay.RunAsync(new(recommendation), cancellation)));
}
