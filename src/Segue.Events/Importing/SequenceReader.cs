using Segue.Core;

namespace Segue.Events.Importing;

/// <summary>What one user did, step by step.</summary>
/// <param name="Items">In time order; an item stands as often as it was met. May be empty.</param>
public sealed record UserSequence(string User, IReadOnlyList<string> Items);

/// <summary>Reads lines of the shape <c>user item item item</c>, separated by white space.</summary>
public static class SequenceReader
{
    /// <summary>The counter of lines that name a user and no item; they are accepted.</summary>
    public const string UsersWithoutItems = "usersWithoutItems";

    /// <summary>The counter of items that a line of an adjacency list names again.</summary>
    public const string RepeatedItems = "repeatedItems";

    /// <summary>Streams sequences in time order. A second line of the same user is a bad line: nothing tells which came first.</summary>
    /// <param name="bytesRead">Receives the count of bytes read so far, some times a MiB.</param>
    /// <exception cref="ImportException">The budget of <paramref name="tally"/> is exceeded.</exception>
    public static IEnumerable<UserSequence> ReadSequences(
        TextSource source, ImportTally tally, IProgress<long>? bytesRead = null, CancellationToken cancellation = default)
        => ReadLists(source, tally, oncePerUser: true, bytesRead, cancellation);

    /// <summary>Streams adjacency lists: every item of a line once, as a <see cref="InteractionAction.Listen"/> of value 1.</summary>
    /// <inheritdoc cref="ReadSequences"/>
    public static IEnumerable<Interaction> ReadAdjacency(
        TextSource source, ImportTally tally, IProgress<long>? bytesRead = null, CancellationToken cancellation = default)
    {
        var seen = new HashSet<string>();
        foreach (var list in ReadLists(source, tally, oncePerUser: false, bytesRead, cancellation))
        {
            seen.Clear();
            foreach (var item in list.Items)
            {
                if (seen.Add(item))
                {
                    yield return new(list.User, item, 1, null, InteractionAction.Listen);
                }
                else
                {
                    tally.Count(RepeatedItems);
                }
            }
        }
    }

    private static IEnumerable<UserSequence> ReadLists(
        TextSource source, ImportTally tally, bool oncePerUser, IProgress<long>? bytesRead, CancellationToken cancellation)
    {
        using var lines = source.OpenLines(bytesRead, cancellation);
        var splitter = new FieldSplitter(FieldSeparator.Whitespace);
        var lineOfUser = new Dictionary<string, long>();
        while (tally.Next(lines))
        {
            var fault = Parse(lines.Text, splitter, out var list);
            if (fault is null && oncePerUser && !lineOfUser.TryAdd(list.User, lines.Line))
            {
                fault = $"the user {FieldParser.Quote(list.User)} has a sequence already, on line {lineOfUser[list.User]}";
            }
            if (fault is not null)
            {
                tally.Bad(source.Name, lines.Line, fault);
                continue;
            }
            tally.Accept();
            tally.Count(UsersWithoutItems, list.Items.Count == 0 ? 1 : 0);
            yield return list;
        }
        tally.RequireBudget();
    }

    private static string? Parse(ReadOnlySpan<char> line, FieldSplitter splitter, out UserSequence list)
    {
        list = new("", []);
        splitter.Split(line);   // white space never fails to split
        if (splitter.Count == 0)
        {
            return "holds only white space";
        }
        var fault = FieldParser.Id(splitter[0], "user id", out var user);
        var items = new List<string>(splitter.Count - 1);
        for (var field = 1; fault is null && field < splitter.Count; field++)
        {
            fault = FieldParser.Id(splitter[field], "item id", out var item);
            items.Add(item);
        }
        list = new(user, items);
        return fault;
    }
}
