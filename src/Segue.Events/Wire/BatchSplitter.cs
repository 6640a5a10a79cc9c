using System.Text.Json;

namespace Segue.Events.Wire;

/// <summary>Finds the places of the events in a batch's body, without looking into them.</summary>
internal static class BatchSplitter
{
    /// <summary>Deeper nesting rejects the whole batch; what is less deep but too deep for an event rejects that event.</summary>
    private const int MaxDepth = 1_000;

    public static Fault? Split(ReadOnlySpan<byte> body, EventReaderOptions options, out long? sentAt, out List<Range> places)
    {
        (sentAt, places) = (null, []);
        if (body.Length > options.MaxBatchBytes)
        {
            return new(RejectReason.TooLarge, $"the batch has {body.Length} bytes; allowed: {options.MaxBatchBytes}");
        }
        if (!body.ContainsAnyExcept(" \t\r\n"u8))
        {
            return new(RejectReason.Empty, "there is no batch");
        }
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            reader.Read();
            var fault = reader.TokenType switch
            {
                JsonTokenType.StartArray => ReadEvents(ref reader, options.MaxBatchEvents, places),
                JsonTokenType.StartObject => ReadObject(ref reader, options.MaxBatchEvents, out sentAt, places),
                _ => new(RejectReason.NotAnObject, "a batch is an object with a field events, or an array of events"),
            };
            return fault ?? (body[(int)reader.BytesConsumed..].ContainsAnyExcept(" \t\r\n"u8)
                ? new(RejectReason.TrailingBytes, $"something follows the batch's end at byte {reader.BytesConsumed}")
                : null);
        }
        catch (JsonException)
        {
            return JsonScan.Fault(body, reader.BytesConsumed, MaxDepth);
        }
        catch (InvalidOperationException)
        {
            return new(RejectReason.LoneSurrogate, $"byte {reader.BytesConsumed}: text that is no Unicode");
        }
    }

    private static Fault? ReadObject(ref Utf8JsonReader reader, int maxEvents, out long? sentAt, List<Range> places)
    {
        sentAt = null;
        var (hasEvents, hasSentAt) = (false, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            Fault? fault = null;
            if (reader.ValueTextEquals("events"u8))
            {
                reader.Read();
                fault = hasEvents ? WireText.Duplicate("events")
                    : reader.TokenType != JsonTokenType.StartArray ? WireText.WrongType("events", "an array")
                    : ReadEvents(ref reader, maxEvents, places);
                hasEvents = true;
            }
            else if (reader.ValueTextEquals("sentAt"u8))
            {
                reader.Read();
                fault = hasSentAt ? WireText.Duplicate("sentAt") : ReadSentAt(ref reader, out sentAt);
                hasSentAt = true;
            }
            else
            {
                fault = new(RejectReason.UnexpectedField, $"{WireText.Shown(reader.GetString()!)}: not a field of a batch");
            }
            if (fault is not null)
            {
                return fault;
            }
        }
        return hasEvents ? null : new(RejectReason.MissingField, "events: missing");
    }

    private static Fault? ReadSentAt(ref Utf8JsonReader reader, out long? sentAt)
    {
        sentAt = null;
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }
        long time;
        if (reader.TokenType == JsonTokenType.Number ? reader.TryGetInt64(out time) && time is >= WireTime.Earliest and <= WireTime.Latest
            : WireTime.TryParse(reader.TokenType == JsonTokenType.String ? reader.ValueSpan : default, out time))
        {
            sentAt = time;
            return null;
        }
        return new(RejectReason.BadTime, "sentAt: not a time, neither ISO 8601 with offset nor whole Unix milliseconds");
    }

    private static Fault? ReadEvents(ref Utf8JsonReader reader, int most, List<Range> places)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (places.Count == most)
            {
                return new(RejectReason.TooManyEvents, $"more than {most} events in a batch");
            }
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            places.Add(start..(int)reader.BytesConsumed);
        }
        return null;
    }
}
