using Segue.Core;
using Segue.Features.Interactions;

namespace Segue.Features.Tests.Interactions;

public sealed class ArtistRollupTests
{
    private static readonly IReadOnlyList<Track> Tracks =
    [
        Entry("t1", "x", "rock", ["loud"]), Entry("t2", "y", "jazz", []), Entry("t3", "x", null, ["Loud", "slow"], 4, 1),
    ];

    [Fact]
    public void Interactions_of_an_artist_are_those_of_its_tracks()
    {
        var data = ArtistRollup.Of(Tracks, [], [Play("u", "t1", 2), Play("u", "t2", 1), Play("u", "t3", 3), Play("v", "t2", 1)]);

        Assert.Equal(["x", "y"], data.Catalogue.Tracks.Select(artist => artist.Id.Value));
        Assert.Equal([5f, 1f], data.Training.Strengths.Row(0).Values.ToArray());
        Assert.Equal([1, 2], data.Training.ItemUsers);
    }

    [Fact]
    public void Tags_of_an_artist_are_those_of_its_tracks_added_up()
    {
        var artist = ArtistRollup.Of(Tracks, [], []).Catalogue.Tracks[0];

        Assert.Equal(("Artist x", "loud"), (artist.Title, artist.Genre));
        Assert.Equal(["loud", "rock", "slow"], artist.Tags);
        Assert.Equal([5, 1, 1], artist.TagCounts);
    }

    [Fact]
    public void A_catalogue_of_artists_stays_as_it_is()
    {
        Track[] artists = [Entry("a", "a", "rock", ["rock", "slow"], 5, 2), Entry("b", "b", null, [])];

        var rolled = ArtistRollup.Of(artists, [], [Play("u", "b", 7)]);

        Assert.Equal(["rock", "slow"], rolled.Catalogue.Tracks[0].Tags);
        Assert.Equal([5, 2], rolled.Catalogue.Tracks[0].TagCounts);
        Assert.Equal([7f], rolled.Training.Strengths.Row(0).Values.ToArray());
    }

    [Fact]
    public void A_track_that_the_catalogue_lacks_is_named()
        => Assert.Contains("'t9'", Assert.Throws<InvalidDataException>(() => ArtistRollup.Of(Tracks, [], [Play("u", "t9", 1)])).Message, StringComparison.Ordinal);

    private static Interaction Play(string user, string track, double times) => new(user, track, times, null, InteractionAction.Listen);

    private static Track Entry(string id, string artist, string? genre, string[] tags, params int[] counts)
        => new(new(id), id, new(new(artist), $"Artist {artist}"), genre, tags, Length: null) { TagCounts = counts };
}
