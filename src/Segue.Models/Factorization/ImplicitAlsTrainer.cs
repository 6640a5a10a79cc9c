using Segue.Features;
using Segue.Features.Interactions;
using Segue.Numerics.Sparse;

namespace Segue.Models.Factorization;

/// <summary>Learns user and item factors of a training set by <see cref="CollectiveAls"/>.</summary>
/// <remarks>A sweep solves all items and then all users, and at the end the users once more at full precision, with the weights as folding in
/// weighs them: so the users' factors are those that fit the final items, and folding a listener in gives what training gave. A pair weighs the same in
/// both half-steps: what count weights take as usual is the user's mean. Equal bytes for any number of threads. Memory: 4 d bytes a user and an item, twice while the model is
/// made, and 18 bytes an interaction.</remarks>
/// <param name="warm">An earlier model to begin from; null begins at random. Then a quarter of the sweeps, at least two, is made.</param>
/// <param name="checkpoint">File that a training which was broken off goes on from; one of another training is overwritten. Null: none.</param>
public sealed class ImplicitAlsTrainer(ImplicitAlsOptions options, WarmStart? warm = null, string? checkpoint = null) : IModelTrainer
{
    private const int ShareOfSweeps = 4, FewestSweeps = 2;

    public IReadOnlyDictionary<string, double> Settings { get; } = options.ToSettings();

    public IRecommenderModel Train(TrainingSet data, TrainingRun run)
    {
        run.Cancellation.ThrowIfCancellationRequested();
        var source = new ActionSource(data.Actions, options.CreateWeights());
        using var byUser = source.Encode(data.Items);
        using var byItem = byUser.Transpose();
        if (byUser.Count == 0)
        {
            return new ImplicitAlsModel(options, new(data.Users, options.Factors), new(data.Items, options.Factors));
        }
        using var factors = Learn(byUser, byItem, source, run);
        return new ImplicitAlsModel(options, factors.Users.ToDense(), factors.Items.ToDense());
    }

    /// <summary>Learns from matrices that lie in memory or are mapped from files; the users' last half-step takes their coded weights too.</summary>
    /// <param name="byUser">Users × items.</param>
    /// <param name="byItem">The same entries, items × users.</param>
    /// <inheritdoc cref="CollectiveAls.Train(WeightedRows, WeightedRows, TrainingRun, AlsFactors?, string?, long?)"/>
    public ImplicitAlsModel Train(WeightedRows byUser, WeightedRows byItem, TrainingRun run)
    {
        using var factors = Learn(byUser, byItem, new CodedRows(byUser), run);
        return new(options, factors.Users.ToDense(), factors.Items.ToDense());
    }

    private AlsFactors Learn(WeightedRows byUser, WeightedRows byItem, IRowSource source, TrainingRun run)
    {
        var als = new CollectiveAls(warm is null ? options : options with { Sweeps = Math.Min(options.Sweeps, Math.Max(FewestSweeps, options.Sweeps / ShareOfSweeps)) });
        AlsFactors? Start() => warm is null ? null : AlsFactors.From(warm.Model, warm.Users, warm.Items, options, run.Seed);
        var start = Start();
        try
        {
            return als.Train(byUser, byItem, run, source, start, checkpoint);
        }
        catch (ForeignCheckpointException)
        {
            start?.Dispose();
            File.Delete(checkpoint!);
            return als.Train(byUser, byItem, run, source, Start(), checkpoint);
        }
    }
}

/// <summary>An earlier model, and which of its rows each row of the new data was.</summary>
/// <param name="Users">For each user the row in the model, -1 for a new one.</param>
/// <param name="Items">The same of items.</param>
public sealed record WarmStart(ImplicitAlsModel Model, int[] Users, int[] Items)
{
    /// <summary>Finds the rows by their ids.</summary>
    /// <param name="knownUsers">Ids by row of the model.</param>
    /// <param name="users">Ids by row of the new data.</param>
    public static WarmStart ById(
        ImplicitAlsModel model, IReadOnlyList<string> knownUsers, IReadOnlyList<string> knownItems, IReadOnlyList<string> users, IReadOnlyList<string> items)
        => new(model, Rows(knownUsers, users), Rows(knownItems, items));

    private static int[] Rows(IReadOnlyList<string> known, IReadOnlyList<string> ids)
    {
        var rows = new IdMap(known);
        return [.. ids.Select(id => rows.Find(id) ?? -1)];
    }
}
