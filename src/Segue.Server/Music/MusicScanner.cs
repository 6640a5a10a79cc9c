using Segue.Events.Catalogue;
using Segue.Features.Sound;

namespace Segue.Server.Music;

/// <summary>Brings folders of music into a library and a catalogue: what is new is listened to, what is known by path, size and time is passed over, what vanished is noted.</summary>
/// <remarks>
/// One thread walks, some listen, one decides which tracks the files are, in the order of the walk: so the outcome is the same for any number of workers, and a scan that was
/// stopped or killed and begun again ends where one that was not would have ended. What a worker finds is on disk before it takes the next file in hand. One scan at a time; each
/// reads the catalogue once.
/// </remarks>
/// <param name="recordings">The catalogue that files are looked for in: also what the store's data set holds.</param>
public sealed class MusicScanner(
    SoundLibrary library, CatalogueStore catalogue, Func<IEnumerable<CatalogueRecording>> recordings, TrackAnalyzers analyzers, TimeProvider time)
{
    /// <summary>Told each file whose outcome is known, in the order of the walk; those that are as they were are not told. On a thread of the scan's.</summary>
    public Action<ScannedTrack>? Told { get; init; }

    internal SoundLibrary Library => library;
    internal TrackAnalyzers Analyzers => analyzers;
    internal TimeProvider Time => time;

    /// <summary>Scans folders with all below.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder; nothing was done.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; what was found is kept, and the next scan goes on.</exception>
    public async Task<ScanReport> ScanAsync(
        IReadOnlyList<string> folders, ScanOptions options, IProgress<ScanProgress>? progress = null, CancellationToken cancellation = default)
    {
        var roots = folders.Select(Full).Distinct(StringComparer.Ordinal).ToList();
        if (roots.Find(root => !Directory.Exists(root)) is { } missing)
        {
            throw new DirectoryNotFoundException($"There is no folder {missing}; what the library knows of it stays.");
        }
        var total = progress is null ? 0 : await Task.Run(() => roots.Sum(root => new FolderWalk(root).Entries().LongCount()), cancellation);
        using var run = new ScanRun(this, options, Naming(), new(total, time, progress), cancellation);
        var walks = roots.ConvertAll(root => (Root: root, Walk: new FolderWalk(root)));
        await run.TakeAsync(walks.SelectMany(walk => walk.Walk.Files()));
        walks.ForEach(walk => run.Finish(walk.Root, walk.Walk));
        return run.Report(walks.ConvertAll(walk => walk.Walk));
    }

    /// <summary>Looks at single files of a folder, which may be new, changed or gone.</summary>
    /// <inheritdoc cref="ScanAsync"/>
    public async Task<ScanReport> ScanFilesAsync(string folder, IReadOnlyCollection<string> paths, ScanOptions options, CancellationToken cancellation = default)
    {
        using var run = new ScanRun(this, options, Naming(), new(paths.Count, time, progress: null), cancellation);
        var there = paths.Order(StringComparer.Ordinal).ToLookup(File.Exists);
        await run.TakeAsync(there[true].Where(path => !FileKinds.IsNoMusic(Path.GetFileName(path))).Select(path => FolderWalk.Look(Full(folder), new(path))));
        run.Forget(there[false]);
        return run.Report([]);
    }

    private static string Full(string folder) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));

    private TrackNaming Naming() => new(library, catalogue, new(recordings()));
}
