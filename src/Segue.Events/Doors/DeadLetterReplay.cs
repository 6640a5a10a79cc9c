using Segue.Events.DeadLetters;
using Segue.Events.Log;
using Segue.Events.Mapping;
using Segue.Events.Sources;
using Segue.Events.Wire;

namespace Segue.Events.Doors;

/// <summary>Sends dead letters through the pipeline once more, as they are or through a mapping that mends them.</summary>
public sealed class DeadLetterReplay(EventPipeline pipeline, TimeProvider time)
{
    private const int PageSize = 500;

    /// <param name="reason">Only letters rejected for this reason; null: all.</param>
    /// <param name="mapping">Null: the letters are events of our own format.</param>
    /// <returns>What became of the letters; those rejected again stay as they were, cut ones count as rejected.</returns>
    public async Task<IngestCounts> RunAsync(string? reason, EventMapping? mapping, CancellationToken cancellation)
    {
        var tally = new IngestTally();
        var mapper = mapping?.CreateMapper();
        long after = 0;
        while (pipeline.DeadLetters.List(reason, after, PageSize) is { Count: > 0 } page)
        {
            cancellation.ThrowIfCancellationRequested();
            after = page[^1].Id;
            var (mended, events) = (new List<long>(), new EventBatch(page.Count));
            var settled = new List<long>();
            foreach (var letter in page)
            {
                tally.Read();
                Sort(letter, mapper, tally, events, mended, settled);
            }
            if (mended.Count > 0)
            {
                var result = await pipeline.KeepAsync(events, cancellation);
                tally.Accept(result.Accepted);
                tally.Repeat(result.Duplicates);
            }
            pipeline.DeadLetters.MarkReplayed([.. mended, .. settled], time.GetUtcNow());
        }
        return tally.ToCounts();
    }

    private void Sort(
        StoredDeadLetter letter, EventMapper? mapper, IngestTally tally, EventBatch events, List<long> mended, List<long> settled)
    {
        if (letter.IsCut)
        {
            tally.Reject("cut");
            return;
        }
        var outcome = mapper?.Map(letter.Letter.Raw.Span);
        if (outcome is { Verdict: MappingVerdict.Filtered } filtered)
        {
            tally.Filter(filtered.Reason!);
            settled.Add(letter.Id);
            return;
        }
        if (outcome is { Verdict: MappingVerdict.Rejected } rejected)
        {
            tally.Reject(rejected.Reason!);
            return;
        }
        var verdict = pipeline.Read(mapper is null ? letter.Letter.Raw.Span : mapper.Event, events);
        switch (verdict.Kind)
        {
            case VerdictKind.Accepted:
                mended.Add(letter.Id);
                break;
            case VerdictKind.Rejected:
                tally.Reject(verdict.Fault!.Reason);
                break;
            default:
                tally.Filter("private");
                settled.Add(letter.Id);
                break;
        }
    }
}
