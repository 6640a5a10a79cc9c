using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Segue.Features;
using Segue.Retrieval.Sounds;

namespace Segue.Server.Endpoints;

/// <summary>What sounds like what: exact searches in memory, without any listener.</summary>
internal static class SoundEndpoints
{
    private const int MostCount = 100, MostSeeds = 20, MostGap = 100;

    public static void MapSounds(this IEndpointRouteBuilder routes)
    {
        var tracks = routes.MapGroup("/v1/tracks/{id}").WithTags("Sound").ProducesProblem(400).ProducesProblem(404);
        tracks.MapGet("/sounds-like", SoundsLike).WithSummary("The tracks that sound like one, with others added and subtracted.");
        tracks.MapGet("/path-to/{other}", PathTo).WithSummary("Tracks that lead from one song to another in even steps of sound.");
        var sounds = routes.MapGroup("/v1/sounds").WithTags("Sound").ProducesProblem(400).ProducesProblem(404);
        sounds.MapGet("", State).WithSummary("How many tracks have sound, by which model, and how even their lists are.");
        sounds.MapGet("/duplicates", Duplicates).WithSummary("Tracks that seem to be in the catalogue more than once.");
    }

    private static Ok<SoundsLikeResponse> SoundsLike(
        string id, OnAir onAir, string[]? add, string[]? subtract, [Range(1, MostCount)] int count = 20, [Range(0, MostGap)] int artistSpacing = 0)
    {
        var sounds = onAir.Sounds.Require();
        var track = sounds.Require(new(Input.Id(id, "The track id")));
        var added = Input.Ids(add, MostSeeds, "add").Select(other => sounds.Require(new(other))).ToList();
        var subtracted = Input.Ids(subtract, MostSeeds, "subtract").Select(other => sounds.Require(new(other))).ToList();
        int[] seeds = [track, .. added, .. subtracted];
        if (seeds.Distinct().Count() < seeds.Length)
        {
            throw new BadHttpRequestException("A track is given twice among the one asked about, add and subtract.");
        }
        var found = SoundMix.Find(sounds.Space, new()
        {
            Seeds = [new(track), .. added.Select(other => new SoundSeed(other)), .. subtracted.Select(other => new SoundSeed(other, -0.5f))],
            Count = Input.InRange(count, 1, MostCount, "count"),
            Artists = Gap(artistSpacing, sounds.Tracks),
            Keep = SoundFlagOptions.WithoutFlagged(sounds.FlagsOf, track),
        });
        return TypedResults.Ok(new SoundsLikeResponse(
            sounds.Space.ModelVersion, [.. found.Select((match, position) => SoundMatchResponse.From(position, sounds.Tracks.Tracks[match.Track], match.Similarity))]));
    }

    private static Ok<SoundPathResponse> PathTo(
        string id, string other, OnAir onAir, [Range(2, MostCount)] int count = 25, [Range(0, MostGap)] int artistSpacing = 0)
    {
        var sounds = onAir.Sounds.Require();
        var (from, to) = (sounds.Require(new(Input.Id(id, "The track id"))), sounds.Require(new(Input.Id(other, "The other track's id"))));
        if (from == to)
        {
            throw new BadHttpRequestException("A path needs two different tracks.");
        }
        var path = SoundPath.Find(sounds.Space, from, to, new()
        {
            Count = Input.InRange(count, 2, MostCount, "count"),
            Artists = Gap(artistSpacing, sounds.Tracks),
            Keep = SoundFlagOptions.WithoutFlagged(sounds.FlagsOf),
        });
        return TypedResults.Ok(new SoundPathResponse(
            sounds.Space.ModelVersion, [.. path.Select((step, position) => SoundStepResponse.From(position, sounds.Tracks.Tracks[step.Track], step))]));
    }

    private static Ok<SoundsResponse> State(OnAir onAir)
    {
        var (space, tracks, hubs, _, _) = onAir.Sounds.Require();
        return TypedResults.Ok(new SoundsResponse(
            space.ModelVersion, space.Count, tracks.Count, space.Dimensions, space.Bytes, space.IsCorrected,
            hubs is null ? null : new(hubs.Skewness, hubs.Largest, hubs.Neighbors, hubs.Lists)));
    }

    private static Ok<DuplicatesResponse> Duplicates(OnAir onAir, [Range(0, int.MaxValue)] int offset = 0, [Range(1, 1000)] int limit = 100)
    {
        var sounds = onAir.Sounds.Require();
        var groups = sounds.Duplicates ?? throw new NoSoundException("Nobody has looked for duplicates yet.");
        var page = groups.Skip(Input.InRange(offset, 0, int.MaxValue, "offset")).Take(Input.InRange(limit, 1, 1000, "limit"));
        return TypedResults.Ok(new DuplicatesResponse(
            sounds.Space.ModelVersion, groups.Count, [.. page.Select(group => new DuplicateGroupResponse(
                [.. group.Tracks.Select((track, n) => SoundMatchResponse.From(n, sounds.Tracks.Tracks[track], group.Similarities[n]))]))]));
    }

    private static ArtistGap? Gap(int spacing, CatalogueIndex tracks)
        => Input.InRange(spacing, 0, MostGap, "artistSpacing") == 0 ? null : new(spacing, tracks.ArtistOf);
}
