using Segue.Features.Interactions;

namespace Segue.Models.Sittings;

/// <summary>Learns both parts of the blend from the same data.</summary>
public sealed class SessionBlendTrainer(SessionBlendOptions options) : IModelTrainer
{
    public IReadOnlyDictionary<string, double> Settings { get; } = options.ToSettings();

    public IRecommenderModel Train(TrainingSet data, TrainingRun run) => new SessionBlendModel(
        options,
        (SessionNeighborsModel)new SessionNeighborsTrainer(options.NeighborsOptions).Train(data, run with { Progress = null }),
        (TransitionsModel)new TransitionsTrainer(options.TransitionsOptions).Train(data, run),
        [.. data.ItemUsers.Select(count => (float)count)]);
}
