using Segue.Features.Interactions;
using Segue.Numerics;

namespace Segue.Models.Factorization;

/// <summary>Learns user and item factors by exact alternating least squares.</summary>
/// <remarks>A sweep solves all items and then all users; so the users' factors are always those that fit the final items,
/// and folding a listener in gives what training gave. Rows are independent and Gram matrices are summed in fixed blocks: equal
/// bytes for any number of threads. Memory: 4 d bytes a user and an item, and 16 bytes an interaction. What an item's row problem
/// weighs by count is the item's own mean, as the user's is by the user's.</remarks>
public sealed class ImplicitAlsTrainer(ImplicitAlsOptions options) : IModelTrainer
{
    private const int RowsAPiece = 64;

    public IReadOnlyDictionary<string, double> Settings { get; } = options.ToSettings();

    public IRecommenderModel Train(TrainingSet data, TrainingRun run)
    {
        var users = new DenseMatrix(data.Users, options.Factors);
        var items = new DenseMatrix(data.Items, options.Factors);
        Initialize(users, run.Seed, stream: 0);
        Initialize(items, run.Seed, stream: 1);
        var byUser = data.Strengths;
        var byItem = byUser.Transpose();
        for (var sweep = 0; sweep < options.Sweeps; sweep++)
        {
            HalfStep(byItem, users, items, run);
            HalfStep(byUser, items, users, run);
            run.Progress?.Report((sweep + 1.0) / options.Sweeps);
        }
        return new ImplicitAlsModel(options, users, items);
    }

    private void HalfStep(CsrMatrix rows, DenseMatrix fixedSide, DenseMatrix solved, TrainingRun run)
    {
        var gram = fixedSide.Gram(run.Threads);
        var pieces = (rows.Rows + RowsAPiece - 1) / RowsAPiece;
        Workers.For(pieces, run.Threads, piece =>
        {
            var solver = new ImplicitAlsSolver(options, fixedSide, gram);
            for (var row = piece * RowsAPiece; row < Math.Min(rows.Rows, (piece + 1) * RowsAPiece); row++)
            {
                var interactions = rows.Row(row);
                solver.Solve(interactions.Columns, interactions.Values, solved.Row(row));
            }
        }, run.Cancellation);
    }

    private void Initialize(DenseMatrix factors, ulong seed, ulong stream)
    {
        var scale = options.Deviation / Math.Sqrt(options.Factors);
        for (var row = 0; row < factors.Rows; row++)
        {
            var random = new SeededRandom(seed, stream, (ulong)row);
            foreach (ref var value in factors.Row(row))
            {
                value = (float)(random.NextNormal() * scale);
            }
        }
    }
}
