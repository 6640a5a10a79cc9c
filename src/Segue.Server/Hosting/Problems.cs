using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Data.Sqlite;
using Segue.Events.Log;
using Segue.Radio;
using Segue.Server.Endpoints;
using Segue.Server.Stores;

namespace Segue.Server.Hosting;

/// <summary>Answers every fault as a problem of RFC 9457, whatever the caller accepts.</summary>
internal sealed class Problems(ILogger<Problems> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var (status, detail) = Describe(exception, httpContext);
        if (status == StatusCodes.Status500InternalServerError || exception is SqliteException)
        {
            // The route's pattern, not its path: a path may hold a listener's id.
            var endpoint = httpContext.Features.Get<IExceptionHandlerFeature>()?.Endpoint as RouteEndpoint;
            var route = endpoint?.RoutePattern.RawText ?? "outside any route";
            logger.LogError(exception, "{Method} {Route} failed.", httpContext.Request.Method, route);
        }
        await Write(httpContext, status, detail);
        return true;
    }

    /// <summary>Describes an answer that is a bare status: no route, another method, another type of content, too large a body.</summary>
    public static Task DescribeStatus(StatusCodeContext context)
    {
        var (request, response) = (context.HttpContext.Request, context.HttpContext.Response);
        return Write(context.HttpContext, response.StatusCode, response.StatusCode switch
        {
            StatusCodes.Status404NotFound => $"There is nothing at {request.Path}; /openapi/v1.json lists what there is.",
            StatusCodes.Status405MethodNotAllowed => $"{request.Method} is not allowed here; allowed: {response.Headers.Allow}.",
            StatusCodes.Status413PayloadTooLarge => BodyTooLarge,
            StatusCodes.Status415UnsupportedMediaType => ContentTypeWrong(request),
            _ => null,
        });
    }

    private static string BodyTooLarge { get; } = string.Create(
        CultureInfo.InvariantCulture, $"The body is larger than {ServerOptions.MaxBodyBytes:N0} bytes, the most that is read.");

    private static string ContentTypeWrong(HttpRequest request)
        => $"The body's content type is '{request.ContentType}'; it must be application/json.";

    private static (int Status, string Detail) Describe(Exception exception, HttpContext context) => exception switch
    {
        NotKnownException { What: "listener" } =>   // not by name: it would be the pseudonym
            (StatusCodes.Status404NotFound,
            "There is no such listener. A radio starts cold when \"listener\" is left out, or under a new id with \"newListener\": true."),
        NotKnownException unknown => (StatusCodes.Status404NotFound, unknown.Message),
        NotOnAirException early => (StatusCodes.Status503ServiceUnavailable, early.Message),
        AnswerGoneException gone => (StatusCodes.Status404NotFound, gone.Message),
        NoMusicException none => (StatusCodes.Status404NotFound, none.Message),
        NoSoundException unheard => (StatusCodes.Status404NotFound, unheard.Message),
        NoEventLogException none => (StatusCodes.Status404NotFound, none.Message),
        LogUnavailableException { IsFull: true } => (StatusCodes.Status507InsufficientStorage,
            "The disk is full: the events may not have been kept. Send them again when there is room; what was kept counts once. Reading goes on."),
        LogUnavailableException => (StatusCodes.Status503ServiceUnavailable,
            "The event log takes no events: the disk refused a write. Send them again later; what was kept counts once."),
        SqliteException => (StatusCodes.Status503ServiceUnavailable,
            "A file of the store cannot be used now: the disk may be full. What was acknowledged is kept."),
        BadHttpRequestException { InnerException: JsonException json } => (StatusCodes.Status400BadRequest, JsonFaults.Describe(json)),
        LogDamagedException => (StatusCodes.Status503ServiceUnavailable,
            "The event log is damaged; \"segue log verify\" says where. Events are still taken."),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge and var status, Message: var told }
            when told.EndsWith(RequestBody.TooLargeEnding, StringComparison.Ordinal) => (status, told),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge and var status } => (status, BodyTooLarge),
        BadHttpRequestException when QueryFaults.Describe(context) is { } told => (StatusCodes.Status400BadRequest, told),
        BadHttpRequestException bad => (bad.StatusCode, bad.Message),
        _ => (StatusCodes.Status500InternalServerError, "The server failed at this request; its log says why."),
    };

    private static Task Write(HttpContext context, int status, string? detail)
        => TypedResults.Problem(detail, statusCode: status).ExecuteAsync(context);
}
