using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Segue.Features.Sound;
using Segue.Server.Music;
using Segue.Server.Stores;

namespace Segue.Server.Endpoints;

/// <summary>A scan under way.</summary>
/// <param name="Done">Files of which the outcome is known, of <paramref name="Total"/>.</param>
/// <param name="Analyzed">Of them, those that were listened to; the others were known.</param>
/// <param name="PerSecond">Files listened to in a second.</param>
/// <param name="SecondsLeft">Null where nothing tells.</param>
public sealed record ScanResponse(long Done, long Total, long Analyzed, double PerSecond, double? SecondsLeft);

/// <summary>Trainings of the sound model by this server.</summary>
/// <param name="Share">How far the one under way is, in [0, 1]; null when none is.</param>
/// <param name="Model">The version in use; null before the first.</param>
/// <param name="PublishedAt">When it was published.</param>
/// <param name="EveryHours">From one to the next.</param>
/// <param name="Fault">Why the last one failed; null where it did not.</param>
public sealed record SoundTrainingResponse(double? Share, string? Model, DateTimeOffset? PublishedAt, double EveryHours, string? Fault);

/// <summary>The music that this server looks after.</summary>
/// <param name="Tracks">Tracks that can be played.</param>
/// <param name="Files">Files by outcome: ok, tooShort, silent, corrupt, unsupported, duplicate, unreadable.</param>
/// <param name="Gone">Files that were there once.</param>
/// <param name="Scan">Null when no scan is under way.</param>
/// <param name="ScannedAt">When all was last walked; null before the first walk of this server ended.</param>
/// <param name="Fault">Why the last scan failed; null where it did not.</param>
/// <param name="Training">Null where this server trains no sound model.</param>
public sealed record MusicResponse(
    long Tracks, IReadOnlyDictionary<string, long> Files, long Gone, long SpectraBytes, ScanResponse? Scan, DateTimeOffset? ScannedAt, string? Fault, SoundTrainingResponse? Training);

/// <param name="Id">Where the next page begins.</param>
public sealed record MusicFaultResponse(long Id, string Path, string Outcome, string Fault);

/// <summary>Files that are not ok, and why.</summary>
/// <param name="Next">The <c>after</c> of the next page; null at the end.</param>
public sealed record MusicFaultsResponse(IReadOnlyList<MusicFaultResponse> Faults, long? Next);

/// <summary>The server was started without a music folder, and trains no sound.</summary>
public sealed class NoMusicException() : Exception("This server looks after no music: start it with --music DIR.");

/// <summary>The music folder: what was found in it, and how a scan goes.</summary>
internal static class MusicEndpoints
{
    private static readonly Dictionary<FileOutcome, string> Names = Enum.GetValues<FileOutcome>().ToDictionary(
        outcome => outcome, outcome => char.ToLowerInvariant(outcome.ToString()[0]) + outcome.ToString()[1..]);

    public static void MapMusic(this IEndpointRouteBuilder routes)
    {
        var music = routes.MapGroup("/v1/music").WithTags("Music").ProducesProblem(404);
        music.MapGet("", State).WithSummary("Files by outcome, and how far a scan and a training of the sound model are.");
        music.MapGet("/faults", Faults).WithSummary("Files that are not ok, and why.").ProducesProblem(400);
        music.MapPost("/scan", Scan).WithSummary("Walks the whole music folder anew, in the background.");
    }

    private static Ok<MusicResponse> State(OnAir onAir, MusicService service, SoundTrainingService training) => TypedResults.Ok(Describe(onAir, service, training));

    private static Accepted<MusicResponse> Scan(OnAir onAir, MusicService service, SoundTrainingService training)
    {
        _ = service.Music ?? throw new NoMusicException();
        var state = Describe(onAir, service, training);
        service.Ask();
        return TypedResults.Accepted("/v1/music", state);
    }

    private static Ok<MusicFaultsResponse> Faults(
        OnAir onAir, MusicService service, SoundTrainingService training, string? outcome, [Range(0, long.MaxValue)] long after = 0, [Range(1, 1000)] int limit = 100)
    {
        var library = Parts(onAir, service, training).Sound;
        var faults = library.ListFaults(outcome is null ? null : Parse(outcome), after, Input.InRange(limit, 1, 1000, "limit"));
        return TypedResults.Ok(new MusicFaultsResponse(
            [.. faults.Select(file => new MusicFaultResponse(file.Id, file.Path, Names[file.Outcome], file.Fault))], faults.Count == limit ? faults[^1].Id : null));
    }

    private static MusicResponse Describe(OnAir onAir, MusicService service, SoundTrainingService training)
    {
        var parts = Parts(onAir, service, training);
        var counts = parts.Sound.Counts();
        var scan = service.Progress is { } now ? new ScanResponse(now.Done, now.Total, now.Analyzed, now.PerSecond, now.Left?.TotalSeconds) : null;
        return new(
            counts.Tracks, Names.ToDictionary(name => name.Value, name => counts.Files.GetValueOrDefault(name.Key)), counts.Gone, counts.SpectraBytes,
            scan, service.WalkedAt, service.Fault,
            training.Schedule is { } schedule ? new(training.Progress, parts.SoundModels.Current(), parts.SoundModels.PublishedAt(), schedule.Every.TotalHours, training.Fault) : null);
    }

    private static StoreParts Parts(OnAir onAir, MusicService service, SoundTrainingService training)
        => service.Music is null && training.Schedule is null ? throw new NoMusicException() : onAir.RequireHost().Store.Parts;

    private static FileOutcome Parse(string outcome)
        => Names.FirstOrDefault(name => name.Value == outcome) is { Value: not null } found
            ? found.Key
            : throw new BadHttpRequestException($"outcome is '{outcome}'; allowed are {string.Join(", ", Names.Values)}.");
}
