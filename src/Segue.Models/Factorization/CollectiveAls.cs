using Segue.Numerics.Factors;
using Segue.Numerics.Memory;
using Segue.Numerics.Sparse;

namespace Segue.Models.Factorization;

/// <summary>Learns shared factors of users and items from weighted interactions of any size that fits on the disk.</summary>
/// <remarks>
/// Alternating least squares for the objective of <c>docs/notation.md</c>, several actions collapsed to one weight and target a pair
/// (<see cref="WeightCodebook"/>). A sweep solves the items and then the users, each row by a few warm-started steps of conjugate gradients in axes
/// where the Gram matrix is diagonal (<c>docs/adr/0013-rotated-conjugate-gradients.md</c>). Rows are read in order, so they may be mapped from files. Memory
/// beside them: <see cref="BytesNeeded"/>. Equal seed and data give equal bytes for any number of threads and any number of
/// interruptions, on processors of one vector width.
/// </remarks>
public sealed class CollectiveAls
{
    private readonly ImplicitAlsOptions _options;

    /// <exception cref="ArgumentException">An option is out of range; the message names it.</exception>
    public CollectiveAls(ImplicitAlsOptions options)
    {
        options.Require();
        _options = options;
    }

    /// <summary>Bytes of factors and scratch, beside the interactions.</summary>
    public static long BytesNeeded(long users, long items, int factors, int threads)
        => FactorTable.BytesOf(users + items, factors)
            + threads * RotatedCg.BytesOf(factors)
            + 8L * 1024 * 1024 * 8 + 12L * factors * factors * sizeof(double);

    /// <summary>Trains to the end: all sweeps, then the users once more to float32's precision.</summary>
    /// <param name="byUser">Users × items.</param>
    /// <param name="byItem">The same entries, items × users.</param>
    /// <param name="start">Where to begin, consumed; null begins at random factors of the run's seed.</param>
    /// <param name="checkpoint">Written after each half-step, and taken up again when it fits the data, the options and the seed; null for
    /// none. Left in place at the end.</param>
    /// <param name="availableBytes">Memory that may be used; null asks the system.</param>
    /// <exception cref="ArgumentException">The two orientations do not agree, or there is nothing to learn from.</exception>
    /// <exception cref="InvalidDataException">The rows are damaged, or the checkpoint is.</exception>
    /// <exception cref="ForeignCheckpointException">The checkpoint is of another training.</exception>
    /// <exception cref="TooLittleMemoryException">Too little memory; nothing was begun.</exception>
    /// <exception cref="ModelDivergedException">The numbers left the finite range; the message says which setting helps.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the checkpoint holds the last whole half-step.</exception>
    public AlsFactors Train(
        WeightedRows byUser, WeightedRows byItem, TrainingRun run, AlsFactors? start = null, string? checkpoint = null, long? availableBytes = null)
        => Train(byUser, byItem, run, new CodedRows(byUser), start, checkpoint, availableBytes);

    /// <param name="finish">The users' rows with the weights of the last, exact half-step.</param>
    internal AlsFactors Train(
        WeightedRows byUser, WeightedRows byItem, TrainingRun run, IRowSource finish,
        AlsFactors? start = null, string? checkpoint = null, long? availableBytes = null)
    {
        Require(byUser, byItem, run, availableBytes);
        var file = checkpoint is null ? null : new AlsCheckpoint(checkpoint, _options, byUser, byItem, run.Seed, start);
        var saved = file?.Load();
        if (saved?.HalfSteps > 2 * _options.Sweeps)
        {
            saved.Dispose();
            throw new ForeignCheckpointException($"The checkpoint {checkpoint} has more than the {_options.Sweeps} sweeps asked for; delete it to begin anew.");
        }
        if (saved is not null)
        {
            start?.Dispose();
        }
        var factors = saved ?? start ?? AlsFactors.Random(byUser.Rows, byUser.Columns, _options, run.Seed);
        try
        {
            var total = 2 * _options.Sweeps + 1;
            while (factors.HalfSteps < total - 1)
            {
                HalfStep(factors, byUser, byItem, run);
                file?.Save(factors);
                run.Progress?.Report((double)factors.HalfSteps / total);
            }
            Finish(factors, byUser, finish, run);
            run.Progress?.Report(1);
            return factors;
        }
        catch
        {
            factors.Dispose();
            throw;
        }
    }

    /// <summary>The next half-step: the items after an even number of them, the users after an odd one.</summary>
    /// <exception cref="ModelDivergedException">The numbers left the finite range.</exception>
    public void HalfStep(AlsFactors factors, WeightedRows byUser, WeightedRows byItem, TrainingRun run)
    {
        if (factors.HalfSteps % 2 == 0)
        {
            new AlsHalfStep(_options, factors.Users, factors.Items, run).Approach(byItem);
        }
        else
        {
            new AlsHalfStep(_options, factors.Items, factors.Users, run).Approach(byUser);
        }
        factors.HalfSteps++;
    }

    /// <summary>Solves the users to float32's precision, so that their factors are what folding them in would give.</summary>
    public void FinishUsers(AlsFactors factors, WeightedRows byUser, TrainingRun run)
        => Finish(factors, byUser, new CodedRows(byUser), run);

    private void Finish(AlsFactors factors, WeightedRows byUser, IRowSource source, TrainingRun run)
        => new AlsHalfStep(_options, factors.Items, factors.Users, run).Finish(byUser.Rows, byUser.Start, source);

    private void Require(WeightedRows byUser, WeightedRows byItem, TrainingRun run, long? availableBytes)
    {
        if (byUser.Rows != byItem.Columns || byUser.Columns != byItem.Rows || byUser.Count != byItem.Count)
        {
            throw new ArgumentException(
                $"By user there are {byUser.Rows} × {byUser.Columns} with {byUser.Count} entries, by item {byItem.Rows} × {byItem.Columns} with {byItem.Count}.");
        }
        if (byUser.Count == 0)
        {
            throw new ArgumentException($"There is nothing to learn from: {byUser.Rows} users and {byUser.Columns} items, and no interaction.");
        }
        MemoryNeed.Require(
            BytesNeeded(byUser.Rows, byUser.Columns, _options.Factors, run.Threads),
            $"the factors of {byUser.Rows} users and {byUser.Columns} items at d = {_options.Factors}", availableBytes);
        byUser.Check();
        byItem.Check();
    }
}
