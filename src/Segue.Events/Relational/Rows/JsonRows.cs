using System.Text.Json;
using Segue.Events.Importing;

namespace Segue.Events.Relational.Rows;

/// <summary>Texts with one JSON object a line, all of them one table. Faults quote nothing of a line: it may hold personal data.</summary>
/// <remarks>A row may lack a field; a field that no row has is taken for a slip of the mapping.</remarks>
public sealed class JsonRows(IReadOnlyList<TextSource> sources, long? bytes = null) : IRowSource
{
    public long? Size => bytes;

    /// <summary>Files, in the order given.</summary>
    public static JsonRows OfFiles(params IReadOnlyList<FileInfo> files) => new([.. files.Select(TextSource.File)], files.Sum(file => file.Length));

    public IEnumerable<ForeignRow> Read(
        IReadOnlyList<string?> columns, ImportTally tally, IProgress<long>? progress, CancellationToken cancellation)
    {
        var seen = new bool[columns.Count];
        var rows = 0L;
        var before = 0L;
        foreach (var source in sources)
        {
            var sum = new SumOf(before, progress) { Last = before };
            using var lines = source.OpenLines(sum, cancellation);
            while (tally.Next(lines))
            {
                if (Parse(lines.Bytes, columns, seen, out var fields) is { } fault)
                {
                    tally.Bad(source.Name, lines.Line, fault);
                    continue;
                }
                rows++;
                yield return new(source.Name, lines.Line, fields);
            }
            before = sum.Last;
        }
        tally.RequireBudget();
        if (rows > 0 && columns.Where((name, i) => name is not null && !seen[i]).ToList() is { Count: > 0 } absent)
        {
            throw new ImportException($"No row has a field {string.Join(" or ", absent)}.");
        }
    }

    private static string? Parse(ReadOnlyMemory<byte> line, IReadOnlyList<string?> columns, bool[] seen, out string?[] fields)
    {
        fields = new string?[columns.Count];
        try
        {
            using var json = JsonDocument.Parse(line, new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                return "is JSON, but not an object";
            }
            for (var i = 0; i < columns.Count; i++)
            {
                if (columns[i] is { } name && json.RootElement.TryGetProperty(name, out var value))
                {
                    seen[i] = true;
                    fields[i] = TextOf(value);
                }
            }
            return null;
        }
        catch (JsonException malformed)
        {
            return malformed.BytePositionInLine is { } position
                ? $"is malformed JSON at byte {position + 1}"
                : "is malformed JSON, or names a property twice";
        }
        catch (InvalidOperationException)   // from GetString, on an escape such as \ud800
        {
            return "holds an escaped half of a surrogate pair";
        }
    }

    private static string? TextOf(JsonElement value)
    {
        var text = value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => value.GetString(),
            _ => value.GetRawText(),
        };
        return string.IsNullOrWhiteSpace(text) ? null : text.Trim();
    }

    private sealed class SumOf(long before, IProgress<long>? progress) : IProgress<long>
    {
        public long Last { get; set; }

        public void Report(long value)
        {
            Last = before + value;
            progress?.Report(Last);
        }
    }
}
