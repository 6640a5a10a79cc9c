using System.Runtime.CompilerServices;
using Segue.Events.Objects;

namespace Segue.Events.Tests.Compaction;

/// <summary>Objects as plain files. Can be told to fail at its n-th change, as a crash would.</summary>
internal sealed class PlainObjects(string root) : IObjectStore
{
    /// <summary>Changes that still go well; null: all.</summary>
    public int? ChangesLeft { get; set; }

    public IReadOnlyDictionary<string, byte[]> All()
        => Names().ToDictionary(name => name, name => File.ReadAllBytes(Path.Combine(root, name)), StringComparer.Ordinal);

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        foreach (var name in Names().Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList())
        {
            yield return new(name, new FileInfo(Path.Combine(root, name)).Length, "");
        }
    }

    public Task<Stream> OpenAsync(string name, CancellationToken cancellation) => Task.FromResult<Stream>(File.OpenRead(Existing(name)));

    public Task PutAsync(string name, string file, CancellationToken cancellation)
    {
        Change();
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, name))!);
        File.Copy(file, Path.Combine(root, name), overwrite: true);
        return Task.CompletedTask;
    }

    public Task DeleteAsync(string name, CancellationToken cancellation)
    {
        Change();
        File.Delete(Path.Combine(root, name));
        return Task.CompletedTask;
    }

    public Task<string> LocalFileAsync(string name, CancellationToken cancellation) => Task.FromResult(Existing(name));

    public string Existing(string name)
        => Path.Combine(root, name) is var path && File.Exists(path) ? path : throw new FileNotFoundException("There is no such object.", name);

    private void Change()
    {
        if (ChangesLeft-- == 0)
        {
            throw new IOException("The power went out.");
        }
    }

    private IEnumerable<string> Names()
        => Directory.Exists(root)
            ? Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(root, file).Replace('\\', '/'))
            : [];
}
