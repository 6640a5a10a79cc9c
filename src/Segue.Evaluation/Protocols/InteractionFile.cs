using System.Globalization;
using Segue.Core;
using Segue.Events.Importing;

namespace Segue.Evaluation.Protocols;

/// <summary>How the lines of a benchmark's file are laid out.</summary>
public enum FileLayout
{
    /// <summary>Found out from the first lines: rows when all have the same 2 to 4 fields, else adjacency lists.</summary>
    Auto,

    /// <summary><c>user item [count [time]]</c>, separated by tabs, blanks, commas or <c>::</c>; a header is recognized.</summary>
    Rows,

    /// <summary><c>user item item …</c>, in no order.</summary>
    Adjacency,

    /// <summary><c>user item item …</c>, oldest first.</summary>
    Sequences,
}

/// <summary>Reads the files in which benchmarks are published. A bad line spends the budget; beyond it, nothing is given.</summary>
public sealed class InteractionFile(FileInfo file, FileLayout layout, BadLineBudget budget, TimeFormat timeFormat = TimeFormat.UnixSeconds)
{
    private const int LinesSniffed = 100;

    /// <exception cref="ImportException">More lines are bad than the budget allows.</exception>
    public List<Interaction> ReadInteractions(CancellationToken cancellation)
    {
        var source = TextSource.File(file);
        var tally = new ImportTally(budget);
        return [.. Sniff() is { } rows
            ? DelimitedReader.Read(source, rows, tally, null, cancellation)
            : SequenceReader.ReadAdjacency(source, tally, null, cancellation)];
    }

    /// <inheritdoc cref="ReadInteractions"/>
    public List<UserSequence> ReadSequences(CancellationToken cancellation)
        => [.. SequenceReader.ReadSequences(TextSource.File(file), new(budget), null, cancellation)];

    /// <inheritdoc cref="ReadInteractions"/>
    public List<SampledNegatives> ReadNegatives(CancellationToken cancellation)
        => [.. SampledNegativesReader.Read(TextSource.File(file), new(budget), null, cancellation)];

    // Null: adjacency lists.
    private DelimitedOptions? Sniff()
    {
        if (layout is FileLayout.Adjacency or FileLayout.Sequences)
        {
            return null;
        }
        var lines = File.ReadLines(file.FullName).Where(line => line.Length > 0).Take(LinesSniffed).ToList();
        var first = lines.FirstOrDefault() ?? "";
        var separator = first.Contains("::", StringComparison.Ordinal) ? FieldSeparator.DoubleColon
            : first.Contains('\t', StringComparison.Ordinal) ? FieldSeparator.Tab
            : first.Contains(',', StringComparison.Ordinal) ? FieldSeparator.Comma
            : FieldSeparator.Whitespace;
        var fields = lines.Select(line => Split(line, separator).Length).Distinct().ToList();
        if (layout == FileLayout.Auto && (fields.Count != 1 || fields[0] is < 2 or > 4))
        {
            return null;
        }
        var head = Split(first, separator);
        var hasHeader = head.Length >= 3 && !double.TryParse(head[2], NumberStyles.Float, CultureInfo.InvariantCulture, out _);
        string? Name(int field) => head.Length <= field ? null : hasHeader ? head[field].Trim() : (field + 1).ToString(CultureInfo.InvariantCulture);
        return new()
        {
            Separator = separator,
            HasHeader = hasHeader,
            Fields = new() { User = Name(0) ?? "1", Item = Name(1) ?? "2", Value = Name(2), Time = Name(3), TimeFormat = timeFormat },
        };
    }

    private static string[] Split(string line, FieldSeparator separator) => separator switch
    {
        FieldSeparator.DoubleColon => line.Split("::"),
        FieldSeparator.Tab => line.Split('\t'),
        FieldSeparator.Comma => line.Split(','),
        _ => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
    };
}
