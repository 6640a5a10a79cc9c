namespace Segue.Events.Compaction;

/// <summary>What a compaction may use. The files' bytes depend on <see cref="RowGroup"/> alone.</summary>
public sealed record CompactorOptions
{
    /// <summary>Memory of DuckDB, in MiB, at least 128; the process needs some 300 MiB beside it.</summary>
    public int MemoryMiB { get; init; } = 1024;

    /// <summary>Rows of a Parquet row group.</summary>
    public int RowGroup { get; init; } = 122_880;
}

/// <summary>How far a long step is.</summary>
/// <param name="Step">Its name, for people.</param>
/// <param name="Total">0 when it is not known.</param>
public readonly record struct StepProgress(string Step, long Done, long Total);

/// <summary>What a compaction did.</summary>
/// <param name="Offset">Events of the log before it are in the files now.</param>
/// <param name="Read">Events taken from the log.</param>
/// <param name="Added">Rows that the files have more than before.</param>
public sealed record CompactionResult(long Offset, long Read, long Added, int DaysWritten);

/// <summary>What an erasure removed.</summary>
public sealed record CompactionErasure(long Rows, IReadOnlyList<DateOnly> Days);

/// <summary>An object that is not what its manifest says.</summary>
public sealed record ObjectFault(string ObjectName, string Reason);
