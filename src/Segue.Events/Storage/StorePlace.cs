using Segue.Events.Files;

namespace Segue.Events.Storage;

/// <summary>The directory of a store to be, and the draft beside it in which it grows.</summary>
internal sealed class StorePlace
{
    private readonly string _target;
    private readonly string _parent;
    private readonly bool _replace;
    private readonly Stack<string> _madeFolders = [];

    public StorePlace(string directory, bool replace)
    {
        _target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        _parent = Path.GetDirectoryName(_target)
            ?? throw new StoreException($"{_target} cannot hold a store: it is the root of a file system.");
        _replace = replace;
        Draft = Sibling("partial");
    }

    /// <summary>On the same file system as the store's place, so that a renaming is enough to publish it.</summary>
    public string Draft { get; }

    /// <summary>Makes the draft, empty.</summary>
    /// <exception cref="StoreException">The place is taken.</exception>
    public void Prepare()
    {
        RequireFree();
        var missing = new Stack<string>();
        for (var folder = _parent; folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder))
        {
            missing.Push(folder);
        }
        foreach (var folder in missing)
        {
            Directory.CreateDirectory(folder);
            _madeFolders.Push(folder);
        }
        PrivateFolder.Create(Draft);
    }

    /// <summary>Moves the draft to its place. A store that gives way is moved aside first: should the machine stop between the two moves,
    /// both lie beside the place, whole.</summary>
    public void Publish()
    {
        RequireFree();
        var old = Sibling("old");
        var replacing = Directory.Exists(_target) && Directory.EnumerateFileSystemEntries(_target).Any();
        if (replacing)
        {
            Directory.Move(_target, old);
        }
        else if (Directory.Exists(_target))
        {
            Directory.Delete(_target);
        }
        try
        {
            Directory.Move(Draft, _target);
        }
        catch (IOException failure)
        {
            if (replacing)
            {
                Directory.Move(old, _target);
            }
            throw new StoreException($"The store could not be moved to {_target}: {failure.Message}", failure);
        }
        if (replacing)
        {
            Directory.Delete(old, recursive: true);
        }
    }

    /// <summary>Deletes the draft, and the folders above it that were made for it.</summary>
    public void Abandon()
    {
        if (Directory.Exists(Draft))
        {
            Directory.Delete(Draft, recursive: true);
        }
        while (_madeFolders.TryPop(out var folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
        }
    }

    private void RequireFree()
    {
        if (File.Exists(_target))
        {
            throw new StoreException($"{_target} is a file; a store is a directory.");
        }
        if (!Directory.Exists(_target) || !Directory.EnumerateFileSystemEntries(_target).Any())
        {
            return;
        }
        if (!File.Exists(Path.Combine(_target, StoreManifest.FileName)))
        {
            throw new StoreException($"{_target} is neither empty nor a store; nothing was written.");
        }
        if (!_replace)
        {
            throw new StoreException($"{_target} holds a store already; it is replaced only when that is asked for.");
        }
    }

    private string Sibling(string role) => Path.Combine(_parent, $".{Path.GetFileName(_target)}.{role}-{Path.GetRandomFileName()}");
}
