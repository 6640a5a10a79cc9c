namespace Segue.Server.Music;

/// <summary>What changed below a folder and stands still by now.</summary>
/// <param name="Files">Files that are new, changed or gone.</param>
/// <param name="NeedsWalk">Something changed that single files do not tell: a folder came or went, or word of changes was lost.</param>
public sealed record WatchedChanges(IReadOnlyCollection<string> Files, bool NeedsWalk);

/// <summary>Listens to the system for changes below a folder. Thread-safe.</summary>
/// <remarks>A file that is being written is told when two looks, one after the other, find the same size and time: looks should lie some seconds apart. Where the
/// system cannot watch (too many folders, a disk over a network) only whole walks find what changed.</remarks>
public sealed class MusicWatch : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (long Bytes, DateTime ModifiedAt)?> _pending = new(StringComparer.Ordinal);   // null: gone, or not looked at
    private readonly HashSet<string> _looked = new(StringComparer.Ordinal);
    private readonly FileSystemWatcher? _watcher;
    private bool _needsWalk;

    /// <param name="folder">A folder that exists.</param>
    public MusicWatch(string folder)
    {
        Folder = folder;
        var watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true, NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size };
        watcher.Created += (_, change) => Note(change.FullPath);
        watcher.Changed += (_, change) => Note(change.FullPath);
        watcher.Deleted += (_, change) => Note(change.FullPath);
        watcher.Renamed += (_, change) =>
        {
            Note(change.OldFullPath);
            Note(change.FullPath);
        };
        watcher.Error += (_, fault) => Lose(fault.GetException());
        try
        {
            watcher.EnableRaisingEvents = true;
            _watcher = watcher;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            watcher.Dispose();
            Fault = fault;
        }
    }

    public string Folder { get; }

    /// <summary>Why the system does not tell of changes, or not of all; null while it does.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Notes that something happened at a path.</summary>
    public void Note(string path)
    {
        var folders = Path.GetRelativePath(Folder, path).Split(Path.DirectorySeparatorChar);
        var isFolder = Directory.Exists(path);
        if ((isFolder ? folders : folders.SkipLast(1)).Any(folder => folder is not (".." or ".") && FileKinds.IsHiddenFolder(folder)))
        {
            return;
        }
        lock (_lock)
        {
            if (isFolder)
            {
                _needsWalk = true;
            }
            else if (!FileKinds.IsNoMusic(Path.GetFileName(path)))
            {
                _pending.TryAdd(path, null);
                _looked.Remove(path);
            }
        }
    }

    /// <summary>Looks at what was noted, and gives what stands still since the look before.</summary>
    /// <param name="isKnown">Whether a path that is not there was a file: else it was a folder, and what it held is gone too.</param>
    public WatchedChanges Take(Func<string, bool> isKnown)
    {
        lock (_lock)
        {
            var still = new List<string>();
            foreach (var (path, before) in _pending.ToList())
            {
                var now = Look(path);
                if (_looked.Add(path) || now != before)
                {
                    _pending[path] = now;
                    continue;
                }
                _pending.Remove(path);
                _looked.Remove(path);
                _needsWalk |= now is null && !isKnown(path);
                still.Add(path);
            }
            var walk = _needsWalk && _pending.Count == 0;   // a folder that is being copied goes on telling
            _needsWalk &= !walk;
            return new(still, walk);
        }
    }

    public void Dispose() => _watcher?.Dispose();

    private static (long Bytes, DateTime ModifiedAt)? Look(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? (file.Length, file.LastWriteTimeUtc) : null;
    }

    private void Lose(Exception fault)
    {
        lock (_lock)
        {
            (Fault, _needsWalk) = (fault, true);
        }
    }
}
