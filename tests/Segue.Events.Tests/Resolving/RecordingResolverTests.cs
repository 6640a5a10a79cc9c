using Segue.Events.Catalogue;
using Segue.Core;
using Segue.Events.Resolving;
using Segue.Events.Tests.Wire;

namespace Segue.Events.Tests.Resolving;

public class RecordingResolverTests
{
    private const string Mbid = "8f3471b5-7e6a-48da-86a9-c1c07a0f47ae";
    private const string Isrc = "GBAYE6700001";

    private readonly RecordingResolver _resolver = new([
        WireDoors.Recording("by-mbid", "M", "A", 100) with { Mbid = Mbid },
        WireDoors.Recording("by-isrc", "I", "A", 100) with { Isrc = Isrc },
        WireDoors.Recording("studio", "Song", "The Band", 200, new DateOnly(1970, 1, 1)),
        WireDoors.Recording("live", "Song", "Band", 260, new DateOnly(1969, 1, 1)),
        WireDoors.Recording("alive", "Song", "BAND", 264),
        WireDoors.Recording("unknown-length", "Song", "Bänd", null),
        WireDoors.Recording("alone", "Alone", "Band", 200)]);

    [Fact]
    public void Codes_go_before_names_and_MBIDs_before_ISRCs()
    {
        Assert.Equal(("by-mbid", MatchedBy.Mbid), Find(new(Mbid, Isrc, "Band", "Song", null)));
        Assert.Equal(("by-isrc", MatchedBy.Isrc), Find(new(Mbid.Replace('8', '9'), Isrc, "Band", "Song", null)));
        Assert.Equal(("alone", MatchedBy.Text), Find(new(Mbid.Replace('8', '9'), "GBAYE6700002", "band", "ALONE (feat. X)", null)));
    }

    [Theory]
    [InlineData(201.0, "studio")]
    [InlineData(203.0, "studio")]
    [InlineData(203.1, "unknown-length")]
    [InlineData(261.9, "live")]
    [InlineData(262.0, "live")]
    [InlineData(262.1, "alive")]
    [InlineData(null, "live")]
    public void Of_several_recordings_of_one_name_the_nearest_length_is_meant(double? seconds, string track)
        => Assert.Equal((track, MatchedBy.Text),
            Find(new(null, null, "band", "song", null), seconds is { } s ? TimeSpan.FromSeconds(s) : null));

    [Fact]
    public void A_known_name_of_another_length_is_another_recording()
        => Assert.Equal(MatchedBy.Described, Find(new(null, null, "Band", "Alone", null), TimeSpan.FromSeconds(204)).By);

    [Fact]
    public void What_nobody_knows_gets_an_id_of_its_description_alone()
    {
        Assert.Equal($"mbid:{Mbid.Replace('8', '9')}", Find(new(Mbid.Replace('8', '9'), "GBAYE6700002", "X", "Y", null)).Track);
        Assert.Equal("isrc:GBAYE6700002", Find(new(null, "GBAYE6700002", "X", "Y", null)).Track);
        var text = Find(new(null, null, "The X", "Y (feat. Z)", "Album"), TimeSpan.FromSeconds(3)).Track;
        Assert.Equal(text, Find(new(null, null, "x", "y", null)).Track);
        Assert.Equal("text:", text[..5]);
        Assert.Equal(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("x\0y"u8).AsSpan(0, 16)), text[5..]);
        Assert.NotEqual(text, Find(new(null, null, "xy", "", null)).Track);
    }

    [Fact]
    public void A_description_of_nothing_is_refused()
        => Assert.Throws<ArgumentException>(() => _resolver.Resolve(new RecordingDescription(null, null, "A", null, null), null));

    [Fact]
    public void An_id_that_the_catalogue_lacks_is_kept()
    {
        Assert.Equal(new(new TrackId("new"), null, MatchedBy.UnknownId), _resolver.Resolve(new TrackId("new")));
        Assert.Equal(new(new TrackId("live"), TimeSpan.FromSeconds(260), MatchedBy.Id), _resolver.Resolve(new TrackId("live")));
    }

    [Fact]
    public void Matches_are_counted_by_their_kind()
    {
        Assert.Null(_resolver.Counts.MatchRate);

        _resolver.Resolve(new TrackId("live"));
        _resolver.Resolve(new TrackId("new"));
        Find(new(Mbid, null, null, null, null));
        Find(new(null, Isrc, null, null, null));
        Find(new(null, null, "Band", "Alone", null));
        Parallel.For(0, 1_000, _ => Find(new(null, null, "Nobody", "Nothing", null)));

        Assert.Equal(new MatchCounts(1, 1, 1, 1, 1, 1_000), _resolver.Counts);
        Assert.Equal(4 / 1_005d, _resolver.Counts.MatchRate);
    }

    [Fact]
    public void The_order_of_the_catalogue_does_not_matter()
    {
        var recordings = Enumerable.Range(0, 20)
            .Select(i => WireDoors.Recording($"r{i}", "Song", "Band", 100 + i % 3) with { Isrc = Isrc, Mbid = Mbid }).ToArray();
        var (forward, backward) = (new RecordingResolver(recordings), new RecordingResolver(recordings.Reverse()));

        Assert.All(new RecordingDescription[] { new(Mbid, null, null, null, null), new(null, Isrc, null, null, null), new(null, null, "Band", "Song", null) },
            description => Assert.Equal(forward.Resolve(description, null), backward.Resolve(description, null)));
    }

    [Fact]
    public void Another_catalogue_holds_from_its_replacing_on_for_remembered_ids_too()
    {
        var doors = new WireDoors();
        const string Listen = "\"type\":\"listen\",\"track\":\"late\"";
        Assert.Null(doors.AcceptedOf(Listen).Length);

        doors.Resolver.Replace([WireDoors.Recording("late", "L", "A", 77)]);

        Assert.Equal(TimeSpan.FromSeconds(77), doors.AcceptedOf(Listen).Length);
        Assert.Equal((1, 1, 1), (doors.Resolver.CatalogueSize, (int)doors.Resolver.Counts.Id, (int)doors.Resolver.Counts.UnknownId));
    }

    [Theory]
    [InlineData("gb-aye-67-00001", "GBAYE6700001")]
    [InlineData("GBAYE6700001", "GBAYE6700001")]
    [InlineData("US1239900001", "US1239900001")]
    [InlineData("GBAYE670000", null)]
    [InlineData("GBAYE67000012", null)]
    [InlineData("1BAYE6700001", null)]
    [InlineData("GBAYE6700O01", null)]
    [InlineData("", null)]
    public void Isrcs_have_one_form(string text, string? isrc) => Assert.Equal(isrc, RecordingCodes.Isrc(text));

    private (string Track, MatchedBy By) Find(RecordingDescription description, TimeSpan? duration = null)
    {
        var found = _resolver.Resolve(description, duration);
        return (found.Track.Value, found.By);
    }
}
