using System.Runtime.CompilerServices;
using Segue.Core;
using Segue.Events.Compaction;
using Segue.Events.Tests;
using Segue.Features.Interactions;
using Segue.Features.Matrices;
using Segue.Numerics;
using Segue.Numerics.Sparse;

namespace Segue.Features.Tests.Matrices;

/// <summary>A random world of occurrences, matrices built of it, and the same reckoned plainly in memory.</summary>
/// <remarks>Amounts are eighths: their sums have no rounding, so that the plain way, which adds in the order of the source, gives equal numbers.</remarks>
internal sealed class MatrixWorld(int users, int items, Occurrence[] occurrences)
{
    /// <summary>So little of everything that a few hundred occurrences make several runs, groups and pieces.</summary>
    public static readonly BuildSizes Tiny = new(RunRecords: 60, GroupRecords: 40, TurnBytes: 150, TurnThreads: 8, ScatterBytes: 2_000);

    public static readonly TasteWeights Weights = new(new Dictionary<InteractionAction, ActionTerm>
    {
        [InteractionAction.Listen] = new(1, 1, 30),
        [InteractionAction.Skip] = new(0.5, -0.5),
        [InteractionAction.VoteDown] = new(2, -1),
        [InteractionAction.PlaylistAdd] = new(1.5, 1),
    }, 0.4);

    public int Users => users;
    public int Items => items;
    public Occurrence[] Occurrences => occurrences;

    public static MatrixWorld Random(ulong seed)
    {
        var random = new SeededRandom(seed);
        var (users, items) = (1 + random.NextInt(60), 1 + random.NextInt(50));
        var occurrences = new Occurrence[1 + random.NextInt(900)];
        foreach (ref var occurrence in occurrences.AsSpan())
        {
            occurrence = new(
                Math.Min(random.NextInt(users), random.NextInt(users)),
                Math.Min(random.NextInt(items), random.NextInt(items)),
                (InteractionAction)random.NextInt(6),
                (1 + random.NextInt(40)) / 8f,
                random.NextInt(400) / 4f);
        }
        return new(users, items, occurrences);
    }

    public MatrixWorld Shuffled(ulong seed)
    {
        var other = occurrences.ToArray();
        new SeededRandom(seed).Shuffle<Occurrence>(other);
        return new(users, items, other);
    }

    /// <param name="breakAfter">Occurrences after which the source fails; negative: never.</param>
    public OccurrenceSource Source(long breakAfter = -1) => new(Stream(breakAfter), "world");

    public Task<MatrixManifest> BuildAsync(
        TemporaryFolder folder, MatrixOptions options, BuildSizes? sizes = null, string name = "matrices", OccurrenceSource? source = null, IProgress<StepProgress>? progress = null)
        => new MatrixBuilder(users, items, Weights, options, sizes ?? Tiny).BuildAsync(
            source ?? Source(), folder[name], folder["work"], progress, TestContext.Current.CancellationToken);

    /// <summary>What the options' remarks say, one step after the other. A cap by chance is left to tests of its own.</summary>
    public (WeightedRows ByUser, WeightedRows ByItem) Plainly(MatrixOptions options)
    {
        var counted = occurrences.Where(o => (options.Horizon == 0 || o.Age <= options.Horizon) && Weights[o.Action].Weight > 0);
        var gathered = ActionRows.Gather(users, counted.Select(o => (o.User, new PairAction(o.Item, o.Action, o.Amount, o.Age))));
        var itemUsers = new int[items];
        for (var user = 0; user < users; user++)
        {
            foreach (var item in ItemsOf(gathered.Row(user)))
            {
                itemUsers[item]++;
            }
        }
        var rows = Enumerable.Range(0, users).Select(user => Row(gathered.Row(user).ToArray(), itemUsers, options)).ToArray();
        var builder = new WeightCodebookBuilder();
        foreach (var (_, weight, target) in rows.SelectMany(row => row))
        {
            builder.Add(weight, target);
        }
        var encoder = builder.Build();
        var starts = new long[users + 1];
        for (var user = 0; user < users; user++)
        {
            starts[user + 1] = starts[user] + rows[user].Length;
        }
        var byUser = WeightedRows.Create(items, starts, encoder.Codebook, (user, columns, codes) =>
        {
            for (var n = 0; n < columns.Length; n++)
            {
                columns[n] = rows[user][n].Item;
                if (codes.Length > 0)
                {
                    codes[n] = encoder.Encode(rows[user][n].Weight, rows[user][n].Target);
                }
            }
        });
        return (byUser, byUser.Transpose());
    }

    private static int[] ItemsOf(ReadOnlySpan<PairAction> row) => [.. row.ToArray().Select(entry => entry.Item).Distinct()];

    private static (int Item, float Weight, float Target)[] Row(PairAction[] row, int[] itemUsers, MatrixOptions options)
    {
        row = [.. row.Where(entry => itemUsers[entry.Item] >= options.MinItemUsers)];
        if (ItemsOf(row).Length < options.MinUserItems)
        {
            row = [];
        }
        if (options.MaxItemsPerUser > 0)
        {
            var newest = row.GroupBy(entry => entry.Item).OrderBy(item => item.Min(entry => entry.Age)).Take(options.MaxItemsPerUser).Select(item => item.Key).ToHashSet();
            row = [.. row.Where(entry => newest.Contains(entry.Item))];
        }
        var (kept, weights, targets) = (new int[row.Length], new float[row.Length], new float[row.Length]);
        var count = Weights.Weigh(row, kept, weights, targets);
        return [.. Enumerable.Range(0, count).Select(n => (kept[n], weights[n], targets[n]))];
    }

    private async IAsyncEnumerable<Occurrence> Stream(long breakAfter, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await Task.Yield();
        long n = 0;
        foreach (var occurrence in occurrences)
        {
            cancellation.ThrowIfCancellationRequested();
            if (n++ == breakAfter)
            {
                throw new IOException("The source broke.");
            }
            yield return occurrence;
        }
    }
}

internal sealed class Watch(Action<StepProgress> seen) : IProgress<StepProgress>
{
    public void Report(StepProgress value) => seen(value);
}

internal static class MatrixAssert
{
    public static void Same(WeightedRows expected, WeightedRows actual)
    {
        Assert.Equal((expected.Rows, expected.Columns, expected.Count), (actual.Rows, actual.Columns, actual.Count));
        Assert.Equal(expected.Codebook.Weights, actual.Codebook.Weights);
        Assert.Equal(expected.Codebook.Targets, actual.Codebook.Targets);
        for (var row = 0; row < expected.Rows; row++)
        {
            Assert.Equal(expected.ColumnsOf(row), actual.ColumnsOf(row));
            Assert.Equal(expected.CodesOf(row), actual.CodesOf(row));
        }
    }

    /// <summary>Names and bytes of all files of a folder.</summary>
    public static Dictionary<string, string> Content(string folder)
        => Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).ToDictionary(file => Path.GetFileName(file), file => Convert.ToBase64String(File.ReadAllBytes(file)));
}
