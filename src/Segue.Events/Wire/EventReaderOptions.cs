using System.ComponentModel.DataAnnotations;

namespace Segue.Events.Wire;

/// <summary>How much a sender may send; the defaults are the contract of <c>docs/events.md</c>.</summary>
public sealed class EventReaderOptions
{
    public const string Section = "Events:Wire";

    [Range(256, 1 << 20)]
    public int MaxEventBytes { get; init; } = 16 * 1024;

    /// <summary>Objects and arrays inside each other, the event itself counted.</summary>
    [Range(2, 64)]
    public int MaxDepth { get; init; } = 8;

    [Range(1, 100_000)]
    public int MaxBatchEvents { get; init; } = 1_000;

    [Range(256, 1 << 28)]
    public int MaxBatchBytes { get; init; } = 4 * 1024 * 1024;
}
