namespace Segue.Events.Sources;

/// <summary>How a source is cut into batches.</summary>
public sealed record SourceReaderOptions
{
    /// <summary>Bytes read at once, at least 4 KiB; a batch has about as many at most.</summary>
    public int BatchBytes { get; init; } = 1 << 20;

    /// <summary>Most lines of a batch, at least 1.</summary>
    public int BatchLines { get; init; } = 4096;

    /// <summary>Longest line without its end, from 1 B to 512 MiB; a longer one is a defect.</summary>
    public int MaxLineBytes { get; init; } = 1 << 20;

    /// <summary>Bytes given of a line that is too long.</summary>
    internal int KeptBytesOfLongLine => Math.Min(MaxLineBytes, 64 << 10);

    internal SourceReaderOptions Validated()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchBytes, 4096);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BatchBytes, 1 << 29);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BatchLines);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxLineBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxLineBytes, 1 << 29);
        return this;
    }
}
