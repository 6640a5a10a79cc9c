using System.Collections.Concurrent;
using Segue.Events.DeadLetters;
using Segue.Events.Log;
using Segue.Events.Mapping;
using Segue.Events.Pseudonyms;
using Segue.Events.Sources;
using Segue.Events.Wire;

namespace Segue.Events.Doors;

/// <summary>How the lines of a source are to be understood. At most one of the two; neither: Segue's own JSON.</summary>
/// <param name="Mapping">A foreign dialect.</param>
/// <param name="ListenBrainz">The lines are an export of ListenBrainz, and this is whose.</param>
public sealed record LineDialect(EventMapping? Mapping = null, KnownListener? ListenBrainz = null);

/// <summary>Brings the lines of a source through the pipeline, several batches at once.</summary>
/// <remarks>A checkpoint is saved when every line before it is in the log or among the dead letters, on disk; so a run that was cut off goes
/// on there, and what it repeats is found to be duplicate. Memory: <see cref="BatchesUnderWay"/> batches of about 1 MiB and their events.</remarks>
public sealed class FileIngest(EventPipeline pipeline, LineDialect dialect, TimeProvider time)
{
    private const int BatchesUnderWay = 6;
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(1);
    private readonly ConcurrentBag<EventMapper> _mappers = [];
    private readonly IngestTally _tally = new();

    /// <param name="progress">Where to note how far the source was read; null: nowhere.</param>
    /// <param name="bytesDone">Told how far the object under way was read.</param>
    /// <exception cref="Log.LogUnavailableException">The log takes nothing; what was noted as read is kept.</exception>
    public async Task<IngestCounts> RunAsync(
        IAsyncEnumerable<LineBatch> batches, SourceProgress? progress, IProgress<SourceCheckpoint>? bytesDone, CancellationToken cancellation)
    {
        var underWay = new Queue<Task<SourceCheckpoint>>();
        var savedAt = time.GetTimestamp();
        async Task FinishOneAsync()
        {
            var done = await underWay.Dequeue();
            bytesDone?.Report(done);
            if (progress is not null && (done.AtEnd || time.GetElapsedTime(savedAt) > SaveEvery))
            {
                progress.Save(done);
                savedAt = time.GetTimestamp();
            }
        }

        try
        {
            await foreach (var batch in batches.WithCancellation(cancellation))
            {
                underWay.Enqueue(Task.Run(() => TakeAsync(batch), CancellationToken.None));
                if (underWay.Count == BatchesUnderWay)
                {
                    await FinishOneAsync();
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // What is under way is finished, so that the counts say what the log says.
        }
        while (underWay.Count > 0)
        {
            await FinishOneAsync();
        }
        return _tally.ToCounts();
    }

    private async Task<SourceCheckpoint> TakeAsync(LineBatch batch)
    {
        using (batch)
        {
            _tally.Read(batch.Count);
            var events = new EventBatch(batch.Count);
            var letters = new List<DeadLetter>();
            Read(batch, events, letters);
            pipeline.DeadLetters.Add(letters);
            if (events.Count > 0)
            {
                var result = await pipeline.KeepAsync(events, CancellationToken.None);
                _tally.Accept(result.Accepted);
                _tally.Repeat(result.Duplicates);
            }
            return batch.Checkpoint;
        }
    }

    private void Read(LineBatch batch, EventBatch events, List<DeadLetter> letters)
    {
        var mapper = dialect.Mapping is { } mapping ? _mappers.TryTake(out var free) ? free : mapping.CreateMapper() : null;
        for (var n = 0; n < batch.Count; n++)
        {
            var verdict = batch.Defect(n) == LineDefect.TooLong
                ? Verdict.Rejected(new(SourceReasons.LineTooLong, "the line is longer than 1 MiB"))
                : ReadLine(batch[n], mapper, events, out var filter) is { } read ? read : Filtered(filter!);
            switch (verdict?.Kind)
            {
                case VerdictKind.Rejected:
                    var fault = verdict.Value.Fault!;
                    _tally.Reject(fault.Reason);
                    letters.Add(new(
                        batch.Source.Name, batch.Number(n), batch.Offset(n), time.GetUtcNow(), fault.Reason, fault.Detail, batch[n].ToArray(), dialect.Mapping?.Id,
                        dialect.ListenBrainz?.Id ?? NamedListener.In(mapper is null ? batch[n] : mapper.Event, pipeline.Pseudonyms)));
                    break;
                case VerdictKind.Private:
                    _tally.Filter("private");
                    break;
                case VerdictKind.PlayingNow:
                    _tally.Filter("playing-now");
                    break;
            }
        }
        if (mapper is not null)
        {
            _mappers.Add(mapper);
        }
    }

    private Verdict? Filtered(string reason)
    {
        _tally.Filter(reason);
        return null;
    }

    /// <returns>Null for a line that the mapping leaves out; then <paramref name="filter"/> says why.</returns>
    private Verdict? ReadLine(ReadOnlySpan<byte> line, EventMapper? mapper, EventBatch events, out string? filter)
    {
        filter = null;
        if (dialect.ListenBrainz is { } listener)
        {
            return pipeline.ReadListenBrainz(line.ToArray(), listener, events);
        }
        return mapper is null ? pipeline.Read(line, events) : ReadMapped(line, mapper, events, out filter);
    }

    private Verdict? ReadMapped(ReadOnlySpan<byte> line, EventMapper mapper, EventBatch events, out string? filter)
    {
        var outcome = mapper.Map(line);
        filter = outcome.Verdict == MappingVerdict.Filtered ? outcome.Reason : null;
        return outcome.Verdict switch
        {
            MappingVerdict.Mapped => pipeline.Read(mapper.Event, events),
            MappingVerdict.Rejected => Verdict.Rejected(new(outcome.Reason!, outcome.Detail ?? "")),
            _ => null,
        };
    }
}
