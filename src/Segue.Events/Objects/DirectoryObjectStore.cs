using System.Runtime.CompilerServices;
using Segue.Events.Files;

namespace Segue.Events.Objects;

/// <summary>Objects as files below one directory. Names are paths, so an object <c>a</c> and an object <c>a/b</c> cannot both exist.</summary>
/// <remarks>Safe for several threads and processes: the last writer of a name wins. Listing costs one pass over the files below the
/// folder part of the prefix. A folder that begins with a dot is no part of the store.</remarks>
public sealed class DirectoryObjectStore : IObjectStore
{
    private static readonly TimeSpan DraftsLiveFor = TimeSpan.FromDays(1);

    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = false,
        AttributesToSkip = FileAttributes.None,
    };

    private readonly string _root, _drafts;

    /// <summary>Opens a store, and makes its directory where there is none.</summary>
    public DirectoryObjectStore(string root, TimeProvider? time = null)
    {
        _root = Path.GetFullPath(root);
        _drafts = Path.Combine(_root, ".drafts");
        MakeDurably(_drafts);
        var now = (time ?? TimeProvider.System).GetUtcNow().UtcDateTime;
        foreach (var draft in Directory.EnumerateFiles(_drafts).Where(draft => now - File.GetLastWriteTimeUtc(draft) > DraftsLiveFor))
        {
            File.Delete(draft);   // of a process that died while it wrote
        }
    }

    /// <exception cref="ArgumentException">The prefix leaves the directory.</exception>
    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        var folder = prefix[..(prefix.LastIndexOf('/') + 1)].TrimEnd('/');
        var start = folder.Length == 0 ? _root : PathOf(folder);
        await Task.CompletedTask;   // the file system's listing has no asynchronous form
        foreach (var found in Find(start, prefix, cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            yield return found;
        }
    }

    public Task<Stream> OpenAsync(string name, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var path = PathOf(name);
        try
        {
            return Task.FromResult<Stream>(new FileStream(path, new FileStreamOptions
            {
                Share = FileShare.ReadWrite | FileShare.Delete,
                Options = FileOptions.SequentialScan,
                BufferSize = 0,
            }));
        }
        catch (Exception absent) when (absent is DirectoryNotFoundException || Directory.Exists(path))
        {
            throw Absent(name);
        }
    }

    public async Task PutAsync(string name, string file, CancellationToken cancellation)
    {
        var path = PathOf(name);
        var draft = Path.Combine(_drafts, Guid.NewGuid().ToString("N"));
        try
        {
            await using (var source = File.OpenRead(file))
            await using (var copy = new FileStream(draft, FileMode.CreateNew, FileAccess.Write))
            {
                await source.CopyToAsync(copy, cancellation);
            }
            MakeDurably(Path.GetDirectoryName(path)!);
            MakeNewer(draft, path);
            DurableFile.SyncAndPublish(draft, path);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    public Task DeleteAsync(string name, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var path = PathOf(name);
        if (File.Exists(path))
        {
            DurableFile.Delete(path);
        }
        return Task.CompletedTask;
    }

    public Task<string> LocalFileAsync(string name, CancellationToken cancellation)
        => PathOf(name) is var path && File.Exists(path) ? Task.FromResult(path) : throw Absent(name);

    private List<StoredObject> Find(string start, string prefix, CancellationToken cancellation)
    {
        var found = new List<StoredObject>();
        if (!Directory.Exists(start))
        {
            return found;
        }
        foreach (var file in new DirectoryInfo(start).EnumerateFiles("*", Everything))
        {
            cancellation.ThrowIfCancellationRequested();
            var name = Path.GetRelativePath(_root, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
            if (name.StartsWith(prefix, StringComparison.Ordinal) && !name.StartsWith('.') && !name.Contains("/.", StringComparison.Ordinal))
            {
                found.Add(new(name, file.Length, FileVersion.Of(file)));
            }
        }
        found.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return found;
    }

    // The version is made of size and time, and the clock of a file system stands still for some milliseconds.
    private static void MakeNewer(string draft, string path)
    {
        var old = new FileInfo(path);
        if (old.Exists && File.GetLastWriteTimeUtc(draft) <= old.LastWriteTimeUtc)
        {
            File.SetLastWriteTimeUtc(draft, old.LastWriteTimeUtc.AddMicroseconds(1));
        }
    }

    private static void MakeDurably(string directory)
    {
        if (!Directory.Exists(directory))
        {
            var parent = Path.GetDirectoryName(directory)!;
            MakeDurably(parent);
            Directory.CreateDirectory(directory);
            DurableFile.SyncDirectory(parent);
        }
    }

    private string PathOf(string name) => Path.Combine(_root, ObjectNames.Require(name));

    private static FileNotFoundException Absent(string name) => new($"There is no object {name}.", name);
}
