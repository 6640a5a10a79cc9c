using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Segue.Core;
using Segue.Features;
using Segue.Radio;

namespace Segue.Server.Endpoints;

/// <summary>Tracks in the catalogue's order.</summary>
public sealed record TracksResponse(IReadOnlyList<TrackResponse> Tracks);

/// <param name="Tracks">How many tracks the genre has.</param>
public sealed record GenreResponse(string Name, int Tracks);

/// <summary>Genres by name.</summary>
public sealed record GenresResponse(IReadOnlyList<GenreResponse> Genres);

/// <summary>The catalogue, and what is near a track in it.</summary>
internal static class TrackEndpoints
{
    public static void MapTracks(this IEndpointRouteBuilder routes)
    {
        var catalogue = routes.MapGroup("/v1").WithTags("Catalogue").ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);
        catalogue.MapGet("/tracks", Search).WithSummary("Tracks whose title or artist holds a text, in any case of letters.");
        catalogue.MapGet("/tracks/{id}/similar", Similar).WithSummary("The tracks nearest to one in taste.");
        catalogue.MapGet("/genres", Genres).WithSummary("All genres, by name.");
    }

    private static Ok<TracksResponse> Search(RadioStation station, string? query, string? genre, [Range(1, 100)] int limit = 20)
    {
        var catalogue = station.Catalogue;
        var found = InGenre(catalogue, genre)
            .Where(track => string.IsNullOrWhiteSpace(query) || Holds(track.Title, query) || Holds(track.Artist.Name, query))
            .Take(Input.InRange(limit, 1, 100, "limit"));
        return TypedResults.Ok(new TracksResponse([.. found.Select(TrackResponse.From)]));
    }

    private static Ok<RecommendationsResponse> Similar(
        string id, RadioStation station, [Range(1, RadioStation.MaxCount)] int count = 20)
    {
        var track = new TrackId(Input.Id(id, "The track id"));
        return TypedResults.Ok(RecommendationsResponse.From(
            station.Similar(track, Input.InRange(count, 1, RadioStation.MaxCount, "count"))));
    }

    private static Ok<GenresResponse> Genres(RadioStation station)
    {
        var catalogue = station.Catalogue;
        var genres = catalogue.Genres.Select((name, genre) => new GenreResponse(name, catalogue.TracksOfGenre(genre).Count));
        return TypedResults.Ok(new GenresResponse([.. genres.OrderBy(genre => genre.Name, StringComparer.Ordinal)]));
    }

    private static IEnumerable<Track> InGenre(CatalogueIndex catalogue, string? genre)
        => string.IsNullOrWhiteSpace(genre)
            ? catalogue.Tracks
            : catalogue.TracksOfGenre(catalogue.FindGenre(genre) ?? throw new NotKnownException("genre", genre))
                .Select(track => catalogue.Tracks[track]);

    private static bool Holds(string text, string part) => text.Contains(part.Trim(), StringComparison.OrdinalIgnoreCase);
}
