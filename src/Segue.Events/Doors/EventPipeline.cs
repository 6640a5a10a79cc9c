using Segue.Core;
using Segue.Events.DeadLetters;
using Segue.Events.Log;
using Segue.Events.Pseudonyms;
using Segue.Events.Resolving;
using Segue.Events.Wire;
using Segue.Events.Wire.ListenBrainz;

namespace Segue.Events.Doors;

/// <summary>The way of an event from any door into the log: parse, validate, normalize, resolve, pseudonymize, deduplicate, append; answered
/// after the sync that covers it.</summary>
/// <remarks>Thread-safe. Owns the log and the dead letters, and closes them.</remarks>
public sealed class EventPipeline : IAsyncDisposable
{
    private readonly EventLog _log;
    private readonly EventIntake _intake;
    private readonly DeadLetterStore _deadLetters;
    private readonly EventReader _reader;
    private readonly ListenBrainzReader _listenBrainz;
    private readonly TimeProvider _time;

    public EventPipeline(
        EventLog log, DeadLetterStore deadLetters, Pseudonymizer pseudonyms, RecordingResolver resolver, TimeProvider time)
    {
        (_log, _deadLetters, _time, Pseudonyms, Resolver) = (log, deadLetters, time, pseudonyms, resolver);
        _intake = new(log, new() { Committed = Followers.Tell });
        _reader = new(pseudonyms, resolver, time);
        _listenBrainz = new(resolver, time);
    }

    public Pseudonymizer Pseudonyms { get; }
    public RecordingResolver Resolver { get; }

    /// <summary>The log to read; see <see cref="RunAsync"/> for work that changes it.</summary>
    public EventLog Log => _log;
    public DeadLetterStore DeadLetters => _deadLetters;

    /// <summary>How those fare who came by <see cref="FollowAsync"/>.</summary>
    public Followers Followers { get; } = new();

    /// <summary>Takes a batch of Segue's own JSON, as <c>POST /v1/events</c> has it.</summary>
    /// <exception cref="LogUnavailableException">The log takes nothing: which of the events are kept is not known, and the sender may send all again.</exception>
    public Task<DoorAnswer> TakeAsync(ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        var events = new EventBatch(body.Length / 150);
        return TakeAsync(_reader.ReadBatch(body, events), events, "POST /v1/events", whose: null, cancellation);
    }

    /// <summary>Takes the body of ListenBrainz' <c>submit-listens</c>.</summary>
    /// <param name="listener">Whose token came with it.</param>
    /// <inheritdoc cref="TakeAsync(ReadOnlyMemory{byte}, CancellationToken)"/>
    public Task<DoorAnswer> TakeListenBrainzAsync(ReadOnlyMemory<byte> body, KnownListener listener, CancellationToken cancellation)
    {
        var events = new EventBatch();
        return TakeAsync(_listenBrainz.ReadSubmission(body, listener, events), events, "POST /1/submit-listens", listener.Id, cancellation);
    }

    /// <summary>Reads one event of a file; the caller submits it with others.</summary>
    /// <param name="into">Receives the event when it is accepted.</param>
    public Verdict Read(ReadOnlySpan<byte> json, EventBatch into) => _reader.Read(json, into);

    /// <summary>Reads one line of a ListenBrainz export.</summary>
    /// <inheritdoc cref="Read"/>
    public Verdict ReadListenBrainz(ReadOnlyMemory<byte> line, KnownListener listener, EventBatch into)
        => _listenBrainz.ReadExported(line, listener, into);

    /// <summary>Keeps events that passed their checks; completes when they are on disk.</summary>
    /// <inheritdoc cref="TakeAsync(ReadOnlyMemory{byte}, CancellationToken)"/>
    public Task<IntakeResult> KeepAsync(EventBatch events, CancellationToken cancellation)
        => _intake.SubmitAsync(events, cancellation);

