using Segue.Core;
using Segue.Events.Catalogue;
using Segue.Events.Resolving;

namespace Segue.Server.Tests.Music;

public sealed class TrackMatchingTests : IDisposable
{
    private const string Mbid = "f4d8f0cd-6a5b-4a2f-8a4c-0d2f3c1b9e77";
    private readonly MusicBench _bench = new();

    [Fact]
    public async Task Files_of_catalogued_recordings_are_these_and_their_entries_stay_as_they_are()
    {
        _bench.Catalogue.Upsert(
        [
            Recording("coded", "Other name", mbid: Mbid), Recording("isrc", "Another name", isrc: "DEA000000001"), Recording("named", "Rain", seconds: 6),
        ]);
        var before = _bench.Catalogue.ReadAll().ToList();
        _bench.Write("1.wav", 1, tags: new() { Title = "Sun", Artist = "Ann", RecordingMbid = Mbid });
        _bench.Write("2.wav", 2, tags: new() { Title = "Moon", Artist = "Ann", Isrc = "DE-A00-00-00001" });
        _bench.Write("3.wav", 3, tags: new() { Title = "RAIN", Artist = "The Ann" });
        _bench.Write("The Ann - rain.wav", 4, seconds: 8);

        var report = await _bench.ScanAsync();

        Assert.Equal(["coded", "isrc", "named", "named"], Tracks("1.wav", "2.wav", "3.wav", "The Ann - rain.wav"));
        Assert.Equal((0, 4), (report.NewTracks, report.Matched));
        Assert.Equal(before.Select(Describe), _bench.Catalogue.ReadAll().Select(Describe));
        File.Delete(_bench["1.wav"]);
        await _bench.ScanAsync();
        Assert.Empty(_bench.Library.WithdrawnTracks());
    }

    [Fact]
    public async Task A_new_track_has_the_id_under_which_players_have_described_it()
    {
        var resolver = new RecordingResolver([]);
        _bench.WriteTagged("a.wav", 1, "Rain");
        _bench.Write("b.wav", 2, tags: new() { Title = "Sun", Artist = "Ann", RecordingMbid = Mbid });

        await _bench.ScanAsync();

        Assert.Equal(resolver.Resolve(new(null, null, "ANN", "rain", null), null).Track, _bench.TrackOf("a.wav"));
        Assert.Equal(new TrackId($"mbid:{Mbid}"), _bench.TrackOf("b.wav"));
    }

    [Fact]
    public async Task One_title_at_two_lengths_is_two_tracks_and_at_nearly_one_length_one()
    {
        _bench.WriteTagged("1 studio.wav", 1, "Rain", seconds: 30);
        _bench.WriteTagged("2 live.wav", 2, "Rain", seconds: 60);
        _bench.WriteTagged("3 studio in another form.wav", 3, "Rain", seconds: 31);

        await _bench.ScanAsync();

        var (studio, live, form) = (_bench.TrackOf("1 studio.wav"), _bench.TrackOf("2 live.wav"), _bench.TrackOf("3 studio in another form.wav"));
        Assert.Equal(studio, form);
        Assert.NotEqual(studio, live);
        Assert.StartsWith("sound:", live!.Value.Value, StringComparison.Ordinal);
        Assert.Equal(2, _bench.Library.Counts().Tracks);
        _bench.WriteTagged("4 live in another form.wav", 4, "Rain", seconds: 61);
        await _bench.ScanAsync();
        Assert.Equal(live, _bench.TrackOf("4 live in another form.wav"));
    }

    [Fact]
    public async Task Files_that_nothing_names_are_tracks_of_their_own_even_at_equal_length()
    {
        _bench.Write("Track 01.wav", 1);
        _bench.Write("sub/Track 01.wav", 2);
        _bench.Write("Ann/Blue/Track 01.wav", 3);
        _bench.Write("Ann/Red/Track 01.wav", 4);

        await _bench.ScanAsync();

        Assert.Equal(4, _bench.Library.Counts().Tracks);
        Assert.All(_bench.Library.ReadTracks(), track => Assert.StartsWith("sound:", track.Track.Value, StringComparison.Ordinal));
        Assert.Equal(["Ann", "Ann", "Unknown artist", "sub"], _bench.Library.ReadTracks().Select(track => track.Artist).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_artist_whom_the_catalogue_knows_keeps_id_and_name()
    {
        _bench.Catalogue.Upsert([Recording("x", "Something else")]);
        _bench.WriteTagged("a.wav", 1, "Rain", artist: "the ann");

        await _bench.ScanAsync();

        Assert.Equal(new(new("artist-1"), "Ann"), _bench.Catalogue.Find(_bench.TrackOf("a.wav")!.Value)!.Track.Artist);
    }

    [Fact]
    public async Task Albums_are_told_by_release_then_by_whose_they_are_then_by_folder()
    {
        _bench.Write("1.wav", 1, tags: new() { Title = "1", Artist = "Ann", Album = "Blue", ReleaseMbid = Mbid });
        _bench.Write("sub/2.wav", 2, tags: new() { Title = "2", Artist = "Bob", Album = "Blue (deluxe)", ReleaseMbid = Mbid });
        _bench.Write("3.wav", 3, tags: new() { Title = "3", Artist = "Ann", AlbumArtist = "Ann", Album = "Red" });
        _bench.Write("cd2/4.wav", 4, tags: new() { Title = "4", Artist = "Ann feat. Bob", AlbumArtist = "The ANN", Album = "red" });
        _bench.Write("hits/5.wav", 5, tags: new() { Title = "5", Artist = "Ann", Album = "Hits" });
        _bench.Write("hits/6.wav", 6, tags: new() { Title = "6", Artist = "Bob", Album = "Hits" });
        _bench.Write("more/7.wav", 7, tags: new() { Title = "7", Artist = "Bob", Album = "Hits" });
        _bench.Write("8.wav", 8, tags: new() { Title = "8", Artist = "Bob" });

        await _bench.ScanAsync();

        var keys = _bench.Library.ReadTracks().ToDictionary(track => track.Title, track => track.AlbumKey);
        Assert.Equal((keys["1"], keys["3"], keys["5"]), (keys["2"], keys["4"], keys["6"]));
        Assert.Equal(4, new[] { keys["1"], keys["3"], keys["5"], keys["7"] }.Distinct().Count());
        Assert.Null(keys["8"]);
    }

    public void Dispose() => _bench.Dispose();

    private IEnumerable<string?> Tracks(params string[] names) => names.Select(name => _bench.TrackOf(name)?.Value);

    private static string Describe(CatalogueRecording recording) => $"{recording} {recording.Track.Length}";

    private static CatalogueRecording Recording(string id, string title, string? mbid = null, string? isrc = null, int? seconds = null)
        => new(new(new(id), title, new(new("artist-1"), "Ann"), null, [], seconds is { } some ? TimeSpan.FromSeconds(some) : null), mbid, isrc);
}
