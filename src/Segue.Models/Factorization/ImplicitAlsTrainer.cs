using Segue.Features.Interactions;
using Segue.Numerics;
using Segue.Numerics.Sparse;

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
        if (data.Strengths.Count == 0)
        {
            return new ImplicitAlsModel(options, new(data.Users, options.Factors), new(data.Items, options.Factors));
        }
        using var byUser = Encode(data.Strengths);
        using var byItem = byUser.Transpose();
        var als = new CollectiveAls(options);
        using var factors = als.Train(byUser, byItem, run, new StrengthRows(data.Strengths, options));
        return new ImplicitAlsModel(options, factors.Users.ToDense(), factors.Items.ToDense());
    }

    private WeightedRows Encode(CsrMatrix strengths)
    {
        var longest = Enumerable.Range(0, strengths.Rows).Select(row => strengths.Row(row).Count).DefaultIfEmpty(0).Max();
        var (weights, targets, starts) = (new float[longest], new float[longest], new long[strengths.Rows + 1]);
        var codebook = new WeightCodebookBuilder();
        for (var row = 0; row < strengths.Rows; row++)
        {
            var values = strengths.Row(row).Values;
            Confidences.Of(options, values, weights, targets);
            for (var n = 0; n < values.Length; n++)
            {
                codebook.Add(weights[n], targets[n]);
            }
            starts[row + 1] = starts[row] + values.Length;
        }
        var encoder = codebook.Build();
        return WeightedRows.Create(strengths.Columns, starts, encoder.Codebook, (row, columns, codes) =>
        {
            var interactions = strengths.Row(row);
            interactions.Columns.CopyTo(columns);
            Confidences.Of(options, interactions.Values, weights, targets);
            for (var n = 0; n < codes.Length; n++)
            {
                codes[n] = encoder.Encode(weights[n], targets[n]);
            }
        });
    }
}
