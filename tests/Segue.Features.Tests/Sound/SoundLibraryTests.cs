using Segue.Audio;
using Segue.Audio.Tags;
using Segue.Core;
using Segue.Events.Files;
using Segue.Events.Tests;
using Segue.Features.Sound;

namespace Segue.Features.Tests.Sound;

public sealed class SoundLibraryTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder _folder = new();
    private SoundLibrary? _library;
    private long _scan;

    private SoundLibrary Library => _library ??= new(_folder["store/music/library.db"]);

    private string Music => _folder["music"];

    [Fact]
    public void A_file_its_content_and_its_track_are_kept_as_they_came()
    {
        var sound = Keep("a.flac", 1, [1.5f, -2], [9, 8, 7]);
        Name(sound, "one", album: "Blue");
        Reopen();

        Assert.Equal(new(100, Noon, false, sound, FileOutcome.Ok, null, "v1", false), Library.FindFile(In("a.flac")));
        Assert.Null(Library.FindFile(In("b.flac")));
        var track = Assert.Single(Library.ReadTracks());
        Assert.Equal((new TrackId("one"), sound, "Title one", "Artist", "Blue", In("a.flac"), TimeSpan.FromSeconds(61), true),
            (track.Track, track.Sound, track.Title, track.Artist, track.Album, track.Path, track.Duration, track.IsOwn));
        Assert.Equal(("Tagged 1", "vorbis"), (track.Tags.Title, track.Tags.Codec));
        Assert.Equal(["rock", "pop"], track.Tags.Genres);
        Assert.Equal([1.5f, -2], Assert.Single(Library.ReadDescriptors()).Values);
        Assert.Equal([9, 8, 7], Library.FindSpectra(new("one"))!.Value.Values);
        Assert.Equal(track with { Tags = AudioTags.None }, Library.FindTrack(new("one"))! with { Tags = AudioTags.None });
        Assert.Equal(sound, Library.FindSound(Hash(1), "v1")!.Id);
        Assert.Null(Library.FindSound(Hash(1), "v2"));
        Assert.Null(Library.FindSound(Hash(2), "v1"));
    }

    [Theory]
    [InlineData("b.wav,a.wav,c.wav")]
    [InlineData("c.wav,b.wav,a.wav")]
    [InlineData("a.wav,b.wav,c.wav")]
    public void Of_files_with_the_same_bytes_the_first_by_path_counts_whichever_came_first(string order)
    {
        foreach (var name in order.Split(','))
        {
            Keep(name, 1);
        }

        Assert.Equal("a.wav Ok, b.wav Duplicate, c.wav Duplicate", Outcomes("a.wav", "b.wav", "c.wav"));
        Assert.Equal(["b.wav has the same bytes as a.wav", "c.wav has the same bytes as a.wav"], Faults().Order());
        Library.MarkGone(In("a.wav"));
        Assert.Equal("b.wav Ok, c.wav Duplicate", Outcomes("b.wav", "c.wav"));
        Assert.Equal((1, 1, 1), (Library.Counts().Files[FileOutcome.Ok], Library.Counts().Files[FileOutcome.Duplicate], Library.Counts().Gone));
    }

    [Fact]
    public void Two_contents_of_one_track_are_one_track_and_the_first_by_path_speaks_for_it()
    {
        Name(Keep("z.mp3", 1, [1]), "one");
        Name(Keep("a.flac", 2, [2]), "one");

        Assert.Equal([2f], Assert.Single(Library.ReadDescriptors()).Values);
        Library.MarkGone(In("a.flac"));
        Assert.Equal([1f], Assert.Single(Library.ReadDescriptors()).Values);
        Assert.Empty(Library.WithdrawnTracks());
        Library.MarkGone(In("z.mp3"));
        Assert.Empty(Library.ReadDescriptors());
        Assert.Equal([new("one")], Library.WithdrawnTracks());
        Attach("somewhere/else.mp3", Library.FindSound(Hash(1), "v1")!.Id);
        Assert.Equal([1f], Assert.Single(Library.ReadDescriptors()).Values);
        Assert.Empty(Library.WithdrawnTracks());
    }

    [Fact]
    public void A_track_of_the_catalogues_own_is_not_withdrawn_with_its_file()
    {
        Name(Keep("a.mp3", 1), "imported", isOwn: false);

        Library.MarkGone(In("a.mp3"));

        Assert.Empty(Library.WithdrawnTracks());
    }

    [Fact]
    public void What_a_scan_did_not_see_is_gone_but_for_what_it_could_not_look_at()
    {
        foreach (var (name, content) in (ReadOnlySpan<(string, byte)>)[("a.mp3", 1), ("locked/b.mp3", 2), ("c.mp3", 3), ("d.mp3", 4)])
        {
            Keep(name, content);
        }
        Library.Keep(new(_folder["musical"], _folder["musical/e.mp3"], 1, Noon), Content(5), _scan);
        var next = Library.BeginScan(Noon.AddDays(1));
        Library.Seen([In("a.mp3")], next);
        Library.Attach(File("c.mp3"), Library.FindSound(Hash(3), "v1")!.Id, next);

        Assert.Equal(4, Library.CountBelow(Music));
        var gone = Library.MarkGone(Music, next, path => path.StartsWith(In("locked/"), StringComparison.Ordinal));
        Assert.Equal(1, gone.Count);
        Assert.Equal([Library.FindSound(Hash(4), "v1")!.Id], gone.Contents);

        Assert.Equal([false, false, false, true], ((string[])["a.mp3", "locked/b.mp3", "c.mp3", "d.mp3"]).Select(name => Library.FindFile(In(name))!.IsGone));
        Assert.False(Library.FindFile(_folder["musical/e.mp3"])!.IsGone);   // a sibling whose name begins the same
    }

    [Fact]
    public void Of_two_scans_at_once_the_later_one_does_not_take_what_the_earlier_saw_last_for_gone()
    {
        Keep("a.mp3", 1);
        Keep("b.mp3", 2);
        var (first, second) = (Library.BeginScan(Noon.AddDays(1)), Library.BeginScan(Noon.AddDays(1)));

        Library.Seen([In("a.mp3"), In("b.mp3")], second);
        Library.Seen([In("a.mp3")], first);
        Library.Attach(File("b.mp3"), Library.FindSound(Hash(2), "v1")!.Id, first);

        Assert.Equal(0, Library.MarkGone(Music, second, _ => false).Count);
    }

    [Fact]
    public void A_file_whose_content_changed_leaves_the_old_contents_sound_behind()
    {
        Name(Keep("a.mp3", 1, [1], new byte[50]), "one");
        Assert.Equal(50, Library.Counts().SpectraBytes);

        Name(Keep("a.mp3", 2, [2], new byte[70]), "two");

        Assert.Equal([new("two")], Library.ReadDescriptors().Select(told => told.Track));
        Assert.Equal(70, Library.Counts().SpectraBytes);
        Assert.Null(Library.FindSound(Hash(1), "v1"));   // must be listened to again, should it come back
        Assert.Equal([new("one")], Library.WithdrawnTracks());
        Keep("b.mp3", 1, [1]);
        Assert.Empty(Library.WithdrawnTracks());
    }

    [Fact]
    public void The_same_sound_under_other_tags_is_known_as_the_track_it_was()
    {
        Name(Keep("a.mp3", 1, [1, 2]), "one");
        var (retagged, other) = (Keep("a.mp3", 2, [1, 2]), Keep("b.mp3", 3, [1, 2.5f]));

        Assert.Equal((new TrackId("one"), true), Library.TrackOfSameSound(retagged));
        Assert.Null(Library.TrackOfSameSound(other));
    }

    [Fact]
    public void Spectra_beyond_the_limit_are_left_out_and_told()
    {
        Library.MaxSpectraBytes = 100;
        Name(Keep("a.mp3", 1, [1], new byte[60]), "a");
        Name(Keep("b.mp3", 2, [2], new byte[60]), "b");
        Name(Keep("c.mp3", 3, [3], new byte[40]), "c");

        Assert.Equal(["a", "c"], Library.ReadSpectra().Select(told => told.Track.Value));
        Assert.Equal(["a", "c"], Library.TracksWithSpectra().Select(track => track.Value).Order());
        Assert.Equal(["a", "b", "c"], Library.ReadDescriptors().Select(told => told.Track.Value));
        Assert.Equal(100, Library.Counts().SpectraBytes);
    }

    [Fact]
    public void Layers_are_kept_by_backbone_and_content_and_go_when_their_content_is_analyzed_anew()
    {
        var (a, b) = (Keep("a.mp3", 1), Keep("b.mp3", 2, [8]));
        Name(a, "a");
        Name(b, "b");

        Library.UpsertLayers("one", [new(a, [1, 2]), new(999, [7])]);
        Library.UpsertLayers("two", [new(a, [3])]);
        Library.UpsertLayers("one", [new(a, [2, 3])]);

        Assert.Equal([2f, 3f], Library.FindLayer("one", a)!);
        Assert.Equal((true, true), (Library.FindLayer("one", b) is null, Library.FindLayer("one", 999) is null));
        Assert.Equal([new(new("b"), b)], Library.TracksWithoutLayer("one"));
        Assert.Equal([8f], Library.FindDescriptors(b)!);
        Library.KeepLayersOf("two");
        Assert.Equal((true, false), (Library.FindLayer("one", a) is null, Library.FindLayer("two", a) is null));
        Keep("a.mp3", 1, [5]);
        Assert.Null(Library.FindLayer("two", a));
        Library.UpsertLayers("two", [new(a, [3])]);
        Library.KeepLayersOf(null);
        Assert.Null(Library.FindLayer("two", a));
    }

    [Fact]
    public void Vectors_are_kept_by_version_and_go_when_their_content_is_analyzed_anew()
    {
        var (a, b) = (Keep("a.mp3", 1), Keep("b.mp3", 2));
        Name(a, "a");
        Name(b, "b");

        Library.UpsertVectors("s1", [new(a, [(Half)1, (Half)0.5f]), new(999, [(Half)7])]);
        Library.UpsertVectors("s2", [new(a, [(Half)3])]);
        Library.UpsertVectors("s1", [new(a, [(Half)2, (Half)0.5f])]);

        var vector = Assert.Single(Library.ReadVectors("s1"));
        Assert.Equal((new TrackId("a"), a), (vector.Track, vector.Sound));
        Assert.Equal([(Half)2, (Half)0.5f], vector.Values);
        Assert.Equal([new(new("b"), b)], Library.TracksWithoutVector("s1"));
        Library.KeepVectorsOf("s1");
        Assert.Empty(Library.ReadVectors("s2"));
        Keep("a.mp3", 1, [5]);
        Assert.Empty(Library.ReadVectors("s1"));
    }

    [Fact]
    public void Files_without_sound_have_their_outcome_and_no_track()
    {
        Library.Keep(File("bad.mp3"), Content(1) with { Result = new(AudioOutcome.Corrupt, "no frame in it", TimeSpan.Zero, null) }, Scan);
        Library.Keep(File("short.mp3"), Content(2) with { Result = new(AudioOutcome.TooShort, "0.2 s of sound", TimeSpan.FromSeconds(0.2), null) }, Scan);
        Library.KeepUnreadable(File("locked.mp3"), "permission denied", Scan);
        Library.Keep(File("worse.mp3"), Content(1) with { Result = new(AudioOutcome.Corrupt, "no frame in it", TimeSpan.Zero, null) }, Scan);

        Assert.Equal(["bad.mp3 no frame in it", "short.mp3 0.2 s of sound", "locked.mp3 permission denied", "worse.mp3 no frame in it"], Faults());
        Assert.Equal([1, 4], Library.ListFaults(FileOutcome.Corrupt, 0, 10).Select(file => file.Id));
        Assert.Equal(["short.mp3"], Library.ListFaults(null, after: 1, count: 1).Select(file => Name(file.Path)));
        Assert.Equal(0, Library.Counts().Tracks);
        Assert.False(Library.FindFile(In("bad.mp3"))!.NeedsTrack);
    }

    [Fact]
    public void A_file_that_gives_no_bytes_for_a_while_is_not_to_be_heard_again()
    {
        Name(Keep("a.mp3", 1), "one");
        Library.KeepUnreadable(File("a.mp3"), "the disk does not answer", Scan);
        Assert.Equal([new("one")], Library.WithdrawnTracks());

        Attach("a.mp3", Library.FindSound(Hash(1), "v1")!.Id);

        Assert.Equal([1f], Assert.Single(Library.ReadDescriptors()).Values);
        Assert.Equal("a.mp3 Ok", Outcomes("a.mp3"));
    }

    [Fact]
    public void A_track_is_found_in_a_file_that_is_there()
    {
        Directory.CreateDirectory(Music);
        var sound = Keep("b.wav", 1);
        Name(sound, "one");
        Attach("a.wav", sound);
        System.IO.File.WriteAllText(In("b.wav"), "");

        Assert.Equal(In("b.wav"), Library.FindFile(new TrackId("one")));
        Assert.Null(Library.FindFile(new TrackId("two")));
        System.IO.File.WriteAllText(In("a.wav"), "");
        Assert.Equal(In("a.wav"), Library.FindFile(new TrackId("one")));
    }

    [Fact]
    public void Whoever_reads_sees_one_state_while_others_write()
    {
        Enumerable.Range(1, 20).ToList().ForEach(n => Name(Keep($"{n}.wav", (byte)n), $"t{n:D2}"));

        var read = new List<string>();
        foreach (var told in Library.ReadDescriptors())
        {
            read.Add(told.Track.Value);
            Library.MarkGone(In("20.wav"));
            Name(Keep("new.wav", 99), "t99");
        }

        Assert.Equal(Enumerable.Range(1, 20).Select(n => $"t{n:D2}"), read);
        Assert.Equal(20, Library.ReadDescriptors().Count());
    }

    [Fact]
    public void A_library_of_a_newer_program_is_refused()
    {
        Library.Dispose();
        using (var connection = SqliteFile.Open(_folder["store/music/library.db"]))
        {
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 9";
            command.ExecuteNonQuery();
        }

        var fault = Assert.Throws<InvalidDataException>(() => new SoundLibrary(_folder["store/music/library.db"]));
        Assert.Contains("newer Segue", fault.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _library?.Dispose();
        _folder.Dispose();
    }

    private long Scan => _scan == 0 ? _scan = Library.BeginScan(Noon) : _scan;

    private string In(string name) => Path.Combine(Music, name);

    private string Name(string path) => Path.GetRelativePath(Music, path);

    private MusicFile File(string name) => new(Music, In(name), 100, Noon);

    private static byte[] Hash(byte content) => [.. Enumerable.Repeat(content, 32)];

    private static SoundContent Content(byte content, float[]? descriptors = null, byte[]? spectra = null)
        => new(
            Hash(content), new(AudioOutcome.Ok, null, TimeSpan.FromSeconds(60 + content), new(descriptors ?? [content], spectra ?? [])),
            new() { Title = $"Tagged {content}", Codec = "vorbis", Genres = ["rock", "pop"] }, "v1");

    private long Keep(string name, byte content, float[]? descriptors = null, byte[]? spectra = null)
        => Library.Keep(File(name), Content(content, descriptors, spectra), Scan);

    private void Attach(string name, long sound) => Library.Attach(File(name), sound, Scan);

    private void Name(long sound, string track, bool isOwn = true, string? album = null)
        => Library.Describe(sound, new(new(track), isOwn, $"Title {track}", "Artist", album, album));

    private string Outcomes(params string[] names) => string.Join(", ", names.Select(name => $"{name} {Library.FindFile(In(name))!.Outcome}"));

    private IEnumerable<string> Faults()
        => Library.ListFaults(null, 0, 100).Select(file => $"{Name(file.Path)} {file.Fault.Replace(Music + "/", "", StringComparison.Ordinal)}");

    private void Reopen()
    {
        Library.Dispose();
        _library = null;
    }
}
