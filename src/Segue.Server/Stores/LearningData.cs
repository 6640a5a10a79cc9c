using System.Runtime.CompilerServices;
using Segue.Core;
using Segue.Events;
using Segue.Events.Compaction;
using Segue.Events.Log;
using Segue.Features.Interactions;
using Segue.Models.Registry;
using Segue.Radio;
using Segue.Radio.Feed;

namespace Segue.Server.Stores;

/// <summary>What models learn from a whole store: the imported data set and the events, over all tracks that either knows.</summary>
/// <param name="LogEnd">Events of the log before this offset are in it; those from it on are for the radio to take in.</param>
/// <param name="Bans">Bans before that offset, in the order of time: no model learns them, and the radio keeps them.</param>
/// <param name="Votes">The newest vote of each listener on each track before that offset: what comes later and was said earlier must not undo it.</param>
/// <param name="Interactions">What the data were made of; empty for serving.</param>
public sealed record LearningData(
    Dataset Data, long LogEnd, IReadOnlyList<ListenerEvent> Bans, IReadOnlyCollection<Vote> Votes, IReadOnlyList<Interaction> Interactions)
{
    /// <summary>Everything that is there now.</summary>
    /// <param name="log">Null where another process has it open: then only compacted events are learnt.</param>
    public static async Task<LearningData> LoadAsync(StoreParts store, EventLog? log, CancellationToken cancellation)
    {
        var compacted = await CompactedEvents.OpenAsync(store.Objects, cancellation);
        var end = Math.Max(compacted.Manifest.Offset, log?.End ?? 0);
        var described = new DescribedTracks();
        await foreach (var told in ReadAsync(compacted, log, end, cancellation))
        {
            described.Add(told);
        }
        var tracks = store.Recordings().Select(recording => recording.Track).ToList();
        tracks.AddRange(described.Without(tracks.Select(track => track.Id).ToHashSet()));
        var known = tracks.Select(track => track.Id).ToHashSet();
        var bare = new SortedSet<string>(StringComparer.Ordinal);
        var interactions = store.Store.ReadInteractions().ToList();
        await foreach (var interaction in EventInteractions.ReadAsync(ReadAsync(compacted, log, end, cancellation), cancellation: cancellation))
        {
            interactions.Add(interaction);
            if (!known.Contains(new(interaction.Item)))
            {
                bare.Add(interaction.Item);
            }
        }
        // Of an id that no catalogue holds nothing is known, but listeners play it all the same.
        tracks.AddRange(bare.Select(id => new Track(new(id), id, new(new(id), id), Genre: null, [], Length: null)));
        return new(Dataset.Build(tracks, [.. store.Profiles()], interactions), end, [], [], interactions);
    }

    /// <summary>What is known now of the rows of a model set, for serving it.</summary>
    /// <remarks>The data end where the training's did, so that a restart, or a compaction before it, changes no history. Only of what the log keeps no more it cannot be
    /// told whether it came before or after: then it is in the data. Memory: 16 B for each event that was compacted after the training.</remarks>
    /// <param name="withCompacted">True: what was compacted since the training is in the data too, for who will not tell it.</param>
    /// <inheritdoc cref="LoadAsync"/>
    public static async Task<LearningData> LoadForAsync(
        StoreParts store, EventLog? log, ModelSet models, CancellationToken cancellation, bool withCompacted = false)
    {
        var compacted = await CompactedEvents.OpenAsync(store.Objects, cancellation);
        var trained = models.Rows?.LogEnd ?? 0;
        var end = Math.Max(trained, log is null || withCompacted ? compacted.Manifest.Offset : log.Start);
        var later = (log?.Read(end) ?? []).TakeWhile(logged => logged.Offset < compacted.Manifest.Offset).Select(logged => logged.Event.Key).ToHashSet();
        var items = models.Rows?.Items ?? store.Store.ReadCatalogue();
        var known = items.Select(track => track.Id).ToHashSet();
        var interactions = store.Store.ReadInteractions().Where(interaction => known.Contains(new(interaction.Item))).Select(Ungrouped).ToList();
        var (bans, votes) = (new List<ListenerEvent>(), new Dictionary<(ListenerId, TrackId), Vote>());
        var told = ReadAsync(compacted, log, end, cancellation).Where(told => later.Count == 0 || !later.Contains(told.Key));
        var since = await EventInteractions.ReadAsync(Noting(bans, votes, told), isKnown: known.Contains, cancellation: cancellation).ToListAsync(cancellation);
        interactions.AddRange(since.OrderBy(interaction => interaction.Time).Select(Ungrouped));   // compacted events have another order, and sums of a pair follow it
        return new(Dataset.Build(items, [.. store.Profiles()], interactions, firstUsers: models.Rows?.Users), end, [.. bans.OrderBy(ban => ban.At)], votes.Values, []);
    }

    // Serving needs no playlists: a training has counted them.
    private static Interaction Ungrouped(Interaction interaction) => interaction with { Playlist = null };

    /// <summary>When each listener did something last, in the data set, in compacted events or in the log.</summary>
    /// <param name="log">Null where another process has it open.</param>
    public static async Task<IReadOnlyDictionary<string, DateTimeOffset>> LastSeenAsync(StoreParts store, EventLog? log, CancellationToken cancellation)
    {
        var seen = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        void See(string listener, DateTimeOffset at) => seen[listener] = seen.TryGetValue(listener, out var newest) && newest > at ? newest : at;
        foreach (var interaction in store.Store.ReadInteractions())
        {
            See(interaction.User, interaction.Time ?? DateTimeOffset.MinValue);
        }
        var compacted = await CompactedEvents.OpenAsync(store.Objects, cancellation);
        await foreach (var told in ReadAsync(compacted, log, log?.End ?? 0, cancellation))
        {
            if (told.Kind is not (EventKind.Impression or EventKind.Answer))
            {
                See(told.Listener.Value, told.At);
            }
        }
        return seen;
    }

    /// <summary>The models with this data, and all that listeners did since: for work beside a radio, or without one.</summary>
    /// <param name="models">Those the data was loaded for.</param>
    /// <param name="log">Null where another process has it open: then what is compacted counts.</param>
    public Repertoire With(ModelSet models, EventLog? log, TimeProvider time)
    {
        var repertoire = new Repertoire(Data, models, new(), time) { LogEnd = LogEnd };
        TellStanding(repertoire, (_, _) => true);
        foreach (var logged in log?.Read(LogEnd) ?? [])
        {
            repertoire.Take(logged.Event);
        }
        return repertoire;
    }

    /// <summary>Tells a repertoire what was said before the log's part begins and still holds.</summary>
    /// <param name="holds">Whether what a listener said at a time still does.</param>
    public void TellStanding(Repertoire repertoire, Func<ListenerId, DateTimeOffset, bool> holds)
    {
        foreach (var ban in Bans.Where(ban => holds(ban.Listener, ban.At)))
        {
            repertoire.Take(ban);
        }
        foreach (var vote in Votes.Where(vote => holds(vote.Listener, vote.At)))
        {
            repertoire.Know(vote);
        }
    }

    private static async IAsyncEnumerable<ListenerEvent> Noting(
        List<ListenerEvent> bans, Dictionary<(ListenerId, TrackId), Vote> votes, IAsyncEnumerable<ListenerEvent> events)
    {
        await foreach (var told in events)
        {
            if (told.Kind == EventKind.Ban)
            {
                bans.Add(told);
            }
            else if (told is { Kind: EventKind.Vote, Track: { } track }
                && (!votes.TryGetValue((told.Listener, track), out var newest) || told.At > newest.At))
            {
                votes[(told.Listener, track)] = new(told.Listener, track, told.At, (VoteValue)told.Value);
            }
            yield return told;
        }
    }

    /// <summary>The events of a store before an offset of its log: those that are compacted, by time, and those that are in the log alone, in its order.</summary>
    internal static async IAsyncEnumerable<ListenerEvent> ReadAsync(
        CompactedEvents compacted, EventLog? log, long end, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (compacted.Manifest.Days.Count > 0)   // a store without events needs no engine to read them
        {
            await foreach (var told in compacted.ReadAsync(cancellation: cancellation))
            {
                yield return told;
            }
        }
        foreach (var logged in (log?.Read(compacted.Manifest.Offset) ?? []).TakeWhile(logged => logged.Offset < end))
        {
            yield return logged.Event;
        }
    }
}
