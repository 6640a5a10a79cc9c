using System.Text.Json;
using Segue.Events.Catalogue;

namespace Segue.Events.Wire.ListenBrainz;

/// <summary>Reads one listen of ListenBrainz into a draft.</summary>
internal static class ListenBrainzListen
{
    private const long FirstSecond = 1_033_430_400;   // 2002-10-01, when Audioscrobbler began: no earlier listen can be true
    private const double LongestSeconds = 86_400;

    private static readonly string[] KnownInfo = ["recording_mbid", "isrc", "duration_ms", "duration", "duration_played"];

    /// <exception cref="InvalidOperationException">A string holds half of a surrogate pair.</exception>
    public static Fault? Fault(JsonElement listen, bool isPlayingNow, ref EventDraft draft)
    {
        if (listen.ValueKind != JsonValueKind.Object)
        {
            return new(RejectReason.NotAnObject, "the listen is not a JSON object");
        }
        if (TimeFault(listen, isPlayingNow, ref draft) is { } time)
        {
            return time;
        }
        if (!listen.TryGetProperty("track_metadata", out var metadata) || metadata.ValueKind != JsonValueKind.Object)
        {
            return new(RejectReason.MissingField, "track_metadata: not an object");
        }
        var info = metadata.TryGetProperty("additional_info", out var more) && more.ValueKind != JsonValueKind.Null ? more : default;
        if (info.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined))
        {
            return WireText.WrongType("additional_info", "an object");
        }
        return RecordingFault(metadata, info, ref draft) ?? DurationFault(info, ref draft) ?? ExtraFault(info, ref draft);
    }

    private static Fault? TimeFault(JsonElement listen, bool isPlayingNow, ref EventDraft draft)
    {
        var isThere = listen.TryGetProperty("listened_at", out var field) && field.ValueKind != JsonValueKind.Null;
        draft.Present |= WireFields.At;
        if (isPlayingNow)
        {
            return isThere ? new(RejectReason.UnexpectedField, "listened_at: not a field of playing_now") : null;
        }
        if (!isThere)
        {
            return new(RejectReason.MissingField, "listened_at: missing");
        }
        if (field.ValueKind != JsonValueKind.Number || !field.TryGetInt64(out var second))
        {
            return WireText.WrongType("listened_at", "a whole number of Unix seconds");
        }
        if (second is < FirstSecond or > WireTime.Latest / 1_000)
        {
            return new(RejectReason.TimeRange, $"listened_at: {second}; allowed: Unix seconds from {FirstSecond} (2002-10-01) to now");
        }
        draft.At = second * 1_000;
        return null;
    }

    private static Fault? RecordingFault(JsonElement metadata, JsonElement info, ref EventDraft draft)
    {
        string? title = null, album = null, mbid = null;
        var fault = Text(metadata, "artist_name", isRequired: true, out var artist)
            ?? Text(metadata, "track_name", isRequired: true, out title)
            ?? Text(metadata, "release_name", isRequired: false, out album)
            ?? Text(info, "recording_mbid", isRequired: false, out mbid);
        if (fault is not null)
        {
            return fault;
        }
        if (mbid is null && metadata.TryGetProperty("mbid_mapping", out var mapping)
            && Text(mapping, "recording_mbid", isRequired: false, out mbid) is { } mapped)   // exports bring ListenBrainz' own match
        {
            return mapped;
        }
        var code = mbid is null ? null : RecordingCodes.Mbid(mbid);
        if (mbid is not null && code is null)
        {
            return new(RejectReason.BadFormat, $"recording_mbid: {WireText.Shown(mbid)} is none");
        }
        draft.Recording = new(code, Isrc(info), artist, title, album);
        draft.Present |= WireFields.Recording;
        return null;
    }

    private static Fault? DurationFault(JsonElement info, ref EventDraft draft)
    {
        TimeSpan? byMilliseconds = null, bySeconds = null;
        var fault = Duration(info, "duration_ms", 0.001, isPositive: true, out byMilliseconds)
            ?? Duration(info, "duration", 1, isPositive: true, out bySeconds)
            ?? Duration(info, "duration_played", 1, isPositive: false, out draft.Heard);
        draft.Length = byMilliseconds ?? bySeconds;
        return fault ?? (byMilliseconds is not null && bySeconds is not null
            ? new(RejectReason.ConflictingFields, "both duration and duration_ms")
            : null);
    }

    private static Fault? ExtraFault(JsonElement info, ref EventDraft draft)
    {
        if (info.ValueKind == JsonValueKind.Undefined)
        {
            return null;
        }
        ExtraFields? extra = null;
        var reader = new Utf8JsonReader(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(info));
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if (name == "isrc" ? Isrc(info) is not null : KnownInfo.Contains(name))
            {
                reader.Read();
                reader.Skip();
            }
            else if ((extra ??= new()).Take(ref reader, prefix: "") is { } fault)
            {
                return fault;
            }
        }
        draft.Extra = extra?.End() ?? default;
        return null;
    }

    /// <summary>Null also for what is no ISRC: ListenBrainz takes any text there, so such a one stays among the extra fields.</summary>
    private static string? Isrc(JsonElement info)
        => info.ValueKind == JsonValueKind.Object && info.TryGetProperty("isrc", out var isrc) && isrc.ValueKind == JsonValueKind.String
            ? RecordingCodes.Isrc(isrc.GetString())
            : null;

    /// <summary>Players write empty texts for what they do not know: as good as absent, where absence is allowed.</summary>
    private static Fault? Text(JsonElement parent, string name, bool isRequired, out string? text)
    {
        text = null;
        if (parent.ValueKind != JsonValueKind.Object || !parent.TryGetProperty(name, out var field) || field.ValueKind == JsonValueKind.Null)
        {
            return isRequired ? new(RejectReason.MissingField, $"{name}: missing") : null;
        }
        if (field.ValueKind != JsonValueKind.String)
        {
            return WireText.WrongType(name, "a string");
        }
        text = field.GetString()!;
        if (text.Length > 0 || isRequired)
        {
            return WireText.TextFault(text, name);
        }
        text = null;
        return null;
    }

    private static Fault? Duration(JsonElement info, string name, double unit, bool isPositive, out TimeSpan? duration)
    {
        duration = null;
        if (info.ValueKind == JsonValueKind.Undefined || !info.TryGetProperty(name, out var field) || field.ValueKind == JsonValueKind.Null)
        {
            return null;
        }
        if (field.ValueKind != JsonValueKind.Number)
        {
            return WireText.WrongType(name, "a number");
        }
        var written = System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(field);
        if (!field.TryGetDouble(out var number) || !double.IsFinite(number))
        {
            return WireText.NotFinite(name, written);
        }
        var milliseconds = Math.Round(number * unit * 1_000);
        if (milliseconds < (isPositive ? 1 : 0) || milliseconds > LongestSeconds * 1_000)
        {
            return WireText.OutOfRange(name, written, isPositive ? "above 0, at most a day" : "from 0 to a day");
        }
        duration = TimeSpan.FromMilliseconds((long)milliseconds);
        return null;
    }
}
