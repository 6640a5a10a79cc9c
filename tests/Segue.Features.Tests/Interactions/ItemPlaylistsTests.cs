using Segue.Core;
using Segue.Features.Interactions;

namespace Segue.Features.Tests.Interactions;

public sealed class ItemPlaylistsTests
{
    private static readonly Track[] Catalogue = [.. Enumerable.Range(0, 600).Select(n => new Track(new($"t{n}"), $"T{n}", new(new("a"), "A"), null, [], null))];

    private static Interaction Add(string user, string playlist, int track) => new(user, $"t{track}", 1, null, InteractionAction.PlaylistAdd) { Playlist = playlist };

    private static ItemPlaylists? Build(params Interaction[] interactions) => Dataset.Build(Catalogue, [], interactions).Training.Playlists;

    private static string Told(ItemPlaylists playlists)
        => string.Join("; ", Enumerable.Range(0, playlists.Count).Select(n => $"{playlists.UserOf(n)}: {string.Join(' ', playlists[n].ToArray())}"));

    [Fact]
    public void Tracks_of_one_list_of_one_listener_stand_together_each_once()
        => Assert.Equal("0: 1 7; 0: 2 3; 1: 4 7", Told(Build(
            Add("ann", "x", 7), Add("ann", "x", 1), Add("bob", "x", 4), Add("ann", "y", 3), Add("bob", "x", 7), Add("ann", "y", 2), Add("ann", "x", 7))!));

    [Fact]
    public void Names_of_lists_and_the_order_of_adds_change_nothing()
        => Assert.Equal(
            Told(Build(Add("ann", "x", 1), Add("ann", "y", 3), Add("ann", "x", 2), Add("ann", "y", 4))!),
            Told(Build(Add("ann", "b", 4), Add("ann", "b", 3), Add("ann", "a", 2), Add("ann", "a", 1))!));

    [Fact]
    public void What_stands_alone_or_in_a_library_or_on_no_list_that_is_told_is_left_out()
    {
        Assert.Null(Build(Add("ann", "x", 1), Add("ann", "y", 2)));
        Assert.Null(Build(Add("ann", "x", 1) with { Playlist = null }, Add("ann", "x", 2) with { Playlist = null }));
        Assert.Null(Build(Add("ann", "x", 1), new("ann", "t2", 0, null, InteractionAction.PlaylistAdd) { Playlist = "x" }));
        Interaction[] library = [.. Enumerable.Range(0, ItemPlaylists.MostItems + 1).Select(track => Add("ann", "x", track))];
        Assert.Null(Build(library));
        Assert.Equal(ItemPlaylists.MostItems, Build([.. library.Skip(1)])![0].Length);
    }

    [Fact]
    public void Playlists_stay_when_tracks_come_behind()
        => Assert.Equal("0: 1 2", Told(Dataset.Build(Catalogue, [], [Add("ann", "x", 1), Add("ann", "x", 2)]).WithTracks([new(new("new"), "N", new(new("a"), "A"), null, [], null)]).Training.Playlists!));
}
