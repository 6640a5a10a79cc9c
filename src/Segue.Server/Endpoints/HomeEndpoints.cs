using System.Buffers;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Segue.Core;
using Segue.Numerics;
using Segue.Radio;
using Segue.Radio.Home;
using Segue.Retrieval.Onboarding;

namespace Segue.Server.Endpoints;

/// <summary>An artist to ask a new listener about.</summary>
/// <param name="Track">The one of theirs that most listeners like.</param>
/// <param name="Known">How well the artist is known beside the best known one, in (0, 1].</param>
public sealed record OnboardingArtistResponse(ArtistResponse Artist, TrackResponse Track, float Known);

/// <summary>Artists whose liking tells most of a taste, the most telling first. Those who are liked are seeds of POST /v1/radio.</summary>
public sealed record OnboardingResponse(string ModelVersion, IReadOnlyList<OnboardingArtistResponse> Artists);

/// <summary>What a listener sees first.</summary>
internal static class HomeEndpoints
{
    private const int UsualRows = 6, UsualCount = 10;

    public static void MapHome(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/listeners/{id}/home", Home).WithTags("Listeners").WithSummary("The first screen: rows of tracks new to a listener, each with its reason.")
            .Produces<HomeResponse>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);
        routes.MapGet("/v1/onboarding", Onboarding).WithTags("Listeners").WithSummary("Artists to ask a new listener about, the most telling first.")
            .ProducesProblem(400).ProducesProblem(503);
    }

    // Bytes go to the connection as they are; a page that still holds is a look-up.
    private static Task Home(
        string id, HttpContext http, RadioStation station, OnAir onAir, TimeProvider time,
        [Range(1, HomePlanner.MaxRows)] int rows = UsualRows, [Range(1, HomePlanner.MaxCount)] int count = UsualCount)
    {
        var listener = onAir.Listener(Input.Id(id, "The listener id")).Id;
        Input.InRange(rows, 1, HomePlanner.MaxRows, "rows");
        Input.InRange(count, 1, HomePlanner.MaxCount, "count");
        var now = time.GetUtcNow();
        var json = onAir.Host is null ? Make(station, onAir, listener, rows, count, now)
            : onAir.Homes.Find(station.Repertoire, listener, rows, count, now) ?? MakeAndKeep(station, onAir, listener, rows, count, now);
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = json.Length;
        http.Response.BodyWriter.Write(json);
        return Task.CompletedTask;
    }

    // By itself: what the delegate needs is made for nobody who finds a page.
    private static byte[] MakeAndKeep(RadioStation station, OnAir onAir, ListenerId listener, int rows, int count, DateTimeOffset now)
        => onAir.Homes.Make(station.Repertoire, listener, rows, count, now, () => Make(station, onAir, listener, rows, count, now));

    private static byte[] Make(RadioStation station, OnAir onAir, ListenerId listener, int rows, int count, DateTimeOffset now)
    {
        (DateTimeOffset, IReadOnlyList<ScoredItem>)? Nightly(Repertoire repertoire)
            => repertoire.Data.Users.Find(listener.Value) is { } row && onAir.Host?.Lists.Find(repertoire.Models.Published, row) is { Tracks.Length: > 0 } list
                ? (list.MadeAt, list.Tracks)
                : null;

        return HomeWire.Write(new HomePlanner(station).Of(listener, rows, count, Nightly), now);
    }

    private static Ok<OnboardingResponse> Onboarding(RadioStation station, [Range(1, OnboardingPicks.MaxCount)] int count = 12)
    {
        var repertoire = station.Repertoire;
        var picks = repertoire.Onboarding(Input.InRange(count, 1, OnboardingPicks.MaxCount, "count"));
        return TypedResults.Ok(new OnboardingResponse(repertoire.Models.Version,
        [
            .. picks.Select(pick => (Track: TrackResponse.From(repertoire.Catalogue.Tracks[pick.Track]), pick.Known))
                .Select(pick => new OnboardingArtistResponse(pick.Track.Artist, pick.Track, pick.Known)),
        ]));
    }
}
