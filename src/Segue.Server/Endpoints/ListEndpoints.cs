using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Segue.Core;
using Segue.Numerics;
using Segue.Radio;
using Segue.Retrieval.Lists;
using Segue.Server.Stores;

namespace Segue.Server.Endpoints;

/// <summary>A track of a list.</summary>
/// <param name="Position">From 0.</param>
/// <param name="Score">Higher is better; comparable within one answer only.</param>
public sealed record ListedTrackResponse(int Position, string Id, string Title, ArtistResponse Artist, string? Genre, double? LengthSeconds, float Score)
{
    internal static ListedTrackResponse From(RecommendedTrack listed)
    {
        var track = TrackResponse.From(listed.Track);
        return new(listed.Position, track.Id, track.Title, track.Artist, track.Genre, track.LengthSeconds, listed.Score);
    }
}

/// <summary>The tracks new to a listener that suit best, best first.</summary>
/// <param name="Recommendation">Id of this answer.</param>
/// <param name="Source">list: made beforehand. computed: made for this answer, for there was no list, or too little was left of it.</param>
/// <param name="MadeAt">When the list was made.</param>
public sealed record ListResponse(
    Guid Recommendation, string ModelVersion, string Source, DateTimeOffset MadeAt, IReadOnlyList<ListedTrackResponse> Tracks);

/// <summary>The lists made beforehand.</summary>
/// <param name="Listeners">Listeners who have one; 0 where there are no lists of the models in use.</param>
/// <param name="Length">Tracks of a list at most.</param>
/// <param name="Making">Share of a making under way that is done, in [0, 1); null when none is.</param>
public sealed record ListsResponse(string? ModelVersion, DateTimeOffset? MadeAt, int Listeners, int Length, long Bytes, double? Making)
{
    internal static ListsResponse From(ServedLists served, string modelVersion)
    {
        var lists = served.Of(modelVersion);
        return new(lists?.ModelVersion, lists?.MadeAt, lists?.Count ?? 0, lists?.Length ?? 0, lists?.Bytes ?? 0, served.Making);
    }
}

/// <summary>Every listener's best tracks, made beforehand for the moment of a login.</summary>
internal static class ListEndpoints
{
    public static void MapLists(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/listeners/{id}/list", List).WithTags("Listeners").WithSummary("The tracks new to a listener that suit best, from a list made beforehand.")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);
        var lists = routes.MapGroup("/v1/lists").WithTags("Operation").ProducesProblem(404).ProducesProblem(503);
        lists.MapGet("", State).WithSummary("Which lists are served, and whether they are being made anew.");
        lists.MapPost("", Make).WithSummary("Makes every listener's list anew, in the background.");
    }

    private static Ok<ListResponse> List(
        string id, RadioStation station, OnAir onAir, TimeProvider time, [Range(1, ListenerLists.MaxLength)] int count = 20)
    {
        var listener = onAir.Listener(Input.Id(id, "The listener id")).Id;
        Input.InRange(count, 1, ListenerLists.MaxLength, "count");
        DateTimeOffset? madeAt = null;
        var offered = station.Offer(listener, repertoire =>
        {
            var listed = FromList(onAir.Host?.Lists, repertoire, listener, count);
            madeAt = listed?.MadeAt;
            return listed?.Tracks ?? repertoire.BestNew(listener, count);
        });
        return TypedResults.Ok(new ListResponse(
            offered.Recommendation.Value, offered.ModelVersion, madeAt is null ? "computed" : "list", madeAt ?? time.GetUtcNow(),
            [.. offered.Tracks.Select(ListedTrackResponse.From)]));
    }

    // Null without a list, or where so much of it was heard or refused since that it says less than was asked for.
    private static (DateTimeOffset MadeAt, IReadOnlyList<ScoredItem> Tracks)? FromList(ServedLists? lists, Repertoire repertoire, ListenerId listener, int count)
    {
        if (repertoire.Data.Users.Find(listener.Value) is not { } row || lists?.Find(repertoire.Models.Published, row) is not { } list)
        {
            return null;
        }
        var notNew = repertoire.NotNewTo(listener);
        var left = list.Tracks.Where(track => Array.BinarySearch(notNew, track.Item) < 0).Take(count).ToList();
        return left.Count == count || list.IsAll ? (list.MadeAt, left) : null;
    }

    private static Ok<ListsResponse> State(RadioStation station, OnAir onAir)
        => TypedResults.Ok(ListsResponse.From(onAir.RequireHost().Lists, station.PublishedVersion));

    private static Accepted<ListsResponse> Make(RadioStation station, OnAir onAir, ListRequests requests)
    {
        var host = onAir.RequireHost();
        requests.Ask();
        return TypedResults.Accepted("/v1/lists", ListsResponse.From(host.Lists, station.PublishedVersion));
    }
}
