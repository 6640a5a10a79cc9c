using Segue.Core;
using Segue.Events;
using Segue.Features.Snapshots;

namespace Segue.Features.Online;

/// <summary>Features that follow the events as they come, from a snapshot on: what the radio looks up between two builds.</summary>
/// <remarks>
/// <para>Counts, distinct listeners, votes, follows, days, sessions, times heard and the last 100 are those that a build would give.
/// As of the snapshot stay: trend and its rank, the tenure, <see cref="ListenerFeatures.AgainstAverage"/>, all facts of accounts and
/// catalogue, and the artist of a track that the catalogue did not hold then.</para>
/// <para>Order does not matter except that an act older than its listener's newest never opens a session, and that a day more than 63
/// days back is not counted: the next build corrects both.</para>
/// <para>Each event is given once. To catch up after a start: compacted events with At ≥ <see cref="FeatureManifest.AsOf"/>, then the
/// log from <see cref="CurrentFeatures.Offset"/> on.</para>
/// <para>Thread-safe: one lock, held for a few microseconds by an event, longer by a look-up of a listener with full lists. Memory: about 100 bytes a pair of listener and track played.</para>
/// </remarks>
public sealed class LiveFeatures
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TrackId, TrackState> _tracks = [];
    private readonly Dictionary<ArtistId, ArtistState> _artists = [];
    private readonly Dictionary<ListenerId, ListenerState> _listeners = [];
    private readonly DateTimeOffset _asOf;

    private LiveFeatures(DateTimeOffset asOf) => _asOf = asOf;

    /// <summary>Reads a snapshot. Cost: one pass over its tables.</summary>
    public static LiveFeatures Start(FeatureSnapshot snapshot, CancellationToken cancellation = default)
    {
        var live = new LiveFeatures(snapshot.Manifest.AsOf);
        foreach (var track in snapshot.Tracks(cancellation))
        {
            live._tracks.Add(track.Track, new(track, live._asOf));
        }
        foreach (var artist in snapshot.Artists(cancellation))
        {
            live._artists.Add(artist.Artist, new(artist, live._asOf));
        }
        foreach (var listener in snapshot.Listeners(cancellation))
        {
            live._listeners.Add(listener.Listener, new(listener, live._asOf));
        }
        live.ReadTrackPairs(snapshot, cancellation);
        live.ReadArtistPairs(snapshot, cancellation);
        return live;
    }

    /// <summary>Null for a track that nobody knows.</summary>
    public TrackFeatures? Find(TrackId track)
    {
        lock (_gate)
        {
            return _tracks.TryGetValue(track, out var found) ? found.Value(ArtistOf(found)) : null;
        }
    }

    /// <summary>Null for an artist whom nobody knows.</summary>
    public ArtistFeatures? Find(ArtistId artist)
    {
        lock (_gate)
        {
            return _artists.TryGetValue(artist, out var found) ? found.Value : null;
        }
    }

    /// <summary>Null for a listener of whom nothing is known.</summary>
    public ListenerFeatures? Find(ListenerId listener)
    {
        lock (_gate)
        {
            return _listeners.TryGetValue(listener, out var found) ? found.Value : null;
        }
    }

    /// <summary>Takes one event in.</summary>
    public void Apply(ListenerEvent happened)
    {
        if (happened.Kind is EventKind.Sitting or EventKind.Answer)
        {
            return;
        }
        lock (_gate)
        {
            var listener = ListenerOf(happened.Listener);
            if (happened.Kind == EventKind.Impression)
            {
                listener.Impressions++;
                return;
            }
            listener.Act(happened.At);
            switch (happened.Kind)
            {
                case EventKind.Listen: Listen(listener, happened); break;
                case EventKind.Vote: Vote(listener, happened); break;
                case EventKind.Follow: Follow(listener, happened); break;
                case EventKind.Click:
                    listener.Clicks++;
                    listener.ClicksRecommended += happened.Recommendation is null ? 0 : 1;
                    break;
            }
        }
    }

    /// <summary>Forgets all that is kept under a listener's id. Counts of tracks and artists stay until the next snapshot.</summary>
    /// <returns>Whether anything was kept.</returns>
    public bool Forget(ListenerId listener)
    {
        lock (_gate)
        {
            return _listeners.Remove(listener);
        }
    }

    private void Listen(ListenerState listener, ListenerEvent happened)
    {
        var id = happened.Track!.Value;
        var track = TrackOf(id);
        if (happened.End == EndReason.Failed)
        {
            listener.Failed++;
            return;
        }
        var (completion, heard) = Heard(happened);
        var artist = ArtistOf(track);
        listener.Plays.Add(completion, heard);
        listener.PlaysRecommended += happened.Recommendation is null ? 0 : 1;
        listener.PlayedLast(id, track.Artist, happened.At);
        track.Plays.Add(completion, heard);
        track.Active.Add(happened.At);
        track.Listeners += listener.Played.Add(id) ? 1 : 0;
        if (artist is not null)
        {
            artist.Plays.Add(completion, heard);
            artist.Active.Add(happened.At);
            artist.Listeners += listener.PlayedArtists.Add(track.Artist!.Value) ? 1 : 0;
        }
    }

    private void Vote(ListenerState listener, ListenerEvent happened)
    {
        var id = happened.Track!.Value;
        var track = TrackOf(id);
        var before = listener.Votes.TryGetValue(id, out var held) ? held : (Held?)null;
        if (before is { } old && !old.IsOlderThan(happened.At, happened.Key.Value))
        {
            return;
        }
        listener.Votes[id] = new(happened.Value, happened.At, happened.Key.Value);
        var likes = (happened.Value == 1 ? 1 : 0) - (before?.Value == 1 ? 1 : 0);
        var dislikes = (happened.Value == -1 ? 1 : 0) - (before?.Value == -1 ? 1 : 0);
        (listener.Likes, listener.Dislikes) = (listener.Likes + likes, listener.Dislikes + dislikes);
        (track.Likes, track.Dislikes) = (track.Likes + likes, track.Dislikes + dislikes);
        if (ArtistOf(track) is { } artist)
        {
            (artist.Likes, artist.Dislikes) = (artist.Likes + likes, artist.Dislikes + dislikes);
        }
    }

    private void Follow(ListenerState listener, ListenerEvent happened)
    {
        var id = happened.Artist!.Value;
        if (!_artists.TryGetValue(id, out var artist))
        {
            _artists.Add(id, artist = new(ArtistState.Unknown(id), _asOf));
        }
        var before = listener.Follows.TryGetValue(id, out var held) ? held : (Held?)null;
        if (before is { } old && !old.IsOlderThan(happened.At, happened.Key.Value))
        {
            return;
        }
        listener.Follows[id] = new(happened.Value, happened.At, happened.Key.Value);
        artist.Followers += (happened.Value == 1 ? 1 : 0) - (before?.Value == 1 ? 1 : 0);
    }

    // The rules of Sql/_views.sql.
    private static (Completion? Completion, long? HeardMs) Heard(ListenerEvent happened)
    {
        if (happened.Heard is not { } heard)
        {
            return (null, null);
        }
        var heardMs = heard.Ticks / TimeSpan.TicksPerMillisecond;
        if (happened.Length is not { } length)
        {
            return (null, heardMs);
        }
        var lengthMs = length.Ticks / TimeSpan.TicksPerMillisecond;
        var completion = 4 * heardMs < lengthMs ? Completion.Skipped : 10 * heardMs < 9 * lengthMs ? Completion.Partial : Completion.Full;
        return (completion, Math.Min(heardMs, lengthMs));
    }

    private TrackState TrackOf(TrackId id)
    {
        if (!_tracks.TryGetValue(id, out var track))
        {
            _tracks.Add(id, track = new(TrackState.Unknown(id), _asOf));
        }
        return track;
    }

    private ArtistState? ArtistOf(TrackState track) => track.Artist is { } artist ? _artists.GetValueOrDefault(artist) : null;

    private ListenerState ListenerOf(ListenerId id)
    {
        if (!_listeners.TryGetValue(id, out var listener))
        {
            _listeners.Add(id, listener = new(ListenerState.Unknown(id), _asOf));
        }
        return listener;
    }

    private void ReadTrackPairs(FeatureSnapshot snapshot, CancellationToken cancellation)
    {
        var pairs = FeatureSnapshot.Rows(
            $"SELECT listener, track, plays > 0, vote, vote_at, vote_key FROM {snapshot.Source("listener_track")}",
            row => (Listener: row.Text(0), Track: row.Text(1), Played: row.Boolean(2), Vote: row.IsNull(3) ? (Held?)null : new(row.TinyInt(3), row.Timestamp(4), row.Uuid(5))),
            cancellation);
        foreach (var (listener, track, played, vote) in pairs)
        {
            var state = ListenerOf(new(listener));
            if (played)
            {
                state.Played.Add(new(track));
            }
            if (vote is { } held)
            {
                state.Votes.Add(new(track), held);
            }
        }
    }

    private void ReadArtistPairs(FeatureSnapshot snapshot, CancellationToken cancellation)
    {
        var pairs = FeatureSnapshot.Rows(
            $"SELECT listener, artist, plays > 0, follows, follow_at, follow_key FROM {snapshot.Source("listener_artist")}",
            row => (Listener: row.Text(0), Artist: row.Text(1), Played: row.Boolean(2),
                Follow: row.IsNull(3) ? (Held?)null : new(row.Boolean(3) ? (sbyte)1 : (sbyte)0, row.Timestamp(4), row.Uuid(5))),
            cancellation);
        foreach (var (listener, artist, played, follow) in pairs)
        {
            var state = ListenerOf(new(listener));
            if (played)
            {
                state.PlayedArtists.Add(new(artist));
            }
            if (follow is { } held)
            {
                state.Follows.Add(new(artist), held);
            }
        }
    }
}
