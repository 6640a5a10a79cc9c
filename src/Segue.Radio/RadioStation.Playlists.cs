using Segue.Core;
using Segue.Radio.Funnel;
using Segue.Retrieval.Playlists;

namespace Segue.Radio;

/// <summary>Lists that somebody wants continued, outside any sitting.</summary>
public sealed partial class RadioStation
{
    /// <summary>The tracks that continue a list best, by what stands beside it on playlists and by taste; see <see cref="PlaylistContinuation"/>.</summary>
    /// <exception cref="NotKnownException">There is no such track.</exception>
    public TrackList Continue(IReadOnlyList<TrackId> list, int count)
    {
        RequireCount(count);
        var repertoire = _repertoire;
        int[] rows = [.. list.Select(repertoire.RequireTrack)];
        var tracks = PlaylistContinuation.Find(repertoire.Models, repertoire.Nearest, rows, count, repertoire.KeptOut);
        return List(repertoire, null, [.. tracks.Select((found, position) => Describe(repertoire, rows, found, position))]);
    }

    private static RecommendedTrack Describe(Repertoire repertoire, int[] list, ContinuingTrack found, int position)
    {
        var isOfPlaylists = found.Playlists > 0 && found.Playlists >= found.Taste;
        var (source, value) = isOfPlaylists ? ("playlist", found.Playlists) : ("taste", found.Taste);
        var text = isOfPlaylists
            ? $"often on playlists with {Reasons.Name(repertoire.Catalogue, list.MaxBy(track => repertoire.Models.Playlists!.Likeness(track, found.Track)))}"
            : repertoire.Models.IsOfSound ? "sounds like the list as a whole" : "heard by those who hear what is on the list";
        var positive = Math.Max(0, found.Playlists) + Math.Max(0, found.Taste);
        return new(position, repertoire.Catalogue.Tracks[found.Track], found.Score, source, Reason.Of(source, text, positive > 0 ? Math.Max(0, value) / positive : 0));
    }
}
