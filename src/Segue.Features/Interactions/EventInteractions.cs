using System.Runtime.CompilerServices;
using Segue.Core;
using Segue.Events;
using Segue.Features.Online;

namespace Segue.Features.Interactions;

/// <summary>Turns events into the interactions that models learn from.</summary>
/// <remarks>
/// <para>A listen heard to a quarter or more counts 1; below that it is a skip of strength 1 − the share heard. A listen whose share is
/// not known counts 1 as well, as a count of plays would, unless its sender says that it was skipped: then it is left out, and so
/// is one that the player failed.</para>
/// <para>Of votes on a track the newest holds, and a withdrawn one is none. Of the edits of a track in one playlist the newest holds: an add
/// that was not taken back is one interaction, which names the playlist. A click is one. Impressions, follows and bans are none.</para>
/// </remarks>
public static class EventInteractions
{
    /// <param name="events">In any order; read once.</param>
    /// <param name="asOf">Events at or after it are passed over; null: none are.</param>
    /// <param name="isKnown">Whether the catalogue holds a track; others are passed over. Null: all are known.</param>
    /// <returns>Listens, skips and clicks in the order of their events, then votes and playlist adds by time. Memory: the votes and playlist edits.</returns>
    public static async IAsyncEnumerable<Interaction> ReadAsync(
        IAsyncEnumerable<ListenerEvent> events,
        DateTimeOffset? asOf = null,
        Func<TrackId, bool>? isKnown = null,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var votes = new Dictionary<(ListenerId, TrackId), Held>();
        var edits = new Dictionary<(ListenerId, TrackId, string?), Held>();
        await foreach (var happened in events.WithCancellation(cancellation))
        {
            if (happened.Track is not { } track || happened.At >= asOf || isKnown?.Invoke(track) == false)
            {
                continue;
            }
            switch (happened.Kind)
            {
                case EventKind.Listen when OfListen(happened, track) is { } listen:
                    yield return listen;
                    break;
                case EventKind.Click:
                    yield return Of(happened.Listener, track, 1, happened.At, InteractionAction.Click);
                    break;
                case EventKind.Vote:
                    Keep(votes, (happened.Listener, track), happened, happened.Value);
                    break;
                case EventKind.PlaylistAdd or EventKind.PlaylistRemove:
                    Keep(edits, (happened.Listener, track, happened.Playlist), happened, happened.Kind == EventKind.PlaylistAdd ? (sbyte)1 : (sbyte)0);
                    break;
            }
        }
        foreach (var ((listener, track), vote) in votes.Where(vote => vote.Value.Value != 0).OrderBy(vote => vote.Value.At).ThenBy(vote => vote.Value.Key))
        {
            yield return Of(listener, track, 1, vote.At, vote.Value > 0 ? InteractionAction.VoteUp : InteractionAction.VoteDown);
        }
        foreach (var ((listener, track, playlist), edit) in edits.Where(edit => edit.Value.Value != 0).OrderBy(edit => edit.Value.At).ThenBy(edit => edit.Value.Key))
        {
            yield return Of(listener, track, 1, edit.At, InteractionAction.PlaylistAdd) with { Playlist = playlist };
        }
    }

    private static Interaction? OfListen(ListenerEvent happened, TrackId track)
    {
        if (happened.End == EndReason.Failed)
        {
            return null;
        }
        if (happened is not { Heard: { } heard, Length: { } length })
        {
            return happened.End == EndReason.Skipped ? null : Of(happened.Listener, track, 1, happened.At, InteractionAction.Listen);
        }
        var listen = new Listen(happened.Listener, track, happened.At, heard, length);
        return listen.Completion == Completion.Skipped
            ? Of(happened.Listener, track, 1 - listen.HeardShare, happened.At, InteractionAction.Skip)
            : Of(happened.Listener, track, 1, happened.At, InteractionAction.Listen);
    }

    private static void Keep<T>(Dictionary<T, Held> held, T key, ListenerEvent happened, sbyte value)
        where T : notnull
    {
        if (!held.TryGetValue(key, out var before) || before.IsOlderThan(happened.At, happened.Key.Value))
        {
            held[key] = new(value, happened.At, happened.Key.Value);
        }
    }

    private static Interaction Of(ListenerId listener, TrackId track, double value, DateTimeOffset at, InteractionAction action)
        => new(listener.Value, track.Value, value, at, action);
}
