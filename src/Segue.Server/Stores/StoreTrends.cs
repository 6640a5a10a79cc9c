using Segue.Events;
using Segue.Events.Compaction;
using Segue.Features.Trends;

namespace Segue.Server.Stores;

/// <summary>What trends among a store's listeners: counted from its events at the start, then following the log.</summary>
/// <param name="counters">See <see cref="LiveTrends"/>.</param>
public sealed class StoreTrends(OpenStore store, TimeProvider time, int counters)
{
    private const int EventsTogether = 256;
    private volatile LiveTrends? _current;
    private Action<LoggedEvent>? _follow;

    /// <summary>Null before the first <see cref="LoadAsync"/>.</summary>
    public LiveTrends? Current => _current;

    /// <summary>Counts anew from the events of the last <see cref="LiveTrends.Memory"/> and goes on with those that come: at the start, and when events were erased. For one
    /// caller at a time. Cost: one pass over those events, about half a million a second.</summary>
    public async Task LoadAsync(CancellationToken cancellation)
    {
        var since = time.GetUtcNow() - LiveTrends.Memory;
        var compacted = await CompactedEvents.OpenAsync(store.Parts.Objects, cancellation);
        var trends = new LiveTrends(counters);
        trends.Know(store.Parts.Profiles());
        await foreach (var happened in compacted.ReadAsync(from: since, cancellation: cancellation).Chunk(EventsTogether).WithCancellation(cancellation))
        {
            trends.Apply(happened);
        }
        void Follow(LoggedEvent logged)
        {
            if (logged.Event.At >= since)
            {
                trends.Apply(logged.Event);
            }
        }
        await store.Events.FollowAsync(compacted.Manifest.Offset, Follow);
        _current = trends;
        if (_follow is { } before)
        {
            store.Events.Unfollow(before);
        }
        _follow = Follow;
    }

    /// <summary>Looks up anew where listeners are: accounts may have come, or moved.</summary>
    public void KnowProfiles() => _current?.Know(store.Parts.Profiles());
}