    /// <inheritdoc cref="KeepAsync(EventBatch, CancellationToken)"/>
    public Task<IntakeResult> KeepAsync(IReadOnlyList<ListenerEvent> events, CancellationToken cancellation)
        => _intake.SubmitAsync(events, cancellation);

    /// <summary>Keeps events that nobody waits for: they are on disk within some 50 ms. What a full or broken disk refuses is lost; the next door that waits tells of it.</summary>
    public async void KeepLater(IReadOnlyList<ListenerEvent> events)
    {
        try
        {
            await _intake.SubmitLaterAsync(events);
        }
        catch (Exception refused) when (refused is LogUnavailableException or ObjectDisposedException)
        {
            // Told to whoever waits for an answer of the log; at the end of the process nobody does.
        }
    }

    /// <inheritdoc cref="EventIntake.FlushAsync"/>
    public Task FlushAsync() => _intake.FlushAsync();

    /// <summary>Lets <paramref name="follower"/> see every event of the log from an offset on, in order, none twice and none left out: first
    /// those that are there, then each as it is committed and before its sender is answered.</summary>
    public Task FollowAsync(long from, Action<LoggedEvent> follower) => _intake.RunAsync(log =>
    {
        foreach (var logged in log.Read(from))
        {
            Followers.Tell(follower, logged);
        }
        Followers.Add(follower);
        return true;
    });

    /// <summary>Lets a follower go.</summary>
    public void Unfollow(Action<LoggedEvent> follower) => Followers.Remove(follower);

    /// <summary>Runs work that needs the log to itself; senders wait meanwhile.</summary>
    public Task<T> RunAsync<T>(Func<EventLog, T> work) => _intake.RunAsync(work);

    /// <inheritdoc cref="EventIntake.RetireAsync"/>
    public Task<long> RetireAsync(DateTimeOffset writtenBefore, long below) => _intake.RetireAsync(writtenBefore, below);

    /// <summary>Takes in all that was handed over, then closes log and dead letters.</summary>
    public async ValueTask DisposeAsync()
    {
        await _intake.DisposeAsync();
        _log.Dispose();
        _deadLetters.Dispose();
    }

    private async Task<DoorAnswer> TakeAsync(
        BatchResult batch, EventBatch events, string door, ListenerId? whose, CancellationToken cancellation)
    {
        if (batch.Fault is not null)
        {
            return new(batch.Fault, []);
        }
        var verdicts = new DoorVerdict[batch.Items.Count];
        List<DeadLetter>? letters = null;
        foreach (var item in batch.Items)
        {
            switch (item.Verdict.Kind)
            {
                case VerdictKind.Accepted:
                    break;
                case VerdictKind.Rejected:
                    verdicts[item.Index] = new(DoorOutcome.Rejected, item.Verdict.Fault!.Reason, item.Verdict.Fault.Detail);
                    (letters ??= []).Add(Letter(item, door, whose));
                    break;
                default:
                    verdicts[item.Index] = new(DoorOutcome.Private);
                    break;
            }
        }
        if (letters is not null)
        {
            _deadLetters.Add(letters);
        }
        if (events.Count > 0)
        {
            Merge(batch.Items, await _intake.SubmitAsync(events, cancellation), verdicts);
        }
        return new(null, verdicts);
    }

    private DeadLetter Letter(BatchItem item, string door, ListenerId? whose) => new(
        door, item.Index, ByteOffset: null, _time.GetUtcNow(), item.Verdict.Fault!.Reason, item.Verdict.Fault.Detail, item.Raw, Mapping: null,
        whose ?? NamedListener.In(item.Raw.Span, Pseudonyms));

    private static void Merge(IReadOnlyList<BatchItem> items, IntakeResult result, DoorVerdict[] verdicts)
    {
        var n = 0;
        foreach (var item in items)
        {
            if (item.Verdict.Kind == VerdictKind.Accepted)
            {
                verdicts[item.Index] = new(result.Verdicts[n++].IsDuplicate ? DoorOutcome.Duplicate : DoorOutcome.Accepted);
            }
        }
    }
}
