namespace Segue.Events.Log;

/// <summary>One thing that is wrong with the log.</summary>
/// <param name="File">The file's name within the log's folder.</param>
/// <param name="Offset">The first event that is concerned; null when only the file is known.</param>
public sealed record LogFault(string File, long? Offset, string What);

/// <summary>What a check of the whole log found.</summary>
public sealed record LogReport(long Start, long End, int Segments, long Blocks, IReadOnlyList<LogFault> Faults)
{
    public bool IsSound => Faults.Count == 0;
}

/// <summary>What an erasure removed.</summary>
/// <param name="Events">How many events; their offsets stay, empty.</param>
/// <param name="Files">The segments that were rewritten, by name within the log's folder.</param>
public sealed record ErasureReport(long Events, IReadOnlyList<string> Files);
