using Segue.Features.Matrices;
using Segue.Models.Factorization;
using Segue.Numerics.Search;
using Segue.Retrieval.Lists;

namespace Segue.Evaluation.Planning;

/// <summary>What one step of a night takes.</summary>
/// <param name="Memory">Bytes that stay in memory while it runs; mapped files, which the system may drop, are not in it.</param>
/// <param name="Disk">Bytes that it writes and that are there at its fullest.</param>
public sealed record PlannedStep(string Name, double Seconds, long Memory, long Disk);

/// <summary>The sizes of a service.</summary>
/// <param name="Listens">Interactions of all actions.</param>
/// <exception cref="ArgumentOutOfRangeException">A size is out of range; the message names it.</exception>
public sealed record ServiceSize(long Listeners, long Tracks, long Listens, int Factors)
{
    public long Listeners { get; } = Require(Listeners, 1, int.MaxValue, nameof(Listeners));
    public long Tracks { get; } = Require(Tracks, 1, int.MaxValue, nameof(Tracks));
    public long Listens { get; } = Require(Listens, 1, 1L << 40, nameof(Listens));
    public int Factors { get; } = (int)Require(Factors, 1, 1024, nameof(Factors));

    private static long Require(long value, long least, long most, string name)
        => value >= least && value <= most ? value : throw new ArgumentOutOfRangeException(name, $"{name} is {value}; it must lie from {least} to {most}.");
}

/// <summary>Predicts memory, disk and time of each step of a night from what small runs on the same machine took.</summary>
/// <remarks>Time grows with interactions and rows as measured, and with <see cref="LargeTables"/> where the factors are beyond the caches: gathers then wait
/// for memory. Lists are taken to grow with the items, though pruning grows better with a longer tail.</remarks>
public static class NightPlan
{
    /// <summary>Longer by so much where the tables of factors have more than <see cref="LargeBytes"/>.</summary>
    public const double LargeTables = 1.3;

    /// <summary>Bytes of a table beyond which it counts as large.</summary>
    public const long LargeBytes = 1L << 30;

    private const int ColdSweeps = 16, WarmSweeps = 4, ListLength = 100;
    private const double ActiveShare = 0.1;

    /// <param name="matrixMemory">Bytes that building matrices may use.</param>
    public static IReadOnlyList<PlannedStep> Of(ServiceSize size, MachineRates rates, long matrixMemory)
    {
        var (users, items) = ((int)size.Listeners, (int)size.Tracks);
        var factorBytes = sizeof(float) * size.Factors * (size.Listeners + size.Tracks);
        var wait = factorBytes > LargeBytes ? LargeTables : 1;
        var sweep = (rates.SweepEntry * size.Listens + rates.SweepRow * (size.Listeners + size.Tracks)) * wait + rates.Axes;
        var finish = rates.FinishEntry * size.Listens * wait;
        var needs = MatrixNeeds.Of(users, items, size.Listens, rates.Threads);

        // The model is copied out of the tables at the end.
        var training = CollectiveAls.BytesNeeded(users, items, size.Factors, rates.Threads) + factorBytes;
        var list = rates.ListCell * size.Tracks;
        long Lists(double share) => ListenerLists.BytesOf((long)(share * size.Listeners), ListLength);
        var index = ItemIndex.BytesOf(size.Tracks, size.Factors);
        return
        [
            new("matrices of taste from all interactions", rates.MatrixEntry * size.Listens, Math.Max(matrixMemory, needs.Memory), needs.Together),
            new($"training from random factors, {ColdSweeps} sweeps", ColdSweeps * sweep + finish, training, 2 * factorBytes),
            new($"nightly training from yesterday's factors, {WarmSweeps} sweeps", WarmSweeps * sweep + finish, training, 2 * factorBytes),
            new($"lists of {ListLength} for every listener", list * size.Listeners, index, Lists(1)),
            new($"lists of {ListLength} for the {ActiveShare:P0} that were active", list * size.Listeners * ActiveShare, index, Lists(ActiveShare)),
        ];
    }
}
