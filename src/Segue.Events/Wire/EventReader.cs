using System.Text.Json;
using System.Text.Unicode;
using Segue.Events.Log;
using Segue.Events.Pseudonyms;
using Segue.Events.Resolving;

namespace Segue.Events.Wire;

/// <summary>Reads events in Segue's own JSON (<c>docs/events.md</c>): parses, checks, corrects times, pseudonymizes and resolves.</summary>
/// <remarks>
/// No input makes it throw: whatever is wrong becomes a verdict with its reason. Thread-safe: one reader serves all doors. Time and memory grow linearly with the input.
/// </remarks>
public sealed class EventReader
{
    private readonly RecordingResolver _resolver;
    private readonly TimeProvider _clock;
    private readonly EventReaderOptions _options;
    private readonly Pseudonymizer _pseudonyms;

    /// <param name="clock">Says when an event was received.</param>
    public EventReader(Pseudonymizer pseudonymizer, RecordingResolver resolver, TimeProvider clock, EventReaderOptions? options = null)
    {
        (_pseudonyms, _resolver, _clock, _options) = (pseudonymizer, resolver, clock, options ?? new());
    }

    /// <summary>Reads one event, received now.</summary>
    /// <param name="into">Receives the event when it is accepted.</param>
    /// <param name="batchSentAt">When the sender says that it sent; the event's own <c>sentAt</c> goes before it.</param>
    public Verdict Read(ReadOnlySpan<byte> json, EventBatch into, DateTimeOffset? batchSentAt = null)
        => Read(json, into, batchSentAt?.ToUnixTimeMilliseconds(), _clock.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Reads <c>{"sentAt": …, "events": […]}</c> or a bare array of events, received now.</summary>
    /// <remarks>A batch that is too large or not JSON as a whole is rejected as a whole; else each event has its own verdict. A body that
    /// was rejected as a whole may hold private events: it is not for the dead letters.</remarks>
    /// <param name="into">Receives the accepted events, in their order.</param>
    public BatchResult ReadBatch(ReadOnlyMemory<byte> body, EventBatch into)
    {
        var fault = BatchSplitter.Split(body.Span, _options, out var sentAt, out var places);
        if (fault is not null)
        {
            return new(fault, []);
        }
        var receivedAt = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        var items = new BatchItem[places.Count];
        for (var i = 0; i < items.Length; i++)
        {
            var raw = body[places[i]];
            items[i] = new(i, raw, Read(raw.Span, into, sentAt, receivedAt));
        }
        return new(null, items);
    }

    private Verdict Read(ReadOnlySpan<byte> json, EventBatch into, long? batchSentAt, long receivedAt)
    {
        var draft = new EventDraft();
        if (ParseFault(json, ref draft) is { } fault)
        {
            return RejectedUnlessPrivate(json, fault);
        }
        if (batchSentAt is { } sentAt && !draft.Has(WireFields.SentAt))
        {
            draft.SentAt = sentAt;
            draft.Present |= WireFields.SentAt;
        }
        return EventBuilder.Build(draft, receivedAt, _resolver, into);
    }

    /// <summary>Privacy goes before correctness: a rejected event would lie in the dead letters, and a private one must lie nowhere.</summary>
    private static Verdict RejectedUnlessPrivate(ReadOnlySpan<byte> json, Fault fault)
        => JsonScan.AsksPrivacy(json) ? Verdict.Private : Verdict.Rejected(fault);

    private Fault? ParseFault(ReadOnlySpan<byte> json, ref EventDraft draft)
    {
        if (json.Length > _options.MaxEventBytes)
        {
            return new(RejectReason.TooLarge, $"{json.Length} bytes; allowed: {_options.MaxEventBytes}");
        }
        if (!Utf8.IsValid(json))
        {
            return new(RejectReason.NotUtf8, "the event is not UTF-8");
        }
        if (!json.ContainsAnyExcept(" \t\r\n"u8))
        {
            return new(RejectReason.Empty, "there is no event");
        }
        var parser = new EventParser(json, _options.MaxDepth, _pseudonyms);
        try
        {
            return parser.Parse(ref draft);
        }
        catch (JsonException)
        {
            return JsonScan.Fault(json, parser.BytesRead, _options.MaxDepth);
        }
        catch (InvalidOperationException)   // from GetString: of valid UTF-8, only an escape such as \ud800 alone cannot be decoded
        {
            return new(RejectReason.LoneSurrogate, $"byte {parser.BytesRead}: an escaped half of a surrogate pair");
        }
    }
}
