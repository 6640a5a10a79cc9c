using System.Text;
using System.Text.Json;
using Segue.Core;
using Segue.Events.Pseudonyms;

namespace Segue.Events.Wire;

/// <summary>The shapes of values that several fields share.</summary>
internal ref partial struct EventParser
{
    private const int MaxPosition = 1_000_000;
    private const double LongestSeconds = 86_400, ShortestTrack = 0.001;

    private readonly Fault? ReadListener(out ListenerCode listener)
    {
        if (_reader.TokenType == JsonTokenType.String && !_reader.ValueIsEscaped && pseudonyms.TryRemember(_reader.ValueSpan, out listener))
        {
            return null;
        }
        listener = default;
        if (ReadIdentifier("listener", out var account) is { } fault)
        {
            return fault;
        }
        listener = pseudonyms.CodeOf(Encoding.UTF8.GetString(account));
        return null;
    }

    private readonly Fault? ReadIdentifier(string place, out ReadOnlySpan<byte> id, int most = Identifier.MaxLength)
    {
        id = default;
        if (_reader.TokenType != JsonTokenType.String)
        {
            return WireText.WrongType(place, "a string");
        }
        id = _reader.ValueSpan;
        if (!_reader.ValueIsEscaped && WireText.IsPlainIdentifier(id, most))
        {
            return null;
        }
        var text = _reader.GetString()!;
        id = Encoding.UTF8.GetBytes(text);
        return WireText.IdentifierFault(text, place, most);
    }

    private readonly Fault? ReadText(string place, out string? text)
    {
        text = null;
        if (_reader.TokenType != JsonTokenType.String)
        {
            return WireText.WrongType(place, "a string");
        }
        text = _reader.GetString()!;
        return WireText.TextFault(text, place);
    }

    private readonly Fault? ReadTruth(string place, out bool value)
    {
        value = _reader.TokenType == JsonTokenType.True;
        return value || _reader.TokenType == JsonTokenType.False ? null : WireText.WrongType(place, "true or false");
    }

    private readonly Fault? ReadNumber(string place, out double number)
    {
        number = 0;
        return _reader.TokenType != JsonTokenType.Number ? WireText.WrongType(place, "a number")
            : WireNumber.TryShort(_reader.ValueSpan, out number) ? null
            : !_reader.TryGetDouble(out number) || !double.IsFinite(number) ? WireText.NotFinite(place, _reader.ValueSpan)
            : null;
    }

    private readonly Fault? ReadWhole(string place, int least, int most, string allowed, out int value)
    {
        if (ReadNumber(place, out _) is { } fault)
        {
            value = 0;
            return fault;
        }
        return _reader.TryGetInt32(out value) && value >= least && value <= most
            ? null
            : WireText.OutOfRange(place, _reader.ValueSpan, allowed);
    }

    /// <param name="least">Shortest allowed, in seconds.</param>
    /// <param name="time">In whole milliseconds.</param>
    private readonly Fault? ReadSeconds(string place, double least, out TimeSpan? time)
    {
        time = null;
        if (ReadNumber(place, out var seconds) is { } fault)
        {
            return fault;
        }
        if (seconds < least || seconds > LongestSeconds)
        {
            return WireText.OutOfRange(place, _reader.ValueSpan, $"seconds from {least} to {LongestSeconds}");
        }
        time = TimeSpan.FromTicks((long)Math.Round(seconds * 1_000) * TimeSpan.TicksPerMillisecond);
        return null;
    }

    private readonly Fault? ReadTime(string place, out long time)
    {
        time = 0;
        switch (_reader.TokenType)
        {
            case JsonTokenType.String when !_reader.ValueIsEscaped && WireTime.TryParse(_reader.ValueSpan, out time):
                return null;
            case JsonTokenType.String:
                return new(RejectReason.BadTime,
                    $"{place}: {WireText.Shown(_reader.GetString()!)}; allowed: ISO 8601 with seconds and offset, like 2026-03-29T01:30:00Z");
            case JsonTokenType.Number when _reader.TryGetInt64(out time):
                return time is >= WireTime.Earliest and <= WireTime.Latest
                    ? null
                    : new(RejectReason.TimeRange, $"{place}: {time}; allowed: Unix milliseconds of the years 1 to 9999");
            case JsonTokenType.Number:
                return ReadNumber(place, out _)
                    ?? new(RejectReason.BadTime, $"{place}: {WireText.Shown(_reader.ValueSpan)}; allowed: whole Unix milliseconds");
            default:
                return WireText.WrongType(place, "a string or a whole number");
        }
    }

    private readonly Fault UnknownValue(string place, string allowed) => _reader.TokenType == JsonTokenType.String
        ? new(RejectReason.UnknownValue, $"{place}: {WireText.Shown(_reader.GetString()!)}; allowed: {allowed}")
        : WireText.WrongType(place, "a string");
}
