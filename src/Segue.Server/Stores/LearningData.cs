using System.Runtime.CompilerServices;
using Segue.Core;
using Segue.Events;
using Segue.Events.Compaction;
using Segue.Features.Interactions;
using Segue.Models.Registry;

namespace Segue.Server.Stores;

/// <summary>What models learn from a whole store: the imported data set and all events, over all tracks that either knows.</summary>
/// <param name="LogEnd">Events of the log before this offset are in it.</param>
public sealed record LearningData(Dataset Data, long LogEnd)
{
    /// <summary>Everything that is there now.</summary>
    public static async Task<LearningData> LoadAsync(OpenStore store, CancellationToken cancellation)
    {
        var end = store.Events.Log.End;
        var described = new DescribedTracks();
        await foreach (var told in EventsAsync(store, end, cancellation))
        {
            described.Add(told);
        }
        var tracks = store.Recordings().Select(recording => recording.Track).ToList();
        tracks.AddRange(described.Without(tracks.Select(track => track.Id).ToHashSet()));
        var known = tracks.Select(track => track.Id).ToHashSet();
        var bare = new SortedSet<string>(StringComparer.Ordinal);
        var interactions = store.Store.ReadInteractions().ToList();
        await foreach (var interaction in EventInteractions.ReadAsync(EventsAsync(store, end, cancellation), cancellation: cancellation))
        {
            interactions.Add(interaction);
            if (!known.Contains(new(interaction.Item)))
            {
                bare.Add(interaction.Item);
            }
        }
        // Of an id that no catalogue holds nothing is known, but listeners play it all the same.
        tracks.AddRange(bare.Select(id => new Track(new(id), id, new(new(id), id), Genre: null, [], Length: null)));
        return new(Dataset.Build(tracks, [.. store.Profiles()], interactions), end);
    }

    /// <summary>What is known of the rows of a model set, for serving it. Events after <see cref="LogEnd"/> are for the radio to take in.</summary>
    /// <remarks>Compacted files tell no offsets: where the log was compacted after the training, what came in between is in the data.</remarks>
    public static async Task<LearningData> LoadForAsync(OpenStore store, ModelSet models, CancellationToken cancellation)
    {
        var rows = models.Rows ?? new(store.Store.ReadCatalogue(), [.. store.Store.ReadListeners().Select(listener => listener.Id.Value)]);
        var end = Math.Max(rows.LogEnd, (await CompactedEvents.OpenAsync(store.Objects, cancellation)).Manifest.Offset);
        var known = rows.Items.Select(track => track.Id).ToHashSet();
        var interactions = store.Store.ReadInteractions().Where(interaction => known.Contains(new(interaction.Item))).ToList();
        await foreach (var interaction in EventInteractions.ReadAsync(EventsAsync(store, end, cancellation), isKnown: known.Contains, cancellation: cancellation))
        {
            interactions.Add(interaction);
        }
        return new(Dataset.Build(rows.Items, [.. store.Profiles()], interactions, firstUsers: rows.Users), end);
    }

    /// <summary>All events before an offset of the log: those in Parquet files, then the log's from there on.</summary>
    public static async IAsyncEnumerable<ListenerEvent> EventsAsync(
        OpenStore store, long end, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var compacted = await CompactedEvents.OpenAsync(store.Objects, cancellation);
        if (compacted.Manifest.Days.Count > 0)
        {
            await foreach (var told in compacted.ReadAsync(cancellation: cancellation))
            {
                yield return told;
            }
        }
        foreach (var logged in store.Events.Log.Read(compacted.Manifest.Offset).TakeWhile(logged => logged.Offset < end))
        {
            yield return logged.Event;
        }
    }
}
