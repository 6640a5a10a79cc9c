using System.Globalization;
using Segue.Core;

namespace Segue.Evaluation.Lab;

/// <summary>Turns what happened in a lab world into the rows that a real service would log.</summary>
public static class LabExport
{
    /// <summary>One to three rows for each play, in the order of the history, made as they are read.</summary>
    /// <remarks>A kept play is a Listen of value 1; a skipped one a Skip, its value the share not heard, in (0, 1). A vote and a
    /// playlist add follow their play with value 1, at the time at which the listener stopped hearing the track.</remarks>
    /// <param name="history">Plays of this world.</param>
    public static IEnumerable<Interaction> ToInteractions(LabWorld world, IEnumerable<LabListen> history)
    {
        ArgumentNullException.ThrowIfNull(world);
        ArgumentNullException.ThrowIfNull(history);
        return history.SelectMany(play => Rows(world, play));
    }

    /// <summary>The same, and behind the plays an add for each track of the playlists, a minute apart.</summary>
    /// <param name="playlists">Of this world.</param>
    /// <inheritdoc cref="ToInteractions(LabWorld, IEnumerable{LabListen})"/>
    public static IEnumerable<Interaction> ToInteractions(LabWorld world, IEnumerable<LabListen> history, IEnumerable<LabPlaylist> playlists)
        => ToInteractions(world, history).Concat(playlists.SelectMany(playlist => playlist.Tracks.Select((track, place) => new Interaction(
            world.Listeners[playlist.Listener].Id.Value, world.Catalogue[track].Id.Value, 1, playlist.MadeAt.AddMinutes(place), InteractionAction.PlaylistAdd)
            {
                Playlist = string.Create(CultureInfo.InvariantCulture, $"p{playlist.Number}"),
            })));

    private static IEnumerable<Interaction> Rows(LabWorld world, LabListen play)
    {
        var track = world.Catalogue[play.Track];
        var (user, item, reaction) = (world.Listeners[play.Listener].Id.Value, track.Id.Value, play.Reaction);
        var after = play.StartedAt + reaction.Heard;
        yield return reaction.Skipped
            ? new Interaction(user, item, 1 - reaction.Heard / track.Length!.Value, play.StartedAt, InteractionAction.Skip)
            : new Interaction(user, item, 1, play.StartedAt, InteractionAction.Listen);
        if (reaction.Vote != VoteValue.Withdrawn)
        {
            var vote = reaction.Vote == VoteValue.Up ? InteractionAction.VoteUp : InteractionAction.VoteDown;
            yield return new Interaction(user, item, 1, after, vote);
        }
        if (reaction.PlaylistAdd)
        {
            yield return new Interaction(user, item, 1, after, InteractionAction.PlaylistAdd);
        }
    }
}
