using Segue.Core;

namespace Segue.Features.Tests;

public sealed class CatalogueIndexTests
{
    private static Track Of(string id, string artist, string? genre) => new(new(id), "Title " + id, new(new(artist), artist), genre, [], null);

    private static readonly CatalogueIndex Index = new([Of("t0", "x", "Rock"), Of("t1", "y", null), Of("t2", "x", " rock "), Of("t3", "z", "Jazz")]);

    [Fact]
    public void Row_n_is_track_n()
    {
        Assert.Equal(4, Index.Count);
        Assert.Equal(2, Index.Find(new("t2")));
        Assert.Null(Index.Find(new("t9")));
        Assert.Equal("t3", Index.Tracks[3].Id.Value);
    }

    [Fact]
    public void Genres_are_one_whatever_their_case_and_margins()
    {
        Assert.Equal(["rock", "jazz"], Index.Genres);
        Assert.Equal([0, -1, 0, 1], Enumerable.Range(0, 4).Select(Index.GenreOf));
        Assert.Equal(0, Index.FindGenre("ROCK"));
        Assert.Equal(1, Index.FindGenre(" jAzZ"));
        Assert.Null(Index.FindGenre("polka"));
        Assert.Equal([0, 2], Index.TracksOfGenre(0));
    }

    [Fact]
    public void Tracks_are_found_by_artist()
    {
        Assert.Equal(3, Index.Artists);
        Assert.Equal([0, 1, 0, 2], Enumerable.Range(0, 4).Select(Index.ArtistOf));
        Assert.Equal([0, 2], Index.TracksOfArtist(Index.FindArtist(new("x"))!.Value));
        Assert.Null(Index.FindArtist(new("nobody")));
    }

    [Fact]
    public void Two_tracks_of_one_id_are_refused()
    {
        var fault = Assert.Throws<ArgumentException>(() => new CatalogueIndex([Of("t0", "x", null), Of("t0", "y", null)]));

        Assert.Contains("2 tracks but only 1 different", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_catalogue_may_be_empty() => Assert.Equal((0, 0), (new CatalogueIndex([]).Count, new CatalogueIndex([]).Artists));
}
