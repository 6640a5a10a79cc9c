using System.Runtime.CompilerServices;
using Segue.Core;
using Segue.Events.Analytics;
using Segue.Events.Objects;

namespace Segue.Events.Compaction;

/// <summary>Reads compacted events back.</summary>
public sealed class CompactedEvents
{
    private readonly IObjectStore _objects;

    private CompactedEvents(IObjectStore objects, EventManifest manifest) => (_objects, Manifest) = (objects, manifest);

    public EventManifest Manifest { get; }

    /// <exception cref="InvalidDataException">The manifest is damaged.</exception>
    public static async Task<CompactedEvents> OpenAsync(IObjectStore objects, CancellationToken cancellation = default)
        => new(objects, await EventManifest.ReadAsync(objects, cancellation));

    /// <summary>Events with <paramref name="from"/> ≤ At &lt; <paramref name="until"/> (null: no bound), by At, listener, key.</summary>
    /// <param name="listener">Of this one alone; null: of all.</param>
    /// <remarks>Streams with a few MiB of memory; about half a million events a second.</remarks>
    /// <exception cref="DuckDbException">A file is damaged.</exception>
    public async IAsyncEnumerable<ListenerEvent> ReadAsync(
        DateTimeOffset? from = null,
        DateTimeOffset? until = null,
        ListenerId? listener = null,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var database = DuckDbDatabase.Open(new() { Threads = 1, MemoryMiB = 512 });
        using var connection = database.Connect();
        foreach (var day in DaysBetween(from, until))
        {
            var file = await _objects.LocalFileAsync(day.ObjectName, cancellation);
            using var reader = connection.Query($"SELECT {EventTable.Columns} FROM {DayWriter.FilesOf(file)} {Filter(from, until, listener)}", cancellation);
            while (reader.Read())
            {
                yield return EventTable.Read(reader);
            }
        }
    }

    /// <summary>The events with <paramref name="from"/> ≤ At &lt; <paramref name="until"/> as a source of a SELECT, with all columns.</summary>
    public async Task<string> SourceAsync(DateTimeOffset? from, DateTimeOffset? until, CancellationToken cancellation)
    {
        var files = new List<string>();
        foreach (var day in DaysBetween(from, until))
        {
            files.Add(await _objects.LocalFileAsync(day.ObjectName, cancellation));
        }
        return files.Count == 0
            ? $"(SELECT {EventTable.Nothing} WHERE false)"
            : $"(FROM {DayWriter.FilesOf(files)} {Filter(from, until, null)})";
    }

    /// <summary>The days that may hold events of a time, in order.</summary>
    public IEnumerable<EventDay> DaysBetween(DateTimeOffset? from, DateTimeOffset? until)
        => Manifest.Days.Where(day =>
            (from is null || day.Day >= DateOnly.FromDateTime(from.Value.UtcDateTime)) &&
            (until is null || day.Day.ToDateTime(TimeOnly.MinValue) < until.Value.UtcDateTime));

    private static string Filter(DateTimeOffset? from, DateTimeOffset? until, ListenerId? listener)
    {
        var terms = new List<string>();
        if (from is { } first)
        {
            terms.Add($"happened_at >= {DuckDbConnection.Literal(first)}");
        }
        if (until is { } end)
        {
            terms.Add($"happened_at < {DuckDbConnection.Literal(end)}");
        }
        if (listener is { } one)
        {
            terms.Add($"listener = {DuckDbConnection.Literal(one.Value)}");
        }
        return terms.Count == 0 ? "" : "WHERE " + string.Join(" AND ", terms);
    }
}
