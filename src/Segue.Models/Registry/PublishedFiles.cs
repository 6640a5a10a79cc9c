using Segue.Events.Files;

namespace Segue.Models.Registry;

/// <summary>Versions of one small file, in numbered folders: never changed, exchanged by one rename.</summary>
/// <param name="name">What the file is called in each of them.</param>
public sealed class PublishedFiles(string directory, string name)
{
    private readonly VersionedFolders _folders = new(directory);

    /// <summary>The version in use, such as <c>000002</c>; null when there is none.</summary>
    public string? Current() => _folders.Current();

    /// <summary>Writes a new version and makes it the current one.</summary>
    /// <returns>The version.</returns>
    /// <exception cref="IOException">Another process publishes for longer than a minute, or the disk failed; what was in use is in use still.</exception>
    public string Publish(Action<Stream> write)
    {
        using var alone = _folders.Alone();
        return _folders.Publish(folder => DurableFile.Replace(Path.Combine(folder, name), write));
    }

    /// <summary>Deletes old versions.</summary>
    /// <param name="keep">So many of the newest stay, the one in use among them; at least 1.</param>
    public void Prune(int keep) => _folders.Prune(keep);

    /// <summary>Where a version's file lies.</summary>
    public string PathOf(string version) => Path.Combine(_folders.PathOf(version), name);
}
