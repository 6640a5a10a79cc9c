using Segue.Numerics;

namespace Segue.Evaluation.Lab;

/// <summary>Lets listeners put playlists together.</summary>
/// <remarks>A playlist has one mood, that of a session, which does not wander; each track is the best of a few that come to mind, as where a listener chooses what to play next
/// (<see cref="LabLibrary"/>). Numbers and lengths are choices: one to five lists a keeper, log-normal about 20 tracks, 6 to 100. Keyed by listener, away from the history's chance.</remarks>
internal sealed class LabPlaylists(LabTruth truth, LabOptions options, DateTimeOffset start)
{
    private const int MostLists = 5, UsualLength = 20, Shortest = 6, Longest = 100, TriesATrack = 20;
    private const double LengthSpread = 0.6;

    public IReadOnlyList<LabPlaylist> Make(IEnumerable<LabListen> history)
    {
        var kept = history.Where(play => !play.Reaction.Skipped && Keeps(play.Listener)).ToLookup(play => play.Listener);
        return [.. Enumerable.Range(0, options.Listeners).Where(Keeps).SelectMany(listener => Of(listener, [.. kept[listener]]))];
    }

    private bool Keeps(int listener) => new SeededRandom(options.Seed, LabStreams.Playlists, (ulong)listener).NextDouble() < options.PlaylistKeepers;

    private List<LabPlaylist> Of(int index, LabListen[] kept)
    {
        var random = new SeededRandom(options.Seed, LabStreams.Playlists, (ulong)index);
        random.NextDouble();   // decided whether there are any
        var made = new List<LabPlaylist>();
        for (var (number, lists) = (0, 1 + random.NextInt(MostLists)); number < lists; number++)
        {
            var second = random.NextInt(options.Days * 86_400 - Longest * 60);   // the last track is on it before the history ends
            var listener = truth.Population.On(index, second / 86_400);
            var library = new LabLibrary();
            foreach (var play in kept.Where(play => (play.StartedAt - start).TotalSeconds < second))
            {
                library.Keep(play.Track);
            }
            made.Add(new(index, number, start.AddSeconds(second), Fill(listener, library, second, ref random)));
        }
        return made;
    }

    private List<int> Fill(LabListener listener, LabLibrary library, int second, ref SeededRandom random)
    {
        var mood = new LabMood(listener, truth.Genres, truth.Catalogue.GenreShares, ref random);
        var length = (int)Math.Clamp(Math.Round(UsualLength * Math.Exp(LengthSpread * random.NextNormal())), Shortest, Longest);
        var (tracks, rested) = (new List<int>(length), new LabMemory());
        for (var tries = TriesATrack * length; tracks.Count < length && tries > 0; tries--)   // a small catalogue may not have as many
        {
            var (track, _) = library.Choose(truth, listener, mood, rested, second, ref random);
            if (!tracks.Contains(track))
            {
                tracks.Add(track);
            }
        }
        return tracks;
    }
}
