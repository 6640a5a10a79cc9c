using Segue.Core;
using Segue.Events.Files;

namespace Segue.Events.Storage;

/// <summary>Takes a listener out of an imported data set: the files are written anew without the listener, and change places with the old
/// ones. The manifest beside, <c>store.json.next</c>, is the decision: with it the change is completed by whoever opens the store next, without
/// it nothing has happened.</summary>
internal static class StoreEraser
{
    private const string Next = ".next";

    /// <returns>Lines removed, of the listener and of the interactions; 0 when the store does not know the listener.</returns>
    public static long Erase(Store store, ListenerId listener)
    {
        Discard(store.Path);
        using var listeners = new StoreFileWriter(store.Path, Store.ListenersFile + Next);
        using var interactions = new StoreFileWriter(store.Path, Store.InteractionsFile + Next);
        var kept = store.ReadListeners().Where(profile => profile.Id != listener).ToList();
        kept.ForEach(profile => listeners.WriteLine(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(
            ListenerLine.From(profile), StoreFormat.Lines.ListenerLine)));
        interactions.WriteLine(InteractionLine.Header);
        long count = 0;
        foreach (var interaction in store.ReadInteractions().Where(interaction => interaction.User != listener.Value))
        {
            interactions.WriteLine(InteractionLine.Format(interaction));
            count++;
        }
        var (oldFiles, files) = (store.Manifest.Files, new[] { listeners.Finish(), interactions.Finish() });
        var removed = store.Manifest.Listeners - kept.Count + store.Manifest.Interactions - count;
        if (removed == 0)
        {
            Discard(store.Path);
            return 0;
        }
        var manifest = store.Manifest with
        {
            Listeners = kept.Count,
            Interactions = count,
            Files = [.. oldFiles.Select(old => files.FirstOrDefault(file => file.Name == old.Name + Next) is { } file ? file with { Name = old.Name } : old)],
        };
        DurableFile.Replace(System.IO.Path.Combine(store.Path, StoreManifest.FileName + Next), file => file.Write(manifest.ToJson()));
        Complete(store.Path);
        return removed;
    }

    /// <summary>Completes a change that was decided on; drops one that was not.</summary>
    public static void Complete(string directory)
    {
        var decision = System.IO.Path.Combine(directory, StoreManifest.FileName + Next);
        if (!File.Exists(decision))
        {
            return;
        }
        foreach (var name in new[] { Store.ListenersFile, Store.InteractionsFile })
        {
            var path = System.IO.Path.Combine(directory, name);
            if (File.Exists(path + Next))
            {
                File.Move(path + Next, path, overwrite: true);
            }
        }
        DurableFile.SyncDirectory(directory);
        File.Move(decision, System.IO.Path.Combine(directory, StoreManifest.FileName), overwrite: true);
        DurableFile.SyncDirectory(directory);
    }

    private static void Discard(string directory)
    {
        foreach (var name in new[] { Store.ListenersFile, Store.InteractionsFile })
        {
            File.Delete(System.IO.Path.Combine(directory, name + Next));
        }
    }
}
