using Segue.Core;
using Segue.Evaluation.Lab;

namespace Segue.Evaluation.Tests.Lab;

public sealed class LabPlaylistsTests
{
    private static readonly LabWorld World = LabWorld.Create(new() { Listeners = 300, Tracks = 500, Days = 20, Seed = 6, PlaylistKeepers = 0.4 });
    private static readonly IReadOnlyList<LabListen> History = World.SimulateHistory();
    private static readonly IReadOnlyList<LabPlaylist> Playlists = World.Playlists(History);

    [Fact]
    public void As_many_listeners_keep_playlists_as_were_asked_for_each_one_to_five()
    {
        var byListener = Playlists.GroupBy(playlist => playlist.Listener).ToList();

        Assert.InRange(byListener.Count / 300.0, 0.32, 0.48);
        Assert.All(byListener, own => Assert.InRange(own.Count(), 1, 5));
        Assert.All(byListener, own => Assert.Equal(Enumerable.Range(0, own.Count()), own.Select(playlist => playlist.Number)));
        Assert.Empty(LabWorld.Create(World.Options with { PlaylistKeepers = 0 }).Playlists(History));
    }

    [Fact]
    public void A_playlist_holds_each_track_once_and_none_that_was_not_there_yet()
        => Assert.All(Playlists, playlist =>
        {
            Assert.InRange(playlist.Tracks.Count, 6, 100);
            Assert.Equal(playlist.Tracks.Count, playlist.Tracks.Distinct().Count());
            Assert.All(playlist.Tracks, track => Assert.True(World.Start.AddDays(World.ReleaseDay(track)) <= playlist.MadeAt));
            Assert.InRange(playlist.MadeAt.AddMinutes(playlist.Tracks.Count), World.Start, World.End);
        });

    [Fact]
    public void Tracks_of_one_playlist_are_of_one_genre_more_often_than_those_of_two_of_the_same_listener()
    {
        double Same(IReadOnlyList<int> list, IReadOnlyList<int> other)
            => list.Average(a => other.Where(b => b != a).Average(b => World.Catalogue[a].Genre == World.Catalogue[b].Genre ? 1.0 : 0));
        var pairs = Playlists.GroupBy(playlist => playlist.Listener).Where(own => own.Count() > 1).Select(own => (First: own.First().Tracks, Second: own.ElementAt(1).Tracks)).ToList();

        var (within, across) = (pairs.Average(pair => Same(pair.First, pair.First)), pairs.Average(pair => Same(pair.First, pair.Second)));

        Assert.True(within > across + 0.05, $"{within} and {across}");
    }

    [Fact]
    public void Keeping_playlists_changes_nothing_that_was_played_and_the_same_seed_gives_the_same_playlists()
    {
        var other = LabWorld.Create(World.Options with { PlaylistKeepers = 0, Threads = 1 });

        Assert.Equal(History, other.SimulateHistory(cancellation: TestContext.Current.CancellationToken));
        var again = LabWorld.Create(World.Options).Playlists(History);
        Assert.Equal(Playlists.Select(playlist => string.Join(' ', playlist.Tracks)), again.Select(playlist => string.Join(' ', playlist.Tracks)));
    }

    [Fact]
    public void Adds_stand_behind_the_plays_with_the_name_of_their_playlist()
    {
        var (plays, all) = (LabExport.ToInteractions(World, History).ToList(), LabExport.ToInteractions(World, History, Playlists).ToList());

        Assert.Equal(plays, all.Take(plays.Count));
        var adds = all.Skip(plays.Count).ToList();
        Assert.Equal(Playlists.Sum(playlist => playlist.Tracks.Count), adds.Count);
        Assert.All(adds, add => Assert.Equal(InteractionAction.PlaylistAdd, add.Action));
        Assert.Equal(Playlists.Count, adds.Select(add => (add.User, add.Playlist)).Distinct().Count());
        Assert.All(plays, play => Assert.Null(play.Playlist));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void A_share_outside_its_range_is_told(double share)
        => Assert.Contains("PlaylistKeepers is", Assert.Throws<ArgumentOutOfRangeException>(() => new LabOptions { PlaylistKeepers = share }).Message, StringComparison.Ordinal);
}
