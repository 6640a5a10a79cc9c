using System.Text.Json;
using System.Text.Unicode;
using Segue.Events.Log;
using Segue.Events.Pseudonyms;
using Segue.Events.Resolving;

namespace Segue.Events.Wire.ListenBrainz;

/// <summary>Reads the listens of players that speak ListenBrainz, and the lines of its exports.</summary>
/// <remarks>The same rules hold as for Segue's own JSON, and no input throws. Thread-safe. Allocates a JSON document for each call.</remarks>
public sealed class ListenBrainzReader(RecordingResolver resolver, TimeProvider clock)
{
    public const int MaxListenBytes = 10_240;
    public const int MaxListens = 1_000;
    private const int MaxBodyBytes = MaxListenBytes * MaxListens;
    private const int MaxDepth = 10;

    /// <summary>Reads the body of <c>submit-listens</c>, received now.</summary>
    /// <param name="listener">Whose token came with it.</param>
    /// <param name="into">Receives the accepted listens, in their order.</param>
    public BatchResult ReadSubmission(ReadOnlyMemory<byte> body, KnownListener listener, EventBatch into)
    {
        if (Parse(body, MaxBodyBytes, out var json) is { } fault)
        {
            return new(fault, []);
        }
        using (json)
        {
            try
            {
                return ReadSubmission(body, json!.RootElement, listener, into);
            }
            catch (InvalidOperationException)   // from GetString
            {
                return BatchResult.Rejected(RejectReason.LoneSurrogate, "the body holds an escaped half of a surrogate pair");
            }
        }
    }

    /// <summary>Reads one line of an export: <c>{"listened_at": …, "track_metadata": {…}}</c>.</summary>
    public Verdict ReadExported(ReadOnlyMemory<byte> line, KnownListener listener, EventBatch into)
    {
        if (Parse(line, MaxListenBytes, out var json) is { } fault)
        {
            return Verdict.Rejected(fault);
        }
        using (json)
        {
            return Read(json!.RootElement, listener, isPlayingNow: false, into);
        }
    }

    private BatchResult ReadSubmission(ReadOnlyMemory<byte> body, JsonElement root, KnownListener listener, EventBatch into)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return BatchResult.Rejected(RejectReason.NotAnObject, "the body is not a JSON object");
        }
        var type = root.TryGetProperty("listen_type", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;
        if (type is not ("single" or "playing_now" or "import"))
        {
            return BatchResult.Rejected(RejectReason.UnknownValue, "listen_type; allowed: single, playing_now, import");
        }
        if (!root.TryGetProperty("payload", out var payload) || payload.ValueKind != JsonValueKind.Array)
        {
            return BatchResult.Rejected(RejectReason.MissingField, "payload: not an array of listens");
        }
        var count = payload.GetArrayLength();
        if (count == 0)
        {
            return BatchResult.Rejected(RejectReason.Empty, "payload: holds no listen");
        }
        var most = type == "import" ? MaxListens : 1;
        if (count > most)
        {
            return BatchResult.Rejected(RejectReason.TooManyEvents, $"payload: {count} listens; allowed for {type}: {most}");
        }
        var items = new BatchItem[count];
        foreach (var (index, listen) in payload.EnumerateArray().Index())
        {
            body.Span.Overlaps(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(listen), out var start);
            var raw = body.Slice(start, System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(listen).Length);
            items[index] = new(index, raw, Read(listen, raw.Length, listener, type == "playing_now", into));
        }
        return new(null, items);
    }

    private Verdict Read(JsonElement listen, int bytes, KnownListener listener, bool isPlayingNow, EventBatch into) => bytes > MaxListenBytes
        ? Verdict.Rejected(new(RejectReason.TooLarge, $"the listen has {bytes} bytes; allowed: {MaxListenBytes}"))
        : Read(listen, listener, isPlayingNow, into);

    private Verdict Read(JsonElement listen, KnownListener listener, bool isPlayingNow, EventBatch into)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var draft = new EventDraft { Kind = EventKind.Listen, Listener = ListenerCode.Of(listener), Present = WireFields.Listener };
        try
        {
            if (ListenBrainzListen.Fault(listen, isPlayingNow, ref draft) is { } fault)
            {
                return Verdict.Rejected(fault);
            }
        }
        catch (InvalidOperationException)   // from GetString
        {
            return Verdict.Rejected(new(RejectReason.LoneSurrogate, "the listen holds an escaped half of a surrogate pair"));
        }
        if (!isPlayingNow)
        {
            return EventBuilder.Build(draft, now, resolver, into);
        }
        draft.At = now;
        var verdict = EventBuilder.Build(draft, now, resolver, new());   // checked as any other, and kept nowhere
        return verdict.Kind == VerdictKind.Accepted ? Verdict.PlayingNow : verdict;
    }

    private static Fault? Parse(ReadOnlyMemory<byte> body, int maxBytes, out JsonDocument? json)
    {
        json = null;
        if (body.Length > maxBytes)
        {
            return new(RejectReason.TooLarge, $"{body.Length} bytes; allowed: {maxBytes}");
        }
        if (!Utf8.IsValid(body.Span))
        {
            return new(RejectReason.NotUtf8, "the body is not UTF-8");
        }
        if (!body.Span.ContainsAnyExcept(" \t\r\n"u8))
        {
            return new(RejectReason.Empty, "there is nothing");
        }
        try
        {
            json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
            return null;
        }
        catch (JsonException)
        {
            return SyntaxFault(body.Span);
        }
        catch (InvalidOperationException)   // half of a surrogate pair in a field's name
        {
            return new(RejectReason.LoneSurrogate, "a field's name holds an escaped half of a surrogate pair");
        }
    }

    /// <summary>The document's own exception does not tell a duplicate from bad syntax: text that a plain reader reads has a duplicate.</summary>
    private static Fault SyntaxFault(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            while (reader.Read())
            {
            }
            return new(RejectReason.DuplicateField, "a field is given twice in one object");
        }
        catch (JsonException)
        {
            return JsonScan.Fault(body, reader.BytesConsumed, MaxDepth);
        }
    }
}
