using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Segue.Core;
using Segue.Events.Geography;
using Segue.Features.Trends;
using Segue.Radio;

namespace Segue.Server.Endpoints;

/// <param name="Country">ISO 3166, two letters.</param>
/// <param name="Area">First-level division, such as "US.NC"; null where it is not known, and of a country.</param>
/// <param name="City">Null of a country.</param>
public sealed record PlaceResponse(string Country, string? Area, string? City)
{
    internal static PlaceResponse? From(Region? region) => region is null ? null : new(region.Country, region.Area, region.City);
}

/// <param name="Position">From 0.</param>
/// <param name="Weight">Listeners who chose it, each fading with time, further choices of one listener counting less; at least 3.</param>
public sealed record TrendingTrackResponse(int Position, TrackResponse Track, float Weight);

/// <summary>What trends at a place.</summary>
/// <param name="Level">Who answers: city, country or world. It is wider than what was asked for where too little is known there.</param>
/// <param name="Place">The place that answers; null for the world.</param>
/// <param name="Span">hours or days.</param>
public sealed record TrendingResponse(string Level, PlaceResponse? Place, string Span, IReadOnlyList<TrendingTrackResponse> Tracks);

/// <summary>What listeners turn to, by place.</summary>
internal static class TrendingEndpoints
{
    public static void MapTrending(this IEndpointRouteBuilder routes) => routes.MapGet("/v1/trending", Trending)
        .WithTags("Catalogue").WithSummary("The tracks that many listeners of a city, a country or the world turn to in these hours or days.")
        .ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);

    private static Ok<TrendingResponse> Trending(
        OnAir onAir, RadioStation station, TimeProvider time, string? place, string span = "days", [Range(1, LiveTrends.MostTracks)] int count = 20)
    {
        var over = span switch
        {
            "hours" => TrendSpan.Hours,
            "days" => TrendSpan.Days,
            _ => throw new BadHttpRequestException($"span is '{span}'; allowed are hours and days."),
        };
        Input.InRange(count, 1, LiveTrends.MostTracks, "count");
        var trends = onAir.RequireHost().Trends.Current ?? throw new NotOnAirException();
        var trending = trends.At(Find(trends, place), over, time.GetUtcNow());
        var repertoire = station.Repertoire;
        var known = trending.Tracks
            .Select(track => (Row: repertoire.Catalogue.Find(track.Track), track.Weight))
            .Where(track => track.Row is { } row && !repertoire.KeptOut.Contains(row));
        return TypedResults.Ok(new TrendingResponse(
            trending.Where is null ? "world" : trending.Where.City is null ? "country" : "city",
            PlaceResponse.From(trending.Where),
            span,
            [.. known.Take(count).Select((track, position) => new TrendingTrackResponse(
                position, TrackResponse.From(repertoire.Catalogue.Tracks[track.Row!.Value]), track.Weight))]));
    }

    // A place of the world first; one that only the data set knows, such as an invented one, by its own name.
    private static Region? Find(LiveTrends trends, string? name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            return null;
        }
        var found = PlaceIndex.Shared.Find(name)?.Region;
        return found is not null && trends.Knows(found) ? found
            : trends.FindPlace(name.Trim()) ?? found ?? throw new NotKnownException("place", name);
    }
}
