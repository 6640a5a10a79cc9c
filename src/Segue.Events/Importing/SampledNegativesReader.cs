namespace Segue.Events.Importing;

/// <summary>Items that a user never met, drawn once so that all models are ranked against the same ones.</summary>
/// <param name="HeldOut">The item of the test set that they are ranked with; null where the file does not name it.</param>
public sealed record SampledNegatives(string User, string? HeldOut, IReadOnlyList<string> Items);

/// <summary>Reads the two shapes in which sampled negatives are published: <c>(user,heldOut)</c>, a tab and the negatives separated by
/// tabs; or the user and the negatives separated by white space. The first line tells which one a file has.</summary>
public static class SampledNegativesReader
{
    /// <summary>Streams the lines in the file's order. A line without negatives is a bad line.</summary>
    /// <param name="bytesRead">Receives the count of bytes read so far, some times a MiB.</param>
    /// <exception cref="ImportException">The budget of <paramref name="tally"/> is exceeded.</exception>
    public static IEnumerable<SampledNegatives> Read(
        TextSource source, ImportTally tally, IProgress<long>? bytesRead = null, CancellationToken cancellation = default)
    {
        using var lines = source.OpenLines(bytesRead, cancellation);
        FieldSplitter? splitter = null;
        var pairs = false;
        while (tally.Next(lines))
        {
            if (splitter is null)
            {
                pairs = lines.Text[0] == '(';
                splitter = new(pairs ? FieldSeparator.Tab : FieldSeparator.Whitespace);
            }
            splitter.Split(lines.Text);
            var fault = Parse(splitter, pairs, out var negatives);
            if (fault is null)
            {
                tally.Accept();
                yield return negatives;
            }
            else
            {
                tally.Bad(source.Name, lines.Line, fault);
            }
        }
        tally.RequireBudget();
    }

    private static string? Parse(FieldSplitter row, bool pairs, out SampledNegatives negatives)
    {
        negatives = new("", null, []);
        if (row.Count < 2)
        {
            return "names no negatives";
        }
        var (user, heldOut) = ("", (string?)null);
        var fault = pairs ? Pair(row[0], out user, out heldOut) : FieldParser.Id(row[0], "user id", out user);
        var items = new List<string>(row.Count - 1);
        for (var field = 1; fault is null && field < row.Count; field++)
        {
            fault = FieldParser.Id(row[field], "item id", out var item);
            items.Add(item);
        }
        negatives = new(user, heldOut, items);
        return fault;
    }

    private static string? Pair(ReadOnlySpan<char> text, out string user, out string heldOut)
    {
        (user, heldOut) = ("", "");
        return text.Length < 2 || text[0] != '(' || text[^1] != ')' || text.Count(',') != 1
            ? $"begins with {FieldParser.Quote(text)}, not with (user,item)"
            : FieldParser.Id(text[1..text.IndexOf(',')], "user id", out user)
                ?? FieldParser.Id(text[(text.IndexOf(',') + 1)..^1], "held-out item id", out heldOut);
    }
}
