using System.Globalization;
using Segue.Core;

namespace Segue.Events.Importing;

/// <summary>How a delimited text is laid out.</summary>
public sealed record DelimitedOptions
{
    public FieldSeparator Separator { get; init; } = FieldSeparator.Tab;

    /// <summary>Whether the first line names the columns. If not, they are named by their places: "1", "2" and so on.</summary>
    public bool HasHeader { get; init; } = true;

    public InteractionFields Fields { get; init; } = new();
}

/// <summary>Reads interactions from text with one row a line and separated columns.</summary>
public static class DelimitedReader
{
    /// <summary>Streams the rows in the file's order; nothing is read before the first is asked for.</summary>
    /// <param name="bytesRead">Receives the count of bytes read so far, some times a MiB.</param>
    /// <exception cref="ImportException">A column is missing, or the budget of <paramref name="tally"/> is exceeded.</exception>
    public static IEnumerable<Interaction> Read(
        TextSource source,
        DelimitedOptions options,
        ImportTally tally,
        IProgress<long>? bytesRead = null,
        CancellationToken cancellation = default)
    {
        using var lines = source.OpenLines(bytesRead, cancellation);
        var splitter = new FieldSplitter(options.Separator);
        var columns = options.HasHeader
            ? FromHeader(source.Name, ReadHeader(lines, splitter, tally), options.Fields)
            : FromPlaces(source.Name, options.Fields);
        while (tally.Next(lines))
        {
            Interaction interaction = default;
            var fault = splitter.Split(lines.Text) ?? Parse(splitter, columns, options.Fields.TimeFormat, out interaction);
            if (fault is null)
            {
                tally.Accept();
                yield return interaction;
            }
            else
            {
                tally.Bad(source.Name, lines.Line, fault);
            }
        }
        tally.RequireBudget();
    }

    /// <summary>Places of the columns, from 0; <see cref="Absent"/> for an optional one that the file does not have.</summary>
    /// <param name="Expected">How many fields each line has; null where no header tells.</param>
    private sealed record Columns(int User, int Item, int Value, int Time, int Action, int Playlist, int? Expected)
    {
        public const int Absent = -1;

        public int Least { get; } = Math.Max(Math.Max(User, Item), Math.Max(Value, Math.Max(Time, Math.Max(Action, Playlist)))) + 1;
    }

    private static string? Parse(FieldSplitter row, Columns columns, TimeFormat timeFormat, out Interaction interaction)
    {
        interaction = default;
        if (row.Count < (columns.Expected ?? columns.Least))
        {
            return $"has {row.Count} fields, fewer than the {columns.Expected ?? columns.Least} columns needed";
        }
        if (row.Count > columns.Expected)
        {
            return $"has {row.Count} fields, more than the {columns.Expected} columns of the header";
        }
        var (item, value, time, action, playlist) = ("", 1d, (DateTimeOffset?)null, InteractionAction.Listen, (string?)null);
        var fault = FieldParser.Id(row[columns.User], "user id", out var user)
            ?? FieldParser.Id(row[columns.Item], "item id", out item)
            ?? (columns.Value < 0 ? null : FieldParser.Value(row[columns.Value], out value))
            ?? (columns.Time < 0 ? null : FieldParser.Time(row[columns.Time], timeFormat, out time))
            ?? (columns.Action < 0 ? null : FieldParser.Action(row[columns.Action], out action))
            ?? (columns.Playlist < 0 ? null : FieldParser.Playlist(row[columns.Playlist], action, out playlist));
        return fault ?? FieldParser.Join(user, item, value, time, action, playlist, out interaction);
    }

    private static List<string> ReadHeader(LineReader lines, FieldSplitter splitter, ImportTally tally)
    {
        var badLines = tally.BadLines;
        if (!tally.Next(lines) && tally.BadLines == badLines)
        {
            throw new ImportException($"{lines.Name} is empty, and should begin with a header.");
        }
        var fault = tally.BadLines > badLines ? "it cannot be decoded" : splitter.Split(lines.Text);
        return fault is null
            ? Enumerable.Range(0, splitter.Count).Select(column => splitter[column].Trim().ToString()).ToList()
            : throw new ImportException($"{lines.Name}: the header cannot be read: {fault}.");
    }

    private static Columns FromHeader(string file, List<string> names, InteractionFields fields)
    {
        return new(
            Required(fields.User), Required(fields.Item), Optional(fields.Value, "value"), Optional(fields.Time, "time"),
            Optional(fields.Action, "action"), fields.Playlist is { } playlist ? Required(playlist) : Columns.Absent, names.Count);

        int Optional(string? name, string byDefault)
            => name is null && !names.Contains(byDefault) ? Columns.Absent : Required(name ?? byDefault);

        int Required(string name) => names.Count(present => present == name) switch
        {
            1 => names.IndexOf(name),
            0 => throw new ImportException($"{file} has no column {name}; it has {string.Join(", ", names)}."),
            _ => throw new ImportException($"{file} has several columns named {name}."),
        };
    }

    private static Columns FromPlaces(string file, InteractionFields fields)
    {
        return new(Place(fields.User), Place(fields.Item), Optional(fields.Value), Optional(fields.Time), Optional(fields.Action), Optional(fields.Playlist), null);

        int Optional(string? name) => name is null ? Columns.Absent : Place(name);

        int Place(string name) => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var place) && place > 0
            ? place - 1
            : throw new ImportException($"{file} has no header, so its columns are 1, 2, 3 and so on; '{name}' is none of them.");
    }
}
