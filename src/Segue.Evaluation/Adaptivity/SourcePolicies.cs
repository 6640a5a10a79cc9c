using Segue.Evaluation.Lab;
using Segue.Evaluation.Sound;
using Segue.Features.Interactions;
using Segue.Models.Registry;
using Segue.Models.Playlists;
using Segue.Models.Tags;
using Segue.Retrieval.Nearest;

namespace Segue.Evaluation.Adaptivity;

/// <summary>Radios that know how the tracks of a lab world sound, how they are tagged, or on which playlists they stand, to be compared with the one that knows none of it.</summary>
public static class SourcePolicies
{
    /// <summary>The standard policies, and before the radio one for each source.</summary>
    /// <remarks>Hearing takes 25 ms a track.</remarks>
    public static IReadOnlyList<ISittingPolicy> Create(LabWorld world, Dataset data, ModelSet models, CancellationToken cancellation = default)
    {
        var run = new Models.TrainingRun(world.Options.Seed, world.Options.Threads, Cancellation: cancellation);
        var vectors = LabVectors.Of(new(world, share: 0), run);
        var sounds = DirectionIndex.Create("lab", [.. Enumerable.Range(0, vectors.Rows)], vectors);
        var tags = TagDirections.Of((TagSpaceModel)LabModels.Train(TagSpaceModel.KindName, data.Training, run), "lab");
        var standard = PolicyComparison.Standard(data, models, world.Options.Seed);
        return
        [
            .. standard.SkipLast(1),
            new RadioPolicy("radio with sound", data, models, new(), sounds: sounds),
            new RadioPolicy("radio with tags", data, models, new(), tags: tags),
            new RadioPolicy("radio with both", data, models, new(), sounds: sounds, tags: tags),
            .. data.Training.Playlists is null ? Array.Empty<ISittingPolicy>() : [new RadioPolicy("radio with playlists", data, WithPlaylists(data, models, run), new())],
            standard[^1],
        ];
    }

    private static ModelSet WithPlaylists(Dataset data, ModelSet models, Models.TrainingRun run)
        => models with { Playlists = (PlaylistNeighborsModel)LabModels.Train(PlaylistNeighborsModel.KindName, data.Training, run) };
}
