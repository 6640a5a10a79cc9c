using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Segue.Events.Sources;

/// <summary>What became of what was read. Each line, or each entry of a request, is one of read and ends in exactly one of the others:
/// read = accepted + duplicate + rejected + filtered. Blank lines are not read; a line yields at most one event.</summary>
/// <param name="Filtered">Left out on purpose: by a rule of the mapping, or since the listener wants it so ("private").</param>
/// <param name="RejectedBy">Adds up to <paramref name="Rejected"/>.</param>
/// <param name="FilteredBy">Adds up to <paramref name="Filtered"/>.</param>
public sealed record IngestCounts(
    [property: JsonPropertyName("read")] long Read,
    [property: JsonPropertyName("accepted")] long Accepted,
    [property: JsonPropertyName("duplicate")] long Duplicate,
    [property: JsonPropertyName("rejected")] long Rejected,
    [property: JsonPropertyName("filtered")] long Filtered,
    [property: JsonPropertyName("rejectedBy")] IReadOnlyDictionary<string, long> RejectedBy,
    [property: JsonPropertyName("filteredBy")] IReadOnlyDictionary<string, long> FilteredBy)
{
    /// <summary>One JSON object, reasons in ordinal order.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, IngestJson.Default.IngestCounts);
}

/// <summary>Counts while lines are taken. Thread-safe.</summary>
public sealed class IngestTally
{
    private readonly ConcurrentDictionary<string, long> _rejected = new(StringComparer.Ordinal), _filtered = new(StringComparer.Ordinal);
    private long _read, _accepted, _duplicate;

    /// <summary>Lines that came, before anything is known of them.</summary>
    public void Read(long count = 1) => Interlocked.Add(ref _read, count);

    public void Accept(long count = 1) => Interlocked.Add(ref _accepted, count);

    public void Repeat(long count = 1) => Interlocked.Add(ref _duplicate, count);

    public void Reject(string reason, long count = 1) => _rejected.AddOrUpdate(reason, count, (_, before) => before + count);

    public void Filter(string reason, long count = 1) => _filtered.AddOrUpdate(reason, count, (_, before) => before + count);

    /// <summary>The counts; to be asked when no line is under way.</summary>
    /// <exception cref="InvalidOperationException">They do not add up: a line was lost, or counted twice.</exception>
    public IngestCounts ToCounts()
    {
        var (accepted, duplicate) = (Interlocked.Read(ref _accepted), Interlocked.Read(ref _duplicate));
        var (rejectedBy, filteredBy) = (Sorted(_rejected), Sorted(_filtered));
        var (rejected, filtered) = (rejectedBy.Values.Sum(), filteredBy.Values.Sum());
        var (read, told) = (Interlocked.Read(ref _read), accepted + duplicate + rejected + filtered);
        return read == told
            ? new(read, accepted, duplicate, rejected, filtered, rejectedBy, filteredBy)
            : throw new InvalidOperationException($"{read} lines were read, but the fate of {told} is told.");
    }

    private static SortedDictionary<string, long> Sorted(ConcurrentDictionary<string, long> counts)
        => new(counts.ToArray().ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal);
}

[JsonSerializable(typeof(IngestCounts))]
internal sealed partial class IngestJson : JsonSerializerContext;
