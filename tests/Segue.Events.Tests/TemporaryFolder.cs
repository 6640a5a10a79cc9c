namespace Segue.Events.Tests;

/// <summary>A folder of the test's own, deleted with all it holds.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("segue-tests-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>All files and folders below, relative and sorted.</summary>
    public IReadOnlyList<string> Listing()
        => Directory.EnumerateFileSystemEntries(Path, "*", SearchOption.AllDirectories)
            .Select(entry => System.IO.Path.GetRelativePath(Path, entry))
            .Order(StringComparer.Ordinal)
            .ToList();

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
