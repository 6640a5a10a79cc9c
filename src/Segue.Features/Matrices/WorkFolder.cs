using Segue.Events.Files;

namespace Segue.Features.Matrices;

/// <summary>What a build has done so far, on disk: a file under its own name is whole, a step is done when its mark is there.</summary>
/// <remarks>One build at a time: a second one in the same folder is refused.</remarks>
internal sealed class WorkFolder : IDisposable
{
    public const string RowsMark = "rows.json", EncodedMark = "encoded.json", IntakeMark = "intake.json", ItemUsers = "item-users";
    private const string KeyFile = "build.json", LockFile = "lock";
    private readonly string _path;
    private readonly FileStream _lock;

    private WorkFolder(string path, FileStream held) => (_path, _lock) = (path, held);

    public string this[string name] => Path.Combine(_path, name);

    /// <summary>Goes on with a build of the same key; one of another key, or whose draft is gone, is removed from the folder, and the draft with it.</summary>
    /// <exception cref="IOException">Another build works in it, or it holds what no build made.</exception>
    public static WorkFolder Open<TKey>(string path, string draft, TKey key)
        where TKey : class
    {
        Directory.CreateDirectory(path);
        var work = new WorkFolder(path, Lock(path));
        try
        {
            work.Begin(draft, SealedJson.Write(key));
            return work;
        }
        catch
        {
            work.Dispose();
            throw;
        }
    }

    /// <summary>Removes what a build left; nothing where there is none.</summary>
    /// <inheritdoc cref="Open"/>
    public static void Remove(string path)
    {
        if (Directory.Exists(path) && (File.Exists(Path.Combine(path, KeyFile)) || Directory.EnumerateFileSystemEntries(path).All(entry => Path.GetFileName(entry) == LockFile)))
        {
            new WorkFolder(path, Lock(path)).Remove();
        }
    }

    /// <summary>Marks a step as done.</summary>
    public void Mark<T>(string mark, T content)
        where T : class
        => DurableFile.Replace(this[mark], stream => stream.Write(SealedJson.Write(content)));

    /// <summary>What a step left; null when it is not done.</summary>
    public T? Marked<T>(string mark)
        where T : class
        => File.Exists(this[mark]) ? SealedJson.Read<T>(File.ReadAllBytes(this[mark]), this[mark]) : null;

    public void DeleteAll(string pattern)
    {
        foreach (var file in Directory.EnumerateFiles(_path, pattern))
        {
            File.Delete(file);
        }
    }

    public void SyncAll(string pattern)
    {
        foreach (var path in Directory.EnumerateFiles(_path, pattern))
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
            DurableFile.Sync(file, path);
        }
        DurableFile.SyncDirectory(_path);
    }

    /// <summary>Removes the folder.</summary>
    public void Remove()
    {
        Clear();
        File.Delete(this[KeyFile]);
        Dispose();
        File.Delete(this[LockFile]);
        Directory.Delete(_path);
    }

    public void Dispose() => _lock.Dispose();

    private void Begin(string draft, byte[] key)
    {
        var keyFile = this[KeyFile];
        if (!File.Exists(keyFile) && Directory.EnumerateFileSystemEntries(_path).Any(entry => Path.GetFileName(entry) is not (LockFile or KeyFile + ".draft")))
        {
            throw new IOException($"The work folder {_path} holds what no build made: name an empty folder.");
        }
        var isSame = File.Exists(keyFile) && File.ReadAllBytes(keyFile).AsSpan().SequenceEqual(key);
        if (!isSame || (File.Exists(this[EncodedMark]) && !Directory.Exists(draft)))
        {
            Clear();
            if (Directory.Exists(draft))
            {
                Directory.Delete(draft, recursive: true);
            }
            DurableFile.Replace(keyFile, stream => stream.Write(key));
        }
    }

    // The key goes first: what is half removed is nobody's build.
    private void Clear()
    {
        DurableFile.Replace(this[KeyFile], _ => { });
        foreach (var file in Directory.EnumerateFiles(_path).Where(file => Path.GetFileName(file) is not (LockFile or KeyFile)))
        {
            File.Delete(file);
        }
    }

    private static FileStream Lock(string path)
    {
        try
        {
            return new(Path.Combine(path, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault)
        {
            throw new IOException($"Another build works in {path}: {fault.Message}", fault);
        }
    }
}
