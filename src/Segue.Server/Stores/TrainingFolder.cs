using Segue.Events.Storage;
using Segue.Models.ColdStart;

namespace Segue.Server.Stores;

/// <summary>What a training keeps on disk while it runs, and what one that was broken off left for the next.</summary>
/// <remarks>Checkpoints hold factors and matrices hold what listeners did, by row: an erasure clears them.</remarks>
public sealed class TrainingFolder(string workFolder)
{
    private readonly string _folder = Path.Combine(workFolder, "training");

    public string Checkpoint => Path.Combine(_folder, "als.checkpoint");
    public string SoundCheckpoint => Path.Combine(_folder, "sound.checkpoint");
    public IReadOnlyList<string> NetworkCheckpoints { get; } = [.. Enumerable.Range(0, ColdNetwork.Parts + 1).Select(n => Path.Combine(workFolder, "training", $"network-{n}.checkpoint"))];
    public string Matrices => Path.Combine(_folder, "matrices");
    public string MatricesWork => Path.Combine(_folder, "matrices.work");

    /// <summary>Begins a training: one at a time for a store, until the returned object is disposed.</summary>
    /// <exception cref="StoreException">Another one is under way.</exception>
    public IDisposable Begin() => TryBegin() ?? throw new StoreException("Another training of this store is under way.");

    /// <summary>As <see cref="Begin"/>; null where another one is under way.</summary>
    public IDisposable? TryBegin()
    {
        var alone = TryLock();
        Directory.CreateDirectory(_folder);
        return alone;
    }

    /// <summary>Deletes the checkpoints of a training of taste that has come to its end.</summary>
    public void DeleteCheckpoints()
    {
        foreach (var checkpoint in (string[])[Checkpoint, .. NetworkCheckpoints])
        {
            File.Delete(checkpoint);
        }
    }

    /// <summary>Deletes all that trainings left.</summary>
    /// <returns>False when one is under way: then nothing is deleted.</returns>
    public bool TryClear()
    {
        using var alone = TryLock();
        if (alone is not null && Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
        return alone is not null;
    }

    private FileStream? TryLock()
    {
        Directory.CreateDirectory(workFolder);
        try
        {
            return new(Path.Combine(workFolder, "training.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
