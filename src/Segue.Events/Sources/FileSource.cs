using System.Runtime.CompilerServices;
using Segue.Events.Objects;

namespace Segue.Events.Sources;

/// <summary>One file of any name, or a folder with all text files below it, hidden ones left out.</summary>
public sealed class FileSource(string path) : IEventSource
{
    // A folder that may not be read is said: its lines would be missing in every count.
    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, IgnoreInaccessible = false };

    public string Name { get; } = path;

    /// <exception cref="FileNotFoundException">There is neither a file nor a folder of that name.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder may not be read.</exception>
    public async IAsyncEnumerable<SourceObject> ListAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;   // the file system's listing has no asynchronous form
        foreach (var file in Find().OrderBy(file => file.FullName, StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            yield return new(file.FullName, file.Length, FileVersion.Of(file));
        }
    }

    public Task<Stream> OpenAsync(SourceObject item, CancellationToken cancellation)
        => Task.FromResult<Stream>(new FileStream(item.Name, new FileStreamOptions
        {
            Share = FileShare.ReadWrite | FileShare.Delete,
            Options = FileOptions.SequentialScan,
            BufferSize = 0,
        }));

    private IEnumerable<FileInfo> Find()
        => Directory.Exists(Name) ? new DirectoryInfo(Name).EnumerateFiles("*", Everything).Where(file => SourceNames.IsText(file.Name))
            : File.Exists(Name) ? [new FileInfo(Name)]
            : throw new FileNotFoundException($"There is no file or folder {Name}.", Name);
}
