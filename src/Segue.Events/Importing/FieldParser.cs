using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Segue.Core;

namespace Segue.Events.Importing;

/// <summary>Parses single fields; each method returns null, or what is wrong in words that go into a <see cref="LineFault"/>.</summary>
internal static class FieldParser
{
    private const int MaxQuoted = 40;
    private const decimal TicksPerSecond = TimeSpan.TicksPerSecond;

    private static readonly FrozenDictionary<string, InteractionAction>.AlternateLookup<ReadOnlySpan<char>> Actions
        = Enum.GetValues<InteractionAction>()
            .ToFrozenDictionary(action => action.ToString(), StringComparer.OrdinalIgnoreCase)
            .GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly string[] IsoFormats =
        ["yyyy-MM-dd", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mmK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK"];

    private static readonly DateTimeOffset FirstTime = DateTimeOffset.UnixEpoch;
    private static readonly DateTimeOffset EndOfTime = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static string? Id(ReadOnlySpan<char> text, string what, out string id)
    {
        var fault = Identifier.Fault(text);
        id = fault is null ? text.ToString() : "";
        return fault is null ? null : $"the {what} {fault}";
    }

    public static string? Value(ReadOnlySpan<char> text, out double value)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            ? Value(value)
            : $"the value {Quote(text)} is not a number";

    public static string? Value(double value)
        => !double.IsFinite(value) ? "the value is not finite"
            : value < 0 ? $"the value {value} is negative"
            : null;

    /// <param name="time">Null for an empty text.</param>
    public static string? Time(ReadOnlySpan<char> text, TimeFormat format, out DateTimeOffset? time)
    {
        time = null;
        if (text.IsWhiteSpace())
        {
            return null;
        }
        if (format == TimeFormat.Iso8601)
        {
            const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
            return DateTimeOffset.TryParseExact(text, IsoFormats, CultureInfo.InvariantCulture, Styles, out var parsed)
                ? InRange(parsed, text, out time)
                : $"the time {Quote(text)} is not of ISO 8601";
        }
        const NumberStyles Number = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!decimal.TryParse(text, Number, CultureInfo.InvariantCulture, out var number))
        {
            return $"the time {Quote(text)} is not a number of {Unit(format)}";
        }
        var seconds = format == TimeFormat.UnixMilliseconds ? number / 1000 : number;
        return seconds < 0 || seconds >= (EndOfTime - FirstTime).Ticks / TicksPerSecond
            ? $"the time {Quote(text)}, in {Unit(format)}, lies outside 1970-01-01 to 2099-12-31"
            : InRange(FirstTime.AddTicks((long)(seconds * TicksPerSecond)), text, out time);
    }

    public static string? Action(ReadOnlySpan<char> text, out InteractionAction action)
        => Actions.TryGetValue(text.Trim(), out action)
            ? null
            : $"the action {Quote(text)} is unknown; known are {string.Join(", ", Enum.GetNames<InteractionAction>())}";

    /// <summary>The playlist of an add; null where it is not told.</summary>
    public static string? Playlist(ReadOnlySpan<char> text, InteractionAction action, out string? playlist)
    {
        playlist = null;
        return text.IsWhiteSpace() ? null
            : action != InteractionAction.PlaylistAdd ? $"the playlist {Quote(text)} stands beside the action {action}; only {InteractionAction.PlaylistAdd} has one, and rows without a column of actions are listens"
            : Id(text, "playlist id", out playlist);
    }

    /// <summary>Joins the fields, which must be well formed one by one.</summary>
    public static string? Join(
        string user, string item, double value, DateTimeOffset? time, InteractionAction action, string? playlist, out Interaction interaction)
    {
        if (action == InteractionAction.Skip && value > 1)
        {
            interaction = default;
            return $"the value {value} is more than 1, and the value of a skip is the share of the track not heard";
        }
        interaction = new(user, item, value, time, action) { Playlist = playlist };
        return null;
    }

    /// <summary>A text of the file for a message: in quotes, cut to 40 characters, control characters made visible.</summary>
    public static string Quote(ReadOnlySpan<char> text)
    {
        var quoted = new StringBuilder("'");
        foreach (var unit in text[..Math.Min(text.Length, MaxQuoted)])
        {
            _ = char.IsControl(unit) || char.IsSurrogate(unit) ? quoted.Append($"\\u{(int)unit:X4}") : quoted.Append(unit);
        }
        return quoted.Append(text.Length > MaxQuoted ? "...'" : "'").ToString();
    }

    private static string Unit(TimeFormat format) => format == TimeFormat.UnixMilliseconds ? "milliseconds" : "seconds";

    private static string? InRange(DateTimeOffset parsed, ReadOnlySpan<char> text, out DateTimeOffset? time)
    {
        var inRange = parsed >= FirstTime && parsed < EndOfTime;
        time = inRange ? parsed : null;
        return inRange ? null : $"the time {Quote(text)} lies outside 1970-01-01 to 2099-12-31";
    }
}
