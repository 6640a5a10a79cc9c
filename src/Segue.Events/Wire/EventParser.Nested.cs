using System.Text.Json;
using Segue.Events.Catalogue;

namespace Segue.Events.Wire;

/// <summary>The objects inside an event.</summary>
internal ref partial struct EventParser
{
    private static readonly string[] RecordingNames =
        ["recording.mbid", "recording.isrc", "recording.artist", "recording.title", "recording.album", "recording.durationSeconds"];

    private static readonly string[] CardNames =
        ["card.title", "card.artist", "card.artistRank", "card.genre", "card.durationSeconds", "card.volume"];

    private Fault? ReadRecording(ref EventDraft draft)
    {
        string? mbid = null, isrc = null, artist = null, title = null, album = null;
        var seen = 0;
        var fault = OpenObject("recording");
        while (fault is null && NextField(RecordingNames, ref seen, out var field, out fault))
        {
            fault = field switch
            {
                0 => ReadCode(RecordingNames[0], RecordingCodes.Mbid, out mbid),
                1 => ReadCode(RecordingNames[1], RecordingCodes.Isrc, out isrc),
                2 => ReadText(RecordingNames[2], out artist),
                3 => ReadText(RecordingNames[3], out title),
                4 => ReadText(RecordingNames[4], out album),
                5 => ReadSeconds(RecordingNames[5], ShortestTrack, out draft.RecordingLength),
                _ => fault,
            };
        }
        draft.Recording = new(mbid, isrc, artist, title, album);
        return fault;
    }

    private Fault? ReadCard(ref EventDraft draft)
    {
        string? title = null, artist = null, genre = null;
        (int? rank, TimeSpan? duration, double? volume) = (null, null, null);
        var seen = 0;
        var fault = OpenObject("card");
        while (fault is null && NextField(CardNames, ref seen, out var field, out fault))
        {
            fault = field switch
            {
                0 => ReadText(CardNames[0], out title),
                1 => ReadText(CardNames[1], out artist),
                2 => ReadRank(out rank),
                3 => ReadText(CardNames[3], out genre),
                4 => ReadSeconds(CardNames[4], ShortestTrack, out duration),
                5 => ReadVolume(out volume),
                _ => fault,
            };
        }
        draft.Card = new(title, artist, rank, genre, duration, volume);
        return fault;
    }

    private readonly Fault? ReadRank(out int? rank)
    {
        var fault = ReadWhole(CardNames[2], 1, int.MaxValue, "whole numbers from 1", out var value);
        rank = value;
        return fault;
    }

    private readonly Fault? ReadVolume(out double? volume)
    {
        var fault = ReadNumber(CardNames[5], out var value);
        volume = value;
        return fault ?? (value is >= 0 and <= 1 ? null : WireText.OutOfRange(CardNames[5], _reader.ValueSpan, "0 to 1"));
    }

    private delegate string? Normal(ReadOnlySpan<char> code);

    private readonly Fault? ReadCode(string place, Normal normal, out string? code)
    {
        var fault = ReadText(place, out var text);
        code = fault is null ? normal(text) : null;
        return fault ?? (code is not null ? null : new(RejectReason.BadFormat, $"{place}: {WireText.Shown(text!)} is none"));
    }

    private readonly Fault? OpenObject(string place)
        => _reader.TokenType == JsonTokenType.StartObject ? null : WireText.WrongType(place, "an object");

    /// <summary>Moves to the value of the next field, or past the object's end.</summary>
    /// <param name="names">With the object's own name and a dot before each.</param>
    /// <param name="field">Index of the name; -1 when there is nothing to read: an unknown field, now kept, or a null.</param>
    private bool NextField(string[] names, ref int seen, out int field, out Fault? fault)
    {
        (field, fault) = (-1, null);
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.PropertyName)
        {
            return false;
        }
        var prefix = names[0].IndexOf('.', StringComparison.Ordinal) + 1;
        for (var i = 0; i < names.Length && field < 0; i++)
        {
            field = _reader.ValueTextEquals(names[i].AsSpan(prefix)) ? i : -1;
        }
        if (field < 0)
        {
            fault = (_extra ??= new()).Take(ref _reader, names[0][..prefix]);
            return true;
        }
        fault = (seen & 1 << field) == 0 ? null : WireText.Duplicate(names[field]);
        seen |= 1 << field;
        _reader.Read();
        field = fault is null && _reader.TokenType != JsonTokenType.Null ? field : -1;
        return true;
    }
}
