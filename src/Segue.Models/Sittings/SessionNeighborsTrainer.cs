using Segue.Features.Interactions;

namespace Segue.Models.Sittings;

/// <summary>Cuts what users played into sittings; all else is done when a sitting asks.</summary>
public sealed class SessionNeighborsTrainer(SessionNeighborsOptions options) : IModelTrainer
{
    public IReadOnlyDictionary<string, double> Settings { get; } = options.ToSettings();

    public IRecommenderModel Train(TrainingSet data, TrainingRun run)
    {
        run.Cancellation.ThrowIfCancellationRequested();
        var past = PastSittings.Cut(data, options.Window, options.Gap);
        return new SessionNeighborsModel(options, data.IsOrdered, data.Users, past, [.. data.ItemUsers.Select(count => (float)count)]);
    }
}
