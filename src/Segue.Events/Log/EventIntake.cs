using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Segue.Events.Log;

/// <summary>The way into the log: takes events from many at once, leaves out duplicates, and answers after the sync that covers them.</summary>
/// <remarks>
/// One thread commits all that waits, so that a sync serves many; callers read and encode on their own threads. Thread-safe. After a failed write or sync
/// everything is refused until log and intake are opened anew: a sync is never tried a second time, for its success would prove nothing.
/// </remarks>
public sealed class EventIntake : IAsyncDisposable
{
    private readonly EventLog _log;
    private readonly EventIntakeOptions _options;
    private readonly ByteGate _gate;
    private readonly BlockingCollection<IntakeWork> _waiting = [];
    private readonly Deduplicator _keys;
    private readonly GroupCommit _commit;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile LogUnavailableException? _failure;

    /// <summary>Reads what the duplicate search must know: the index, and the log behind it (about 3 million events a second).</summary>
    /// <param name="log">Used by this intake alone from now on, but for reading; the caller closes it after the intake.</param>
    /// <exception cref="LogUnavailableException">The index cannot be written.</exception>
    /// <exception cref="LogDamagedException">The log behind the index is damaged.</exception>
    public EventIntake(EventLog log, EventIntakeOptions? options = null)
    {
        (_log, _options) = (log, options ?? new());
        _gate = new(_options.WaitingBytes);
        try
        {
            _keys = new(log, _options.DuplicateSearchBytes);
        }
        catch (Exception refused) when (refused is SqliteException or IOException)
        {
            throw EventLog.Unavailable(refused, log.Folder);
        }
        _commit = new(log, _keys, _options.Committed);
        new Thread(Work) { IsBackground = true, Name = "Event log" }.Start();
    }

    /// <summary>Hands in events; completes when each of them is on disk, this time or an earlier one.</summary>
    /// <param name="cancellation">Ends the waiting for room; once let in, a submission is carried out.</param>
    /// <exception cref="LogUnavailableException">They may or may not be in the log: send them again later, all of them.</exception>
    public Task<IntakeResult> SubmitAsync(IReadOnlyList<ListenerEvent> events, CancellationToken cancellation = default) => SubmitAsync(Batch(events), cancellation);

    /// <param name="events">The intake's from now on.</param>
    /// <inheritdoc cref="SubmitAsync(IReadOnlyList{ListenerEvent}, CancellationToken)"/>
    public Task<IntakeResult> SubmitAsync(EventBatch events, CancellationToken cancellation = default) => SubmitAsync(events, isAwaited: true, cancellation);

    /// <summary>Hands in events that nobody waits for: they go to disk with the next that somebody waits for, or after <see cref="EventIntakeOptions.MostWait"/>.</summary>
    /// <inheritdoc cref="SubmitAsync(IReadOnlyList{ListenerEvent}, CancellationToken)"/>
    public Task<IntakeResult> SubmitLaterAsync(IReadOnlyList<ListenerEvent> events) => SubmitAsync(Batch(events), isAwaited: false, CancellationToken.None);

    private static EventBatch Batch(IReadOnlyList<ListenerEvent> events)
    {
        var batch = new EventBatch(events.Count);
        foreach (var listened in events)
        {
            batch.Add(listened);
        }
        return batch;
    }

    private async Task<IntakeResult> SubmitAsync(EventBatch events, bool isAwaited, CancellationToken cancellation)
    {
        events.Seal();
        var weight = Submission.WeightOf(events);
        await _gate.EnterAsync(weight, cancellation);
        try
        {
            var submission = new Submission(events, isAwaited);
            Enqueue(submission);
            return await submission.Answer;
        }
        finally
        {
            _gate.Leave(weight);
        }
    }

    /// <summary>Completes when everything handed in before is answered.</summary>
    public Task FlushAsync() => RunAsync(_ => true);

    /// <summary>Runs work that needs the log to itself (erasing, re-keying, verifying) on the committing thread; submissions wait meanwhile.</summary>
    /// <exception cref="LogUnavailableException">The intake is closed, or was refused before.</exception>
    public Task<T> RunAsync<T>(Func<EventLog, T> work)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Enqueue(new Maintenance(() => Carry(work, answer), failure => answer.TrySetException(failure)));
        return answer.Task;
    }

    /// <summary><see cref="EventLog.Retire"/>, after the keys of all events were noted in the index: what is retired stays a duplicate.</summary>
    public Task<long> RetireAsync(DateTimeOffset writtenBefore, long below)
        => RunAsync(log =>
        {
            _keys.CoverAll();
            return log.Retire(writtenBefore, below);
        });

    /// <summary>Answers everything that was handed in, then ends. The log stays open.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            _waiting.CompleteAdding();
        }
        catch (ObjectDisposedException)
        {
            return;
        }
        await _ended.Task;
        _keys.Dispose();
        _waiting.Dispose();
    }

    private void Carry<T>(Func<EventLog, T> work, TaskCompletionSource<T> answer)
    {
        try
        {
            answer.TrySetResult(work(_log));
        }
        catch (Exception failure)
        {
            answer.TrySetException(failure);
        }
    }

    private void Enqueue(IntakeWork work)
    {
        try
        {
            _waiting.Add(work);
        }
        catch (InvalidOperationException)   // closed, or about to be
        {
            throw new LogUnavailableException("The event log takes no more events: it is being closed.");
        }
    }

    private void Work()
    {
        var group = new List<Submission>();
        IntakeWork? left = null;
        while (left is not null || _waiting.TryTake(out left, Timeout.Infinite))
        {
            var work = left;
            left = null;
            if (_failure is { } failure)
            {
                work.Fail(new LogUnavailableException(failure.Message, failure.IsFull, failure));
            }
            else if (work is Maintenance maintenance)
            {
                maintenance.Run();
            }
            else
            {
                left = Gather((Submission)work, group);
                Commit(group);
                group.Clear();
            }
        }
        _ended.SetResult();
    }

    /// <summary>Takes what waits, up to a group's size, and what comes while nobody waits for any of it; returns work that is not part of the group.</summary>
    private IntakeWork? Gather(Submission first, List<Submission> group)
    {
        group.Add(first);
        var (bytes, isAwaited, begun) = ((long)first.Events.Bytes, first.IsAwaited, Stopwatch.GetTimestamp());
        while (bytes < _options.GroupBytes && _waiting.TryTake(out var next, isAwaited ? 0 : Left(begun)))
        {
            if (next is not Submission submission)
            {
                return next;
            }
            group.Add(submission);
            bytes += submission.Events.Bytes;
            isAwaited |= submission.IsAwaited;
        }
        return null;
    }

    // In milliseconds, rounded up, so that waiting ends.
    private int Left(long begun) => (int)Math.Ceiling(Math.Max(0, (_options.MostWait - Stopwatch.GetElapsedTime(begun)).TotalMilliseconds));

    private void Commit(List<Submission> group)
    {
        try
        {
            _commit.Append(group);
        }
        catch (Exception refused)
        {
            _failure = refused as LogUnavailableException ?? EventLog.Unavailable(refused, _log.Folder);
            group.ForEach(submission => submission.Fail(_failure));
            return;
        }
        try
        {
            _commit.Announce(group);
        }
        catch (Exception fault)
        {
            _failure = new("The event log takes no more events: what follows it failed.", isFull: false, fault);
        }
        group.ForEach(submission => submission.Complete());
    }
}
