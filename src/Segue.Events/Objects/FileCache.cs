using System.Security.Cryptography;
using System.Text;
using Segue.Events.Files;

namespace Segue.Events.Objects;

/// <summary>Local copies of remote objects, one file for each version, at most so many bytes. Safe for several threads and processes.</summary>
internal sealed class FileCache
{
    private readonly string _folder;
    private readonly long _maxBytes;
    private readonly TimeSpan _keepsFor;
    private readonly TimeProvider _time;

    internal FileCache(string folder, long maxBytes, TimeSpan keepsFor, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxBytes);
        (_folder, _maxBytes, _keepsFor, _time) = (Path.GetFullPath(folder), maxBytes, keepsFor, time);
    }

    /// <summary>The copy of that version, marked as used now; null when there is none of the right size.</summary>
    internal string? Find(string name, string version, long bytes)
    {
        var file = new FileInfo(PathOf(name, version));
        if (!file.Exists || file.Length != bytes)
        {
            return null;
        }
        Touch(file);
        return file.FullName;
    }

    /// <exception cref="IOException">The content has not the size that was announced.</exception>
    internal async Task<string> AddAsync(string name, string version, long bytes, Stream content, CancellationToken cancellation)
    {
        Directory.CreateDirectory(_folder);
        var path = PathOf(name, version);
        var draft = $"{path}.{Guid.NewGuid():N}.draft";
        try
        {
            await using (var file = new FileStream(draft, FileMode.CreateNew, FileAccess.Write))
            {
                await content.CopyToAsync(file, cancellation);
                if (file.Length != bytes)
                {
                    throw new IOException($"The object {name} ended after {file.Length} of {bytes} bytes.");
                }
            }
            Touch(new(draft));
            DurableFile.SyncAndPublish(draft, path);
        }
        finally
        {
            File.Delete(draft);
        }
        DropOldest();
        return path;
    }

    private void DropOldest()
    {
        var now = _time.GetUtcNow().UtcDateTime;
        var files = new DirectoryInfo(_folder).EnumerateFiles().OrderBy(file => file.LastWriteTimeUtc).ToList();
        var bytes = files.Sum(file => file.Length);
        foreach (var file in files.TakeWhile(file => now - file.LastWriteTimeUtc > _keepsFor))
        {
            if (bytes <= _maxBytes)
            {
                return;
            }
            bytes -= file.Length;
            file.Delete();
        }
    }

    private void Touch(FileInfo file) => file.LastWriteTimeUtc = _time.GetUtcNow().UtcDateTime;

    private string PathOf(string name, string version)
        => Path.Combine(_folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name + '\n' + version)).AsSpan(0, 16)) + Path.GetExtension(name));
}
