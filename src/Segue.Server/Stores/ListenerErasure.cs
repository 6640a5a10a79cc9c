using System.Text;
using Segue.Core;
using Segue.Events.Compaction;
using Segue.Events.Relational;
using Segue.Features.Snapshots;
using Segue.Radio.State;

namespace Segue.Server.Stores;

/// <summary>One place from which a listener was taken.</summary>
/// <param name="Removed">Entries removed: events, rows, files or tokens, as the place has them.</param>
/// <param name="Detail">What is worth knowing of it.</param>
public sealed record ErasedPlace(string Place, long Removed, string Detail);

/// <summary>What an erasure did. It names nobody, so it may be kept.</summary>
/// <param name="Receipt">Names the receipt, nothing else.</param>
/// <param name="FilesScanned">Files of the store that were read whole afterwards, looking for the listener.</param>
/// <param name="FilesHolding">Files that still hold the listener's pseudonym, or the id by which the service knows them; empty when the erasure is
/// complete.</param>
/// <param name="IdScanned">Whether the service's own id was looked for too: a short one, such as a number, occurs everywhere by chance.</param>
public sealed record ErasureReceipt(
    Guid Receipt, DateTimeOffset At, IReadOnlyList<ErasedPlace> Places, int FilesScanned, IReadOnlyList<string> FilesHolding, bool IdScanned);

/// <summary>Takes a listener out of a store: every place that holds something of them, then a scan of every byte.</summary>
public sealed class ListenerErasure(OpenStore store, TimeProvider time)
{
    // Eight characters are not in a large file by chance; fewer may be.
    private const int ShortestScannedId = 8;

    /// <summary>Who may be meant: whoever gives a pseudonym, as an export shows it, means that listener; an account may be named like one, so both are.</summary>
    /// <param name="account">The id by which the service knows the listener, or the pseudonym.</param>
    public ListenerId[] ListenersOf(string account)
        => [.. new[] { store.Pseudonyms.Of(account), new ListenerId(account) }.Where((id, n) => n == 0 || IsPseudonym(account)).Distinct()];

    /// <summary>Erases what a store holds of a listener. Safe to repeat, also after a failure in between.</summary>
    /// <param name="account">The id by which the service knows the listener, or the pseudonym.</param>
    public async Task<ErasureReceipt> EraseAsync(string account, CancellationToken cancellation)
    {
        var one = ListenersOf(account);
        var places = new List<ErasedPlace>();
        void Note(string place, long removed, string detail) => places.Add(new(place, removed, detail));

        Note("saved state", new StateFolder(store.Parts.Layout.State).Clear(), "files deleted; the log tells what was in them");   // first: no start may know what the log does not
        var log = await store.Events.RunAsync(events => events.Erase(one.ToHashSet()));
        Note("event log", log.Events, "events; their offsets stay, empty");
        Note("dead letters", store.Events.DeadLetters.Erase(one, account, time.GetUtcNow()), "rejected events");
        Note("accounts", store.Parts.Accounts.Delete(one), "rows");
        Note("tokens", one.Sum(store.Tokens.Revoke), "tokens of players");
        Note("data set", one.Sum(store.Parts.EraseFromDataSet), "lines of the imported data set");
        var compacted = await new EventCompactor(store.Parts.Objects, store.Parts.WorkFolder).EraseAsync(one, since: null, cancellation);
        Note("compacted events", compacted.Rows, $"rows in {compacted.Days.Count} days");
        Note("features", await new FeatureStore(store.Parts.Objects, store.Parts.WorkFolder).EraseAsync(one, cancellation),
            "rows; what they added to the counts of tracks and artists names nobody and stays until the next build");
        var (models, lists) = (store.Parts.Models, 0);
        var versions = new List<string>();
        foreach (var listener in one)
        {
            var (before, users) = (models.Current(), models.CurrentRows()?.Users.ToList());
            var deleted = models.Erase(listener.Value);
            lists += ListMaker.Erase(store.Parts.Layout.ListsFile, before, models.Current(), users?.IndexOf(listener.Value) ?? -1) ? 1 : 0;
            versions.AddRange(deleted);
        }
        Note("models", versions.Count, versions.Count == 0 ? "versions" : "versions deleted; the current one was published anew without the listener's factors");
        var cleared = new TrainingFolder(store.Parts.WorkFolder).TryClear();
        Note("training", 0, cleared ? "nothing is left of trainings that were broken off" : "one is under way: its files go when it ends, and it publishes nothing of the listener");
        Note("lists", lists, "files of lists made beforehand, written anew without the listener or deleted");
        store.Pseudonyms.Forget(account);
        return await ScanAsync(account, one, places, cancellation);
    }

    // Locks are empty; drafts that are being written are held against everybody and know listeners by row alone; some files go meanwhile.
    private static bool Holds(string file, List<byte[]> patterns)
    {
        try
        {
            return new FileInfo(file).Length > 0 && ByteScan.HoldsAny(file, patterns);
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException) when (file.EndsWith(".draft", StringComparison.Ordinal) || file.EndsWith(".partial", StringComparison.Ordinal))
        {
            return false;
        }
    }

    private static bool IsPseudonym(string text) => text.Length == 32 && text.All(char.IsAsciiHexDigitLower);

    private async Task<ErasureReceipt> ScanAsync(string account, ListenerId[] one, List<ErasedPlace> places, CancellationToken cancellation)
    {
        var patterns = new List<byte[]>();
        foreach (var listener in one)
        {
            patterns.Add(Encoding.UTF8.GetBytes(listener.Value));
            if (IsPseudonym(listener.Value))
            {
                patterns.Add(Convert.FromHexString(listener.Value));
            }
        }
        var isLong = account.Length >= ShortestScannedId;
        if (isLong)
        {
            patterns.Add(Encoding.UTF8.GetBytes(account));
        }
        var music = Path.GetDirectoryName(store.Parts.Layout.SoundLibrary) + Path.DirectorySeparatorChar;   // of listeners it holds nothing, and paths may hold any word
        var files = Directory.GetFiles(store.Parts.Layout.Root, "*", SearchOption.AllDirectories).Where(file => !file.StartsWith(music, StringComparison.Ordinal)).ToList();
        var holding = files.Where(file => Holds(file, patterns)).Select(file => Path.GetRelativePath(store.Parts.Layout.Root, file)).ToList();
        var compacted = await CompactedEvents.OpenAsync(store.Parts.Objects, cancellation);
        foreach (var listener in compacted.Manifest.Days.Count == 0 ? [] : one)   // Parquet is compressed: its rows are asked
        {
            if (await compacted.ReadAsync(listener: listener, cancellation: cancellation).AnyAsync(cancellation))
            {
                holding.Add("compacted events");
            }
        }
        return new(Guid.NewGuid(), time.GetUtcNow(), places, files.Count, holding, isLong);
    }
}
