using System.Collections.Concurrent;
using Segue.Features.Interactions;
using Segue.Numerics;
using Segue.Numerics.Factors;

namespace Segue.Models.Factorization;

/// <summary>Brings a model up to date between nights: rows that changed are solved anew, exactly, all others stay as they are.</summary>
/// <remarks>Changed users are folded into the items as they were, then changed items into the users, then the users once more: so a new track gets its place from its
/// listeners, and they theirs from it. O(entries) to find the rows, two Gram products of each side, and n d² + d³ / 6 for each changed row of n entries. Equal bytes for any number of
/// threads.</remarks>
public static class ImplicitAlsUpdate
{
    /// <param name="before">The model, and which of its rows each row of <paramref name="data"/> was.</param>
    /// <param name="data">All that is known now.</param>
    /// <param name="users">Rows of users who did something since, new ones among them; distinct.</param>
    /// <param name="items">Rows of items that something was done to since, new ones among them; distinct.</param>
    /// <exception cref="ModelDivergedException">A system is not positive definite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the model before is as it was.</exception>
    public static ImplicitAlsModel Run(WarmStart before, TrainingSet data, IReadOnlyList<int> users, IReadOnlyList<int> items, TrainingRun run)
    {
        var options = before.Model.Options;
        var (x, y) = (new DenseMatrix(data.Users, options.Factors), new DenseMatrix(data.Items, options.Factors));
        Copy(before.Users, x, row => before.Model.UserFactors(row));
        Copy(before.Items, y, row => before.Model.ItemFactors.Row(row));
        GC.KeepAlive(before.Model);
        var byUser = new ActionSource(data.Actions, options.CreateWeights());
        var byItem = Columns(byUser, data, items);
        Entries RowOf(int user) => byUser.Row(user);
        Solve(options, users, RowOf, fixedSide: y, solved: x, run);
        run.Progress?.Report(1.0 / 3);
        Solve(options, items, item => byItem[item], fixedSide: x, solved: y, run);
        run.Progress?.Report(2.0 / 3);
        Solve(options, users, RowOf, fixedSide: y, solved: x, run);
        run.Progress?.Report(1);
        return new(options, x, y);
    }

    /// <summary>What the factors of items would be if few had heard them: solved from some of their listeners, who stay as they were learnt.</summary>
    /// <remarks>These learnt from the rest of their listens too, so a true beginner's factors are somewhat worse.</remarks>
    /// <param name="listeners">So many of each item's listeners are drawn, by the run's seed; all of an item that has no more.</param>
    /// <returns>Shape [items × d].</returns>
    /// <exception cref="ModelDivergedException">A system is not positive definite.</exception>
    public static DenseMatrix SolveThinned(ImplicitAlsModel model, TrainingSet data, IReadOnlyList<int> items, int listeners, TrainingRun run)
    {
        var (x, thinned) = (new DenseMatrix(data.Users, model.Factors), new DenseMatrix(items.Count, model.Factors));
        Copy([.. Enumerable.Range(0, data.Users)], x, user => model.UserFactors(user));
        var byItem = Columns(new ActionSource(data.Actions, model.Options.CreateWeights()), data, items);
        Entries Drawn(int n)
        {
            var entries = byItem[items[n]];
            var order = Enumerable.Range(0, entries.Columns.Length).ToArray();
            new SeededRandom(run.Seed, 0x7417, (ulong)items[n]).Shuffle<int>(order);
            int[] kept = [.. order.Take(listeners).Order()];
            return new([.. kept.Select(at => entries.Columns[at])], [.. kept.Select(at => entries.Weights[at])], [.. kept.Select(at => entries.Targets[at])]);
        }

        Solve(model.Options, [.. Enumerable.Range(0, items.Count)], Drawn, fixedSide: x, solved: thinned, run);
        return thinned;
    }

    private delegate ReadOnlySpan<float> ReadRow(int row);

    private static void Copy(int[] rows, DenseMatrix target, ReadRow read)
    {
        for (var row = 0; row < rows.Length; row++)
        {
            if (rows[row] >= 0)
            {
                read(rows[row]).CopyTo(target.Row(row));
            }
        }
    }

    // The entries of some items, by ascending user.
    private static Dictionary<int, Entries> Columns(ActionSource byUser, TrainingSet data, IReadOnlyList<int> items)
    {
        var columns = items.ToDictionary(item => item, _ => (Users: new List<int>(), Weights: new List<float>(), Targets: new List<float>()));
        for (var user = 0; user < data.Users; user++)
        {
            var row = byUser.Row(user);
            for (var n = 0; n < row.Columns.Length; n++)
            {
                if (columns.TryGetValue(row.Columns[n], out var column))
                {
                    column.Users.Add(user);
                    column.Weights.Add(row.Weights[n]);
                    column.Targets.Add(row.Targets[n]);
                }
            }
        }
        return columns.ToDictionary(column => column.Key, column => new Entries([.. column.Value.Users], [.. column.Value.Weights], [.. column.Value.Targets]));
    }

    private static void Solve(
        ImplicitAlsOptions options, IReadOnlyList<int> rows, Func<int, Entries> entriesOf, DenseMatrix fixedSide, DenseMatrix solved, TrainingRun run)
    {
        if (rows.Count == 0)
        {
            return;
        }
        var gram = fixedSide.Gram(run.Threads);
        var systems = new ConcurrentBag<RowSystem>();
        Workers.For(rows.Count, run.Threads, n =>
        {
            var (columns, weights, targets) = entriesOf(rows[n]);
            var target = solved.Row(rows[n]);
            if (columns.Length == 0)
            {
                target.Clear();
                return;
            }
            var system = systems.TryTake(out var free) ? free : new RowSystem(options.Factors);
            system.Begin(gram.AsSpan(), (float)options.Alpha0, options.PenaltyOf(columns.Length, fixedSide.Rows));
            system.Add(fixedSide, columns, weights, targets);
            if (!system.TrySolve(target))
            {
                throw new ModelDivergedException($"The system of row {rows[n]} is not positive definite; raise lambda.");
            }
            systems.Add(system);
        }, run.Cancellation);
        GC.KeepAlive(solved);
        foreach (var system in systems)
        {
            system.Dispose();
        }
    }
}
