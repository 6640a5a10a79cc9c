using System.ComponentModel.DataAnnotations;

namespace Segue.Events.Log;

/// <summary>What may be set of a log.</summary>
public sealed class EventLogOptions
{
    /// <summary>A segment that has grown beyond is closed, and the next is begun; so it is when a new day begins in UTC. In bytes.</summary>
    [Range(1 << 16, 1L << 40)]
    public long SegmentBytes { get; init; } = 1L << 30;

    /// <summary>The write-ahead log is copied into the segment when it has grown beyond. In bytes: more means fewer, but longer pauses.</summary>
    [Range(1 << 16, 1L << 30)]
    public long CheckpointBytes { get; init; } = 4L << 20;
}
