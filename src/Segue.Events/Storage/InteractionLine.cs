using System.Globalization;
using Segue.Core;
using Segue.Events.Importing;

namespace Segue.Events.Storage;

/// <summary>One line of <c>interactions.tsv</c>: user, item, value, time in Unix milliseconds or nothing, action; of an add to a playlist that is told, the playlist.</summary>
internal static class InteractionLine
{
    public const string Header = "user\titem\tvalue\ttime\taction";

    private const int Columns = 5, WithPlaylist = 6;

    // Ids hold no control characters, so no field can hold a tab or a line break.
    public static string Format(in Interaction interaction)
    {
        var (user, item, value, time, action) = interaction;
        return string.Create(CultureInfo.InvariantCulture,
            $"{user}\t{item}\t{value:R}\t{time?.ToUnixTimeMilliseconds()}\t{action}{(interaction.Playlist is null ? "" : "\t")}{interaction.Playlist}");
    }

    /// <returns>Null, or what is wrong with the line.</returns>
    public static string? Parse(ReadOnlySpan<char> line, FieldSplitter splitter, out Interaction interaction)
    {
        interaction = default;
        splitter.Split(line);
        if (splitter.Count is not (Columns or WithPlaylist))
        {
            return $"has {splitter.Count} fields instead of {Columns} or {WithPlaylist}";
        }
        var (item, value, time, action, playlist) = ("", 0d, (DateTimeOffset?)null, InteractionAction.Listen, (string?)null);
        var fault = FieldParser.Id(splitter[0], "user id", out var user)
            ?? FieldParser.Id(splitter[1], "item id", out item)
            ?? FieldParser.Value(splitter[2], out value)
            ?? Time(splitter[3], out time)
            ?? FieldParser.Action(splitter[4], out action)
            ?? (splitter.Count < WithPlaylist ? null : FieldParser.Id(splitter[5], "playlist id", out playlist));
        interaction = fault is null ? new(user, item, value, time, action) { Playlist = playlist } : default;
        return fault;
    }

    // Not by FieldParser: the store gives back any time that it was given, also one that no import would take.
    private static string? Time(ReadOnlySpan<char> text, out DateTimeOffset? time)
    {
        time = null;
        if (text.IsEmpty)
        {
            return null;
        }
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds)
            || milliseconds < DateTimeOffset.MinValue.ToUnixTimeMilliseconds()
            || milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            return $"the time {FieldParser.Quote(text)} is not a number of milliseconds";
        }
        time = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        return null;
    }
}
