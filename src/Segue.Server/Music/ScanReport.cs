using Segue.Core;

namespace Segue.Server.Music;

/// <summary>What a scan may vary.</summary>
public sealed record ScanOptions
{
    /// <summary>Files that are listened to at once; positive.</summary>
    public int Workers { get; init; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Files are analyzed anew though nothing about them changed.</summary>
    public bool Again { get; init; }
}

/// <summary>How far a scan is.</summary>
/// <param name="Done">Files of which the outcome is known.</param>
/// <param name="Total">Files that there are, as far as was counted.</param>
/// <param name="Analyzed">Files that were listened to.</param>
/// <param name="PerSecond">Files listened to in a second, since the first; 0 before it.</param>
/// <param name="Left">Time until the end, at that rate; null where nothing tells.</param>
public sealed record ScanProgress(long Done, long Total, long Analyzed, double PerSecond, TimeSpan? Left)
{
    /// <summary>In [0, 1].</summary>
    public double Share => Total == 0 ? 0 : Math.Min(1, (double)Done / Total);
}

/// <summary>What a scan did.</summary>
/// <param name="Files">Files that were met and may be music.</param>
/// <param name="Unchanged">Of them, those that were as before.</param>
/// <param name="Analyzed">Of them, those that were listened to.</param>
/// <param name="Known">Of them, those whose bytes were known: renamed, moved or copied.</param>
/// <param name="Gone">Files that are no longer there.</param>
/// <param name="NotMusic">Files whose names say that they are no music.</param>
/// <param name="HiddenFolders">Folders of the system, which were left out.</param>
/// <param name="UnreadableFolders">Folders that gave no list, with the reason; what was known of their files stays.</param>
/// <param name="EmptyFolders">Scanned folders that hold nothing though files were known there: a disk that is not mounted looks so. What was known stays.</param>
/// <param name="NewTracks">Tracks that came into the catalogue.</param>
/// <param name="Matched">Contents that turned out to be tracks of the catalogue.</param>
public sealed record ScanReport(
    long Files, long Unchanged, long Analyzed, long Known, long Gone, long NotMusic, int HiddenFolders,
    IReadOnlyList<(string Path, string Fault)> UnreadableFolders, IReadOnlyList<string> EmptyFolders, long NewTracks, long Matched)
{
    /// <summary>What made it slower than it could have been; null where nothing did.</summary>
    public string? Doubt { get; init; }

    /// <summary>Whether other tracks can be played than before.</summary>
    public bool IsChanged => Analyzed + Known + Gone > 0;
}

/// <summary>A file whose outcome is known.</summary>
/// <param name="Track">Null where it is not ok.</param>
/// <param name="IsNew">The track came into the catalogue with it.</param>
public sealed record ScannedTrack(string Path, TrackId? Track, bool IsNew);
