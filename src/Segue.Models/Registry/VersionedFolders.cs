using System.Globalization;
using System.Text;
using Segue.Events.Files;

namespace Segue.Models.Registry;

/// <summary>Numbered folders <c>000001/</c>, <c>000002/</c> … and the file <c>current</c> that names the one in use.</summary>
/// <remarks>A folder is written beside and appears by one rename; a second rename of <c>current</c> publishes it, so a reader sees the old one or
/// the new one, never a part, whenever the writer was killed. Folders are never changed afterwards. One writer at a time.</remarks>
/// <param name="longestWait">How long to wait for another writer; null: a minute.</param>
internal sealed class VersionedFolders(string directory, TimeSpan? longestWait = null)
{
    private const string CurrentName = "current", PartialPrefix = ".partial-", GonePrefix = ".gone-", LockName = ".publishing";
    private readonly TimeSpan _longestWait = longestWait ?? TimeSpan.FromMinutes(1);

    public string PathOf(string version) => Path.Combine(directory, version);

    /// <summary>The version in use, or null when nothing was published.</summary>
    public string? Current()
    {
        var path = Path.Combine(directory, CurrentName);
        return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
    }

    /// <exception cref="ModelsMissingException">Nothing was published.</exception>
    public string RequireCurrent()
        => Current() ?? throw new ModelsMissingException($"No model was trained yet ({Path.Combine(directory, CurrentName)} does not exist).");

    /// <summary>Published versions, oldest first.</summary>
    public IReadOnlyList<string> Versions()
        => Directory.Exists(directory)
            ? [.. Directory.GetDirectories(directory).Select(path => Path.GetFileName(path)).Where(name => name.All(char.IsAsciiDigit)).Order(StringComparer.Ordinal)]
            : [];

    /// <summary>The right to write; the caller disposes it.</summary>
    /// <exception cref="IOException">Another process writes for longer than is waited.</exception>
    public IDisposable Alone()
    {
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, LockName);
        FileStream? alone = null;
        return SpinWait.SpinUntil(() => (alone = TryLock(path)) is not null, _longestWait)
            ? alone!
            : throw new IOException($"{path} is held by another process, which publishes models or erases somebody.");
    }

    /// <summary>The version that is published next. Inside <see cref="Alone"/>.</summary>
    public string Next()
        => (Versions().Select(version => int.Parse(version, CultureInfo.InvariantCulture)).DefaultIfEmpty().Max() + 1).ToString("D6", CultureInfo.InvariantCulture);

    /// <summary>Makes a new version current. Inside <see cref="Alone"/>.</summary>
    /// <param name="write">Writes the files into the folder it is given; when it throws, nothing was done.</param>
    /// <returns>The new version.</returns>
    public string Publish(Action<string> write)
    {
        foreach (var left in Directory.GetDirectories(directory, PartialPrefix + "*").Concat(Directory.GetDirectories(directory, GonePrefix + "*")))
        {
            Directory.Delete(left, recursive: true);   // of a writer that was killed
        }
        var partial = Path.Combine(directory, $"{PartialPrefix}{Guid.NewGuid():N}");
        Directory.CreateDirectory(partial);
        try
        {
            write(partial);
            DurableFile.SyncDirectory(partial);
            var version = Next();
            Directory.Move(partial, PathOf(version));
            DurableFile.SyncDirectory(directory);
            DurableFile.Replace(Path.Combine(directory, CurrentName), file => file.Write(Encoding.ASCII.GetBytes(version + "\n")));
            return version;
        }
        catch
        {
            if (Directory.Exists(partial))
            {
                Directory.Delete(partial, recursive: true);
            }
            throw;
        }
    }

    /// <summary>Deletes old versions.</summary>
    /// <param name="keep">So many of the newest stay, the one in use among them; at least 1.</param>
    /// <returns>The versions that were deleted.</returns>
    public IReadOnlyList<string> Prune(int keep)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(keep);
        using var alone = Alone();
        var current = Current();
        var old = Versions().SkipLast(keep).Where(version => version != current).ToList();
        old.ForEach(Delete);
        return old;
    }

    // A deletion that is cut off must not look like a damaged version.
    public void Delete(string version)
    {
        var gone = Path.Combine(directory, GonePrefix + version);
        Directory.Move(PathOf(version), gone);
        Directory.Delete(gone, recursive: true);
    }

    /// <summary>Deletes all versions. The newest leaves its empty folder, so that no later one gets its number.</summary>
    public void Clear()
    {
        File.Delete(Path.Combine(directory, CurrentName));
        var versions = Versions();
        foreach (var version in versions)
        {
            Directory.Delete(PathOf(version), recursive: true);
        }
        if (versions.Count > 0)
        {
            Directory.CreateDirectory(PathOf(versions[^1]));
        }
    }

    private static FileStream? TryLock(string path)
    {
        try
        {
            return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
