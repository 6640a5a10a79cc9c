using Segue.Features.Interactions;

namespace Segue.Models.Factorization;

/// <summary>Learns user and item factors of a training set by <see cref="CollectiveAls"/>.</summary>
/// <remarks>A sweep solves all items and then all users, and at the end the users once more at full precision, with the weights as folding in
/// weighs them: so the users' factors are those that fit the final items, and folding a listener in gives what training gave. A pair weighs the same in
/// both half-steps: what count weights take as usual is the user's mean. Equal bytes for any number of threads. Memory: 4 d bytes a user and an item, twice while the model is
/// made, and 18 bytes an interaction.</remarks>
public sealed class ImplicitAlsTrainer(ImplicitAlsOptions options) : IModelTrainer
{
    public IReadOnlyDictionary<string, double> Settings { get; } = options.ToSettings();

    public IRecommenderModel Train(TrainingSet data, TrainingRun run)
    {
        run.Cancellation.ThrowIfCancellationRequested();
        var source = new ActionSource(data.Actions, options.Weights);
        using var byUser = source.Encode(data.Items);
        using var byItem = byUser.Transpose();
        if (byUser.Count == 0)
        {
            return new ImplicitAlsModel(options, new(data.Users, options.Factors), new(data.Items, options.Factors));
        }
        var als = new CollectiveAls(options);
        using var factors = als.Train(byUser, byItem, run, source);
        return new ImplicitAlsModel(options, factors.Users.ToDense(), factors.Items.ToDense());
    }
}
