using Segue.Features.Interactions;
using Segue.Numerics.Sparse;

namespace Segue.Models.Factorization;

/// <summary>Rows of actions as training fits them: coded for the sweeps, at full precision for the users' last half-step.</summary>
internal sealed class ActionSource(ActionRows actions, TasteWeights weights) : IRowSource
{
    private readonly int _longest = Enumerable.Range(0, actions.Users).Select(user => actions.Row(user).Length).DefaultIfEmpty(0).Max();

    /// <summary>Users × items.</summary>
    public WeightedRows Encode(int items)
    {
        var (columns, confidences, targets, starts) = (new int[_longest], new float[_longest], new float[_longest], new long[actions.Users + 1]);
        var codebook = new WeightCodebookBuilder();
        for (var user = 0; user < actions.Users; user++)
        {
            var count = weights.Weigh(actions.Row(user), columns, confidences, targets);
            for (var n = 0; n < count; n++)
            {
                codebook.Add(confidences[n], targets[n]);
            }
            starts[user + 1] = starts[user] + count;
        }
        var encoder = codebook.Build();
        return WeightedRows.Create(items, starts, encoder.Codebook, (user, columnsOfRow, codes) =>
        {
            var count = weights.Weigh(actions.Row(user), columns, confidences, targets);
            columns.AsSpan(0, count).CopyTo(columnsOfRow);
            for (var n = 0; n < codes.Length; n++)
            {
                codes[n] = encoder.Encode(confidences[n], targets[n]);
            }
        });
    }

    /// <summary>A user's entries at full precision, by ascending item.</summary>
    public Entries Row(int user)
    {
        var row = actions.Row(user);
        var (columns, confidences, targets) = (new int[row.Length], new float[row.Length], new float[row.Length]);
        var count = weights.Weigh(row, columns, confidences, targets);
        return new(columns[..count], confidences[..count], targets[..count]);
    }

    public ReadOnlySpan<int> Read(int row, Span<float> confidences, Span<float> targets)
    {
        var entries = Row(row);
        entries.Weights.CopyTo(confidences);
        entries.Targets.CopyTo(targets);
        return entries.Columns;
    }
}

/// <summary>One row: columns with their weights and targets.</summary>
internal readonly record struct Entries(int[] Columns, float[] Weights, float[] Targets);
