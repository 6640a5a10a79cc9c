using System.Text;
using System.Text.Json;
using Segue.Audio.Tags;

namespace Segue.Audio.Tests.Tags;

public class ProbeReportTests
{
    private const string Id = "F4D8F0CD-6A5B-4A2F-8A4C-0D2F3C1B9E77";

    private static AudioTags Parse(string json) => ProbeReport.Parse(Encoding.UTF8.GetBytes(json));

    private static AudioTags Tagged(string name, string value)
        => Parse(JsonSerializer.Serialize(new { format = new { tags = new Dictionary<string, string> { [name] = value } } }));

    [Fact]
    public void Container_and_stream_are_read_and_pictures_are_not()
    {
        var tags = Parse("""
            {"streams":[{"codec_type":"video","codec_name":"mjpeg","tags":{"title":"cover"}},
              {"codec_type":"audio","codec_name":"opus","duration":"9.5","tags":{"TITLE":"Rain","ARTIST":"Ann","disc":"2/2"}}],
             "format":{"duration":"12.25","tags":{"album_artist":"Ann & Bob","artist":"Ann B.","track":"3/9"}}}
            """);

        Assert.Equal(("Rain", "Ann B.", "Ann & Bob", 3, 2), (tags.Title, tags.Artist, tags.AlbumArtist, tags.TrackNumber, tags.DiscNumber));
        Assert.Equal(("opus", TimeSpan.FromSeconds(12.25)), (tags.Codec, tags.Duration));
    }

    [Theory]
    [InlineData("MUSICBRAINZ_TRACKID")]
    [InlineData("MusicBrainz Track Id")]
    [InlineData("musicbrainz_recordingid")]
    public void A_recordings_id_is_found_under_each_of_its_names(string name) => Assert.Equal(Id.ToLowerInvariant(), Tagged(name, Id).RecordingMbid);

    [Fact]
    public void A_tracks_id_is_not_taken_for_a_recordings() => Assert.Null(Tagged("MUSICBRAINZ_RELEASETRACKID", Id).RecordingMbid);

    [Theory]
    [InlineData("not an id", false)]
    [InlineData("00000000-0000-0000-0000-000000000000", false)]
    [InlineData(Id + ";" + Id, true)]
    public void Of_ids_the_first_good_one_is_taken(string text, bool isGood) => Assert.Equal(isGood, Tagged("MusicBrainz Artist Id", text).ArtistMbid is not null);

    [Theory]
    [InlineData("2013-05-02", "2013-05-02")]
    [InlineData("2013-05-02T00:00:00Z", "2013-05-02")]
    [InlineData("20130502", "2013-05-02")]
    [InlineData("2013-05", "2013-05-01")]
    [InlineData("2013", "2013-01-01")]
    [InlineData("2013-00-00", "2013-01-01")]
    [InlineData("May 2013", null)]
    [InlineData("13", null)]
    public void Dates_are_read_as_far_as_they_tell(string text, string? day)
        => Assert.Equal(day, Tagged("date", text).ReleasedOn?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void Genres_are_parted_and_each_kept_once()
        => Assert.Equal(["Rock", "Hip Hop/Rap", "Jazz"], Tagged("GENRE", "Rock; Hip Hop/Rap ;rock,Jazz," + new string('x', 65)).Genres);

    [Theory]
    [InlineData("REPLAYGAIN_TRACK_GAIN", "-7.25 dB", -7.25)]
    [InlineData("replaygain_track_gain", "+1.5", 1.5)]
    [InlineData("R128_TRACK_GAIN", "-512", 3.0)]
    [InlineData("REPLAYGAIN_TRACK_GAIN", "-9999 dB", null)]
    [InlineData("REPLAYGAIN_TRACK_GAIN", "NaN", null)]
    public void Gains_are_in_decibels_whatever_their_form(string name, string text, double? gain) => Assert.Equal(gain, Tagged(name, text).TrackGain);

    [Theory]
    [InlineData("1e99")]
    [InlineData("-3")]
    [InlineData("N/A")]
    [InlineData("NaN")]
    public void A_length_that_cannot_be_is_none(string text) => Assert.Null(Parse($$$"""{"format":{"duration":"{{{text}}}"}}""").Duration);

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"streams":{},"format":[]}""")]
    [InlineData("""{"streams":[3,null],"format":{"tags":{"title":7},"duration":4}}""")]
    public void Other_shapes_say_nothing(string json)
    {
        var tags = Parse(json);

        Assert.Equal((null, null, null), (tags.Title, tags.Codec, tags.Duration));
    }

    [Fact]
    public void Garbage_is_cleaned()
    {
        Assert.Equal("a b", Tagged("title", "\0a\u0001\u0002b").Title);
        Assert.Equal(256, Tagged("title", new string('x', 10_000)).Title!.Length);
        Assert.Null(Tagged("title", " \0 ").Title);
        Assert.ThrowsAny<JsonException>(() => Parse("{"));
    }
}
