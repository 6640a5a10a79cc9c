using Segue.Audio.Tags;

namespace Segue.Audio.Tests.Tags;

public class FileNameTagsTests
{
    [Theory]
    [InlineData("Ann/Blue/03 - Rain.flac", "Ann", "Blue", "Rain", 3, null)]
    [InlineData("Ann/Blue/03. Rain - Part 2.flac", "Ann", "Blue", "Rain - Part 2", 3, null)]
    [InlineData("Ann/Blue/Ann - Rain.mp3", "Ann", "Blue", "Rain", null, null)]
    [InlineData("Music/Ann/Blue/CD 2/1-03 Rain.mp3", "Ann", "Blue", "Rain", 3, 1)]
    [InlineData("Ann/Blue/Disc 2/03_Rain.mp3", "Ann", "Blue", "Rain", 3, 2)]
    [InlineData("Ann - Blue/01 Rain.mp3", "Ann", "Blue", "Rain", 1, null)]
    [InlineData("Hits/07 - Ann - Rain.mp3", "Ann", "Hits", "Rain", 7, null)]
    [InlineData("Ann/Rain.mp3", "Ann", null, "Rain", null, null)]
    [InlineData("Ann - Rain.mp3", "Ann", null, "Rain", null, null)]
    [InlineData("my_first_song.mp3", null, null, "my first song", null, null)]
    [InlineData("99 Luftballons.mp3", null, null, "99 Luftballons", null, null)]
    [InlineData("1979.mp3", null, null, "1979", null, null)]
    [InlineData("07.mp3", null, null, "07", null, null)]
    [InlineData("-dash.mp3", null, null, "-dash", null, null)]
    [InlineData("two\nlines.mp3", null, null, "two lines", null, null)]
    [InlineData("Ann/Blue/.mp3", "Ann", "Blue", null, null, null)]
    [InlineData("", null, null, null, null, null)]
    public void A_path_says_artist_album_number_and_title(string path, string? artist, string? album, string? title, int? number, int? disc)
    {
        var tags = FileNameTags.Read(path.Replace('/', Path.DirectorySeparatorChar));

        Assert.Equal((artist, album, title, number, disc), (tags.Artist, tags.Album, tags.Title, tags.TrackNumber, tags.DiscNumber));
    }
}
