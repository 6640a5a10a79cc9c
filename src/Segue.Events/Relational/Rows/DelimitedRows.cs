using Segue.Events.Importing;

namespace Segue.Events.Relational.Rows;

/// <summary>Text with one row a line, whose first line names the columns. Faults quote nothing of a line: it may hold personal data.</summary>
public sealed class DelimitedRows(TextSource source, FieldSeparator separator = FieldSeparator.Comma, long? bytes = null) : IRowSource
{
    public long? Size => bytes;

    /// <summary>A file, comma-separated with quotes as in RFC 4180 unless told else.</summary>
    public static DelimitedRows OfFile(FileInfo file, FieldSeparator separator = FieldSeparator.Comma)
        => new(TextSource.File(file), separator, file.Length);

    public IEnumerable<ForeignRow> Read(
        IReadOnlyList<string?> columns, ImportTally tally, IProgress<long>? progress, CancellationToken cancellation)
    {
        using var lines = source.OpenLines(progress, cancellation);
        var splitter = new FieldSplitter(separator);
        var header = ReadHeader(lines, splitter);
        var places = columns.Select(name => name is null ? -1 : PlaceOf(name, header)).ToArray();
        while (tally.Next(lines))
        {
            var fault = splitter.Split(lines.Text)
                ?? (splitter.Count == header.Count ? null : $"has {splitter.Count} fields, and the header names {header.Count} columns");
            if (fault is not null)
            {
                tally.Bad(source.Name, lines.Line, fault);
                continue;
            }
            var fields = new string?[places.Length];
            for (var i = 0; i < places.Length; i++)
            {
                fields[i] = places[i] >= 0 && !splitter[places[i]].IsWhiteSpace() ? splitter[places[i]].Trim().ToString() : null;
            }
            yield return new(source.Name, lines.Line, fields);
        }
        tally.RequireBudget();
    }

    private List<string> ReadHeader(LineReader lines, FieldSplitter splitter)
    {
        while (lines.Read())
        {
            if (lines.Fault is null && lines.Text.Trim().IsEmpty)
            {
                continue;
            }
            return (lines.Fault ?? splitter.Split(lines.Text)) is { } fault
                ? throw new ImportException($"{source.Name}: the header cannot be read: it {fault}.")
                : Enumerable.Range(0, splitter.Count).Select(column => splitter[column].Trim().ToString()).ToList();
        }
        throw new ImportException($"{source.Name} is empty, and should begin with a header.");
    }

    private int PlaceOf(string name, List<string> header) => header.Count(present => present == name) switch
    {
        1 => header.IndexOf(name),
        0 => throw new ImportException($"{source.Name} has no column {name}; it has {string.Join(", ", header)}."),
        _ => throw new ImportException($"{source.Name} has several columns named {name}."),
    };
}
