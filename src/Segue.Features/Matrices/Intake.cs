using Segue.Core;
using Segue.Events.Compaction;
using Segue.Features.Interactions;

namespace Segue.Features.Matrices;

/// <summary>What was read.</summary>
/// <param name="Occurrences">All of them.</param>
/// <param name="Kept">Those within the horizon, of actions that weigh something.</param>
internal sealed record IntakeTotals(long Occurrences, long Kept);

/// <summary>The first step: reads what happened once and spills it, packed, in runs. Goes on after the last whole run.</summary>
internal sealed class Intake(WorkFolder work, BuildSizes sizes, int users, int items, TasteWeights weights, MatrixOptions options, IProgress<StepProgress>? progress)
{
    private const int BatchLength = 4096, LookUpEvery = 1 << 12, ReportEvery = 1 << 20;
    private readonly bool[] _weighs = [.. Enum.GetValues<InteractionAction>().Select(action => weights[action].Weight > 0)];

    public async Task<IntakeTotals> RunAsync(OccurrenceSource source, CancellationToken cancellation)
    {
        if (work.Marked<IntakeTotals>(WorkFolder.IntakeMark) is { } done)
        {
            return done;
        }
        await using var runs = new RunWriter(work, new(users), sizes.RunRecords, options.Threads > 1);
        var skip = runs.Consumed;
        var batch = new PackedOccurrence[Math.Min(BatchLength, sizes.RunRecords)];
        var count = 0;
        long position = 0;
        await foreach (var occurrence in source.Occurrences.WithCancellation(cancellation))
        {
            if (position++ < skip)
            {
                continue;
            }
            Require(occurrence, position - 1);
            if ((options.Horizon == 0 || occurrence.Age <= options.Horizon) && _weighs[(int)occurrence.Action])
            {
                batch[count++] = PackedOccurrence.Pack(occurrence);
            }
            if (count == batch.Length)
            {
                await runs.AppendAsync(batch, position);
                count = 0;
            }
            if (position % LookUpEvery == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }
            if (position % ReportEvery == 0)
            {
                progress?.Report(new("reading", position, source.AtMost));
            }
        }
        if (position < skip)
        {
            throw new InvalidDataException($"The source ended after {position} occurrences; {skip} were read of it before, under the same fingerprint.");
        }
        await runs.AppendAsync(batch.AsMemory(0, count), position);
        await runs.FinishAsync(position);
        var totals = new IntakeTotals(position, runs.Kept);
        work.Mark(WorkFolder.IntakeMark, totals);
        return totals;
    }

    private void Require(in Occurrence occurrence, long position)
    {
        var (user, item, action, amount, age) = occurrence;
        if ((uint)user < (uint)users && (uint)item < (uint)items && (uint)action < (uint)_weighs.Length
            && amount > 0 && amount <= float.MaxValue && age >= 0 && age <= float.MaxValue)
        {
            return;
        }
        throw new InvalidDataException(FormattableString.Invariant($"Occurrence {position}, counted from 0: ") + ((uint)user >= (uint)users ? Range("user", user, users)
            : (uint)item >= (uint)items ? Range("item", item, items)
            : (uint)action >= (uint)_weighs.Length ? $"the action {(int)action} is not known."
            : !(amount > 0 && amount <= float.MaxValue) ? FormattableString.Invariant($"the amount {amount} is not allowed: give a finite number above 0.")
            : FormattableString.Invariant($"the age {age} is not allowed: give a finite number of days of at least 0.")));
    }

    private static string Range(string what, int row, int rows) => $"the {what} {row} lies outside: rows are 0 to {rows - 1}.";
}
