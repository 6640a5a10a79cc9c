using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Segue.Events.Doors;
using Segue.Events.Wire.ListenBrainz;

namespace Segue.Server.Endpoints;

/// <summary>An answer in ListenBrainz' form: what its clients expect.</summary>
public sealed record ListenBrainzStatus(string Status);

/// <param name="Code">The HTTP status again.</param>
public sealed record ListenBrainzError(int Code, string Error);

/// <param name="UserName">The listener's pseudonym; null when the token is nobody's.</param>
public sealed record TokenValidity(int Code, string Message, bool Valid, string? UserName);

/// <summary>The doors that players know from ListenBrainz: set the player's server to this one and its token to one of <c>segue token</c>.</summary>
internal static class ListenBrainzEndpoints
{
    private const int MaxBytes = ListenBrainzReader.MaxListenBytes * ListenBrainzReader.MaxListens;

    public static void MapListenBrainz(this IEndpointRouteBuilder routes)
    {
        var door = routes.MapGroup("/1").WithTags("ListenBrainz").ProducesProblem(404).ProducesProblem(413);
        door.MapPost("/submit-listens", Submit).WithSummary("Takes listens: single, import, or playing_now (checked, and not kept).")
            .Accepts<System.Text.Json.JsonElement>("application/json").ProducesProblem(503).ProducesProblem(507);
        door.MapGet("/validate-token", Validate).WithSummary("Whether a token is somebody's.");
    }

    private static async Task<Results<Ok<ListenBrainzStatus>, JsonHttpResult<ListenBrainzError>>> Submit(HttpContext context, OnAir onAir)
    {
        var store = onAir.RequireHost().Store;
        if (Token(context.Request) is not { } token)
        {
            return Error(401, "You need to provide an Authorization header.");
        }
        if (store.Tokens.Find(token) is not { } listener)
        {
            return Error(401, "Invalid authorization token.");
        }
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = MaxBytes;
        using var body = await RequestBody.ReadAsync(context.Request, MaxBytes, context.RequestAborted);
        var answer = await store.Events.TakeListenBrainzAsync(body.Bytes, listener, context.RequestAborted);
        if (answer.Fault is { } fault)
        {
            return Error(400, fault.Detail);
        }
        // As ListenBrainz does: one bad listen refuses the request. The good ones are kept all the same, and count once when sent again.
        var rejected = answer.Verdicts.FirstOrDefault(verdict => verdict.Outcome == DoorOutcome.Rejected);
        return rejected.Outcome == DoorOutcome.Rejected ? Error(400, rejected.Detail!) : TypedResults.Ok(new ListenBrainzStatus("ok"));
    }

    private static Ok<TokenValidity> Validate(HttpContext context, OnAir onAir, string? token = null)
        => TypedResults.Ok((token ?? Token(context.Request)) is { } given && onAir.RequireHost().Store.Tokens.Find(given) is { } listener
            ? new TokenValidity(200, "Token valid.", true, listener.Id.Value)
            : new TokenValidity(200, "Token invalid.", false, null));

    private static string? Token(HttpRequest request)
        => AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header)
            && header is { Parameter: { Length: > 0 } token, Scheme: var scheme } && (scheme.Equals("Token", StringComparison.OrdinalIgnoreCase) || scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
                ? token
                : null;

    private static JsonHttpResult<ListenBrainzError> Error(int code, string error) => TypedResults.Json(new ListenBrainzError(code, error), statusCode: code);
}
