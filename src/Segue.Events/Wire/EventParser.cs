using System.Buffers.Text;
using System.Text.Json;
using Segue.Core;
using Segue.Events.Pseudonyms;

namespace Segue.Events.Wire;

/// <summary>Reads the JSON of one event, field by field, into a draft.</summary>
/// <remarks>Expects valid UTF-8. Throws <see cref="JsonException"/> for malformed JSON and <see cref="InvalidOperationException"/> for
/// an escaped half of a surrogate pair, as the framework's reader does; <see cref="EventReader"/> turns both into faults.</remarks>
internal ref partial struct EventParser(ReadOnlySpan<byte> json, int maxDepth, Pseudonymizer pseudonyms)
{
    private readonly ReadOnlySpan<byte> _json = json;
    private Utf8JsonReader _reader = new(json, new JsonReaderOptions { MaxDepth = maxDepth });
    private WireFields _seen;
    private ExtraFields? _extra;

    /// <summary>Bytes before the token that could not be read.</summary>
    public readonly long BytesRead => _reader.BytesConsumed;

    public Fault? Parse(ref EventDraft draft)
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            return new(RejectReason.NotAnObject, "the event is not a JSON object");
        }
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            if (ReadField(ref draft) is { } fault)
            {
                return fault;
            }
        }
        if (_json[(int)_reader.BytesConsumed..].ContainsAnyExcept(" \t\r\n"u8))
        {
            return new(RejectReason.TrailingBytes, $"something follows the event's end at byte {_reader.BytesConsumed}");
        }
        draft.Extra = _extra?.End() ?? default;
        return null;
    }

    private Fault? ReadField(ref EventDraft draft)
    {
        var field = _reader.ValueIsEscaped
            ? WireFieldRules.Find(System.Text.Encoding.UTF8.GetBytes(_reader.GetString()!))
            : WireFieldRules.Find(_reader.ValueSpan);
        if (field == WireFields.None)
        {
            return (_extra ??= new()).Take(ref _reader, prefix: "");
        }
        if ((_seen & field) != WireFields.None)
        {
            return WireText.Duplicate(WireFieldRules.NameOf(field));
        }
        _seen |= field;
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.Null)
        {
            return null;   // many serializers write null for what they do not have
        }
        draft.Present |= field;
        return ReadValue(field, ref draft);
    }

    private Fault? ReadValue(WireFields field, ref EventDraft draft) => field switch
    {
        WireFields.Type => ReadKind(out draft.Kind),
        WireFields.Listener => ReadListener(out draft.Listener),
        WireFields.At => ReadTime("at", out draft.At),
        WireFields.SentAt => ReadTime("sentAt", out draft.SentAt),
        WireFields.Until => ReadUntil(out draft.Until),
        WireFields.Id => ReadIdentifier("id", out draft.Id, WireText.MaxId),
        WireFields.Private => ReadTruth("private", out draft.IsPrivate),
        WireFields.Session => ReadIdentifier("session", out draft.Session),
        WireFields.Recommendation => ReadRecommendation(out draft.Recommendation),
        WireFields.Track => ReadIdentifier("track", out draft.Track),
        WireFields.Artist => ReadIdentifier("artist", out draft.Artist),
        WireFields.Recording => ReadRecording(ref draft),
        WireFields.HeardSeconds => ReadSeconds("heardSeconds", 0, out draft.Heard),
        WireFields.TrackSeconds => ReadSeconds("trackSeconds", ShortestTrack, out draft.Length),
        WireFields.EndReason => ReadEnd(out draft.End),
        WireFields.ChosenBy => ReadOrigin(out draft.Origin),
        WireFields.Vote => ReadWhole("vote", -1, 1, "-1, 0, 1", out draft.Vote),
        WireFields.Playlist => ReadIdentifier("playlist", out draft.Playlist),
        WireFields.Position => ReadWhole("position", 0, MaxPosition, "whole numbers from 0 to 1000000", out draft.Position),
        WireFields.Card => ReadCard(ref draft),
        WireFields.Following => ReadTruth("following", out draft.IsFollowing),
        WireFields.Banned => ReadTruth("banned", out draft.IsBanned),
        WireFields.Source => ReadIdentifier("source", out draft.Source),
        WireFields.Model => ReadIdentifier("model", out draft.Model),
        WireFields.Arm => ReadIdentifier("arm", out draft.Arm),
        _ => ReadPropensity(out draft.Propensity),
    };

    private Fault? ReadKind(out EventKind kind)
    {
        kind = _reader.TokenType != JsonTokenType.String ? EventDraft.NoKind
            : _reader.ValueTextEquals("listen"u8) ? EventKind.Listen
            : _reader.ValueTextEquals("impression"u8) ? EventKind.Impression
            : _reader.ValueTextEquals("vote"u8) ? EventKind.Vote
            : _reader.ValueTextEquals("click"u8) ? EventKind.Click
            : _reader.ValueTextEquals("playlistAdd"u8) ? EventKind.PlaylistAdd
            : _reader.ValueTextEquals("playlistRemove"u8) ? EventKind.PlaylistRemove
            : _reader.ValueTextEquals("follow"u8) ? EventKind.Follow
            : _reader.ValueTextEquals("ban"u8) ? EventKind.Ban
            : EventDraft.NoKind;
        return kind != EventDraft.NoKind ? null
            : UnknownValue("type", "listen, vote, playlistAdd, playlistRemove, click, follow, ban, impression");
    }

    private Fault? ReadEnd(out EndReason end)
    {
        end = _reader.TokenType != JsonTokenType.String ? EndReason.Unknown
            : _reader.ValueTextEquals("finished"u8) ? EndReason.Finished
            : _reader.ValueTextEquals("skipped"u8) ? EndReason.Skipped
            : _reader.ValueTextEquals("stopped"u8) ? EndReason.Stopped
            : _reader.ValueTextEquals("failed"u8) ? EndReason.Failed
            : EndReason.Unknown;
        return end != EndReason.Unknown ? null : UnknownValue("endReason", "finished, skipped, stopped, failed");
    }

    private Fault? ReadOrigin(out ListenOrigin? origin)
    {
        origin = _reader.TokenType != JsonTokenType.String ? null
            : _reader.ValueTextEquals("listener"u8) ? ListenOrigin.OwnChoice
            : _reader.ValueTextEquals("radio"u8) ? ListenOrigin.Radio
            : null;
        return origin is not null ? null : UnknownValue("chosenBy", "listener, radio");
    }

    private Fault? ReadRecommendation(out RecommendationId recommendation)
    {
        recommendation = default;
        if (_reader.TokenType != JsonTokenType.String)
        {
            return WireText.WrongType("recommendation", "a string");
        }
        if (_reader.ValueIsEscaped
            || !Utf8Parser.TryParse(_reader.ValueSpan, out Guid id, out var used, 'D') || used != _reader.ValueSpan.Length)
        {
            return new(RejectReason.BadFormat, "recommendation: not a UUID like 0f8fad5b-d9cb-469f-a165-70867728950e");
        }
        recommendation = new(id);
        return null;
    }

    private Fault? ReadUntil(out long until)
    {
        const long Last = 32_503_680_000_000;   // 3000-01-01: any clock correction stays representable
        return ReadTime("until", out until)
            ?? (until is >= 0 and <= Last ? null : new(RejectReason.TimeRange, $"until: {until} ms since 1970; allowed: years 1970 to 2999"));
    }

    private Fault? ReadPropensity(out double propensity)
        => ReadNumber("propensity", out propensity)
            ?? (propensity is > 0 and <= 1 ? null : WireText.OutOfRange("propensity", _reader.ValueSpan, "above 0, at most 1"));
}
