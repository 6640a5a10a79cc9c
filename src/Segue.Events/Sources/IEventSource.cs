namespace Segue.Events.Sources;

/// <summary>One object of a source.</summary>
/// <param name="Name">Names it for ever and everywhere: a full path, or <c>s3://bucket/key</c>.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Version">Changes whenever its content does.</param>
public sealed record SourceObject(string Name, long Bytes, string Version);

/// <summary>Texts with one JSON object a line: files, or objects of a store.</summary>
public interface IEventSource
{
    /// <summary>How the source was named.</summary>
    string Name { get; }

    /// <summary>All objects now, by name in ordinal order: <c>.json</c>, <c>.jsonl</c>, <c>.ndjson</c>, each also with <c>.gz</c>.</summary>
    /// <exception cref="IOException">The source is not there.</exception>
    IAsyncEnumerable<SourceObject> ListAsync(CancellationToken cancellation);

    /// <summary>The bytes of an object as they are stored.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    Task<Stream> OpenAsync(SourceObject item, CancellationToken cancellation);
}

internal static class SourceNames
{
    private static readonly string[] Endings = [".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz", ".ndjson.gz"];

    internal static bool IsText(string name) => Endings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    internal static bool IsZipped(string name) => name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
}
