using Segue.Features.Sound;

namespace Segue.Server.Music;

/// <summary>A file that a walk met.</summary>
/// <param name="Fault">Why it cannot be read; null where nothing speaks against it.</param>
internal readonly record struct WalkedFile(MusicFile File, string? Fault);

/// <summary>Walks a folder and all below it, each folder once: links are followed after everything else, and not to a place where the walk was.</summary>
/// <remarks>Files come in ordinal order of their paths, but for those behind links. Memory grows with the largest folder and with the number of folders, not with that of
/// files. For one thread.</remarks>
internal sealed class FolderWalk(string root)
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false, RecurseSubdirectories = false };
    private readonly HashSet<string> _visited = new(StringComparer.Ordinal);
    private readonly Queue<string> _links = [];

    /// <summary>Files whose names say that they are no music.</summary>
    public long NotMusic { get; private set; }

    /// <summary>Folders that belong to the system, which were left out.</summary>
    public int HiddenFolders { get; private set; }

    /// <summary>Folders that gave no list, with the reason: nothing is known of what is below.</summary>
    public List<(string Path, string Fault)> Unreadable { get; } = [];

    /// <summary>Whether the folder is bare: a disk that is not mounted looks so. Known after the walk.</summary>
    public bool IsEmpty { get; private set; } = true;

    /// <summary>Walks. A file's fault is told with it; whatever a folder holds, nothing is thrown.</summary>
    public IEnumerable<WalkedFile> Files() => Entries().Select(file => Look(root, file));

    /// <summary>Walks without a look at the files: much faster on a disk that is far.</summary>
    public IEnumerable<FileInfo> Entries()
    {
        foreach (var file in Below(root, RealPath(root)))
        {
            yield return file;
        }
        while (_links.TryDequeue(out var link))
        {
            foreach (var file in Below(link, RealPath(link)))
            {
                yield return file;
            }
        }
    }

    private IEnumerable<FileInfo> Below(string first, string firstReal)
    {
        var ahead = new Stack<(FileSystemInfo Entry, string Real)>();
        ahead.Push((new DirectoryInfo(first), firstReal));
        while (ahead.TryPop(out var next))
        {
            if (next.Entry is FileInfo file)
            {
                yield return file;
                continue;
            }
            if (!_visited.Add(next.Real))
            {
                continue;
            }
            foreach (var entry in Enumerable.Reverse(List((DirectoryInfo)next.Entry)))
            {
                ahead.Push((entry, Path.Combine(next.Real, entry.Name)));
            }
        }
    }

    // A folder sorts as if its name ended in a slash: so do the paths of what it holds.
    private List<FileSystemInfo> List(DirectoryInfo folder)
    {
        var entries = new List<(string Key, FileSystemInfo Entry)>();
        try
        {
            foreach (var entry in folder.EnumerateFileSystemInfos("*", Everything))
            {
                IsEmpty = false;
                if (IsWanted(entry))
                {
                    entries.Add((entry is DirectoryInfo ? entry.Name + Path.DirectorySeparatorChar : entry.Name, entry));
                }
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Unreadable.Add((folder.FullName, fault.Message));
            IsEmpty = false;
        }
        entries.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
        return [.. entries.Select(entry => entry.Entry)];
    }

    private bool IsWanted(FileSystemInfo entry)
    {
        if (entry is DirectoryInfo)
        {
            if (FileKinds.IsHiddenFolder(entry.Name))
            {
                HiddenFolders++;
                return false;
            }
            if (entry.LinkTarget is not null)
            {
                _links.Enqueue(entry.FullName);
                return false;
            }
            return true;
        }
        if (FileKinds.IsNoMusic(entry.Name))
        {
            NotMusic++;
            return false;
        }
        return true;
    }

    /// <summary>Looks at one file.</summary>
    public static WalkedFile Look(string root, FileInfo file)
    {
        try
        {
            var target = file.LinkTarget is null ? file : (FileInfo)file.ResolveLinkTarget(returnFinalTarget: true)!;
            var seen = new MusicFile(root, file.FullName, target.Length, new(target.LastWriteTimeUtc, TimeSpan.Zero));
            // A pipe or a device tells no length either; to open one might wait for ever.
            return new(seen, seen.Bytes == 0 ? "it has no bytes: it is empty, or no ordinary file" : null);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidCastException)
        {
            var why = file.LinkTarget is not null ? "it is a link that leads to no file"
                : file.FullName.Contains('\uFFFD', StringComparison.Ordinal) ? "its name is not UTF-8: rename it"
                : fault.Message;
            return new(new(root, file.FullName, 0, DateTimeOffset.UnixEpoch), why);
        }
    }

    /// <summary>The place that a path means when every link on it is followed.</summary>
    private static string RealPath(string path)
    {
        var parent = Path.GetDirectoryName(path);
        if (parent is null)
        {
            return path;
        }
        var here = Path.Combine(RealPath(parent), Path.GetFileName(path));
        try
        {
            return Directory.ResolveLinkTarget(here, returnFinalTarget: false) is { } target ? RealPath(target.FullName) : here;
        }
        catch (IOException)
        {
            return here;   // a link that leads to itself, or to nothing: its listing will tell
        }
    }
}
