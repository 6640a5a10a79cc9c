using System.Globalization;
using Segue.Core;
using Segue.Events.Compaction;
using Segue.Events.DeadLetters;
using Segue.Events.Log;
using Segue.Events.Pseudonyms;
using Segue.Events.Storage;
using Segue.Events.Tokens;
using Segue.Features.Snapshots;
using Segue.Radio.State;

namespace Segue.Server.Stores;

/// <summary>Gives every listener of a store the pseudonym of a new key: log, accounts, tokens, dead letters, compacted events. Features and models are dropped, for
/// they are made anew from these.</summary>
/// <remarks>Each part notes that it was mapped, so after a crash the same call goes on where it stopped. Nobody else may use the store meanwhile.</remarks>
public sealed class KeyRotation(string directory, StorePlaces places, TimeProvider time)
{
    /// <returns>How many keys the pseudonyms have passed.</returns>
    /// <exception cref="LogInUseException">A server has the store open.</exception>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        using var parts = new StoreParts(directory, places);
        var known = parts.Store.ReadListeners().Select(listener => listener.Id.Value).ToHashSet(StringComparer.Ordinal);
        using var log = EventLog.Open(parts.Layout.Log, time: time);
        using var tokens = new AccessTokens(parts.Layout.TokensFile);
        using var letters = new DeadLetterStore(parts.Layout.DeadLettersFile);
        var compactor = new EventCompactor(parts.Objects, Path.Combine(parts.WorkFolder, "compaction"));
        if (!log.Verify(cancellation).IsSound || (await compactor.VerifyAsync(cancellation)).Count > 0)
        {
            // Before the rotation begins: one that cannot be completed would close the store.
            throw new StoreException("The store is damaged (\"segue log verify\" says where); its pseudonyms were not changed.");
        }
        new StateFolder(parts.Layout.State).Clear();
        using var rotation = PseudonymKeys.BeginRotation(parts.Layout.KeysFile, known.Contains);
        var generation = rotation.Generation;
        log.Rekey(generation.ToString(CultureInfo.InvariantCulture), rotation.Map);
        parts.Accounts.Rekey(generation, rotation.Map);
        tokens.Rekey(generation, rotation.Map);
        letters.Rekey(generation, rotation.Map);
        await compactor.RekeyAsync(generation, listener => new ListenerId(rotation.Map(listener.Value)), cancellation);
        await new FeatureStore(parts.Objects, parts.WorkFolder).ClearAsync(cancellation);
        if (!new TrainingFolder(parts.WorkFolder).TryClear())
        {
            throw new StoreException("A training of this store is under way: rotate the keys when it has ended.");
        }
        parts.Models.Clear();
        rotation.Complete();
        return generation;
    }
}
