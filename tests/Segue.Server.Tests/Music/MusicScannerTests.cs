using Segue.Server.Music;

namespace Segue.Server.Tests.Music;

public sealed class MusicScannerTests : IDisposable
{
    private readonly MusicBench _bench = new();

    [Fact]
    public async Task Every_file_has_one_outcome_and_its_reason()
    {
        _bench.WriteTagged("good.wav", 1, "Good");
        _bench.Write("short.wav", 2, seconds: 1);
        _bench.Write("silent.wav", 0);
        _bench.WriteTagged("twin.wav", 1, "Good");
        File.WriteAllText(_bench["corrupt.wav"], "RIFF and then nothing");
        File.WriteAllText(_bench["text.mp3"], "no music");
        File.WriteAllText(_bench["empty.ogg"], "");
        File.WriteAllText(_bench["strange"], "no ending");
        foreach (var name in (string[])["cover.JPG", "list.m3u", ".hidden.mp3", "notes.txt"])
        {
            File.WriteAllText(_bench[name], "x");
        }
        Directory.CreateDirectory(_bench["@eaDir"]);
        File.WriteAllText(_bench["@eaDir/thumb.mp3"], "x");

        var report = await _bench.ScanAsync();

        Assert.Equal((8, 4, 1, 1), (report.Files, report.NotMusic, report.HiddenFolders, report.NewTracks));
        Assert.Equal(
            "good.wav Ok, short.wav TooShort, silent.wav Silent, twin.wav Duplicate, corrupt.wav Corrupt, text.mp3 Unsupported, empty.ogg Unreadable, strange Unsupported, cover.JPG never seen",
            string.Join(", ", ((string[])["good.wav", "short.wav", "silent.wav", "twin.wav", "corrupt.wav", "text.mp3", "empty.ogg", "strange", "cover.JPG"])
                .Select(name => $"{name} {_bench.OutcomeOf(name)}")));
        Assert.All(_bench.Library.ListFaults(null, 0, 10), file => Assert.NotEqual("", file.Fault));
        Assert.Equal(8, _bench.Library.Counts().Files.Values.Sum());
        var entry = Assert.Single(_bench.Catalogue.ReadAll());
        Assert.Equal(("Good", "Ann", TimeSpan.FromSeconds(4)), (entry.Track.Title, entry.Track.Artist.Name, entry.Track.Length));
    }

    [Fact]
    public async Task What_makes_listening_slower_is_told_with_the_scan()
    {
        _bench.WriteTagged("good.wav", 1, "Good");
        Assert.Null((await _bench.ScanAsync()).Doubt);

        _bench.Doubt = "Half of it is missing.";

        Assert.Equal("Half of it is missing.", (await _bench.ScanAsync(again: true)).Doubt);
    }

    [Fact]
    public async Task What_did_not_change_is_not_listened_to_again()
    {
        _bench.WriteTagged("a.wav", 1, "One");
        _bench.WriteTagged("b.wav", 2, "Two");
        Assert.Equal(2, (await _bench.ScanAsync()).Analyzed);
        var before = _bench.Dump();

        var second = await _bench.ScanAsync();

        Assert.Equal((2, 2, 0, false), (second.Files, second.Unchanged, second.Analyzed, second.IsChanged));
        Assert.Equal(before, _bench.Dump());
        _bench.WriteTagged("b.wav", 3, "Three");
        File.SetLastWriteTimeUtc(_bench["b.wav"], new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var third = await _bench.ScanAsync();
        Assert.Equal((1, 1, 1), (third.Unchanged, third.Analyzed, third.NewTracks));
        Assert.Equal("Three", _bench.Library.ReadTracks().Single(track => track.Path == _bench["b.wav"]).Title);
        Assert.Equal(2, (await _bench.ScanAsync(again: true)).Analyzed);
        _bench.NewAnalysis();
        Assert.Equal(2, (await _bench.ScanAsync()).Analyzed);
        Assert.Equal(2, (await _bench.ScanAsync()).Unchanged);
    }

    [Fact]
    public async Task A_renamed_file_keeps_its_track_and_takes_its_new_name_where_it_says_nothing_else()
    {
        _bench.Write("old name.wav", 1);
        await _bench.ScanAsync();
        var track = _bench.TrackOf("old name.wav");
        Directory.CreateDirectory(_bench["Zoe/Sea"]);
        File.Move(_bench["old name.wav"], _bench["Zoe/Sea/03 - Waves.wav"]);

        var report = await _bench.ScanAsync();

        Assert.Equal((0, 1, 1, 0), (report.Analyzed, report.Known, report.Gone, report.NewTracks));
        var known = Assert.Single(_bench.Library.ReadTracks());
        Assert.Equal((track, "Waves", "Zoe", "Sea"), (known.Track, known.Title, known.Artist, known.Album));
        Assert.Equal(("Waves", "Zoe"), (_bench.Catalogue.Find(track!.Value)!.Track.Title, _bench.Catalogue.Find(track.Value)!.Track.Artist.Name));
        Assert.Empty(_bench.Library.WithdrawnTracks());
        Assert.Equal(_bench["Zoe/Sea/03 - Waves.wav"], _bench.Library.FindFile(track.Value));
    }

    [Fact]
    public async Task New_tags_of_the_same_sound_leave_the_track_what_it_was()
    {
        _bench.WriteTagged("a.wav", 1, "Typpo");
        await _bench.ScanAsync();
        var track = _bench.TrackOf("a.wav")!.Value;
        _bench.WriteTagged("a.wav", 1, "Typo mended");

        await _bench.ScanAsync();

        Assert.Equal(track, _bench.TrackOf("a.wav"));
        Assert.Equal("Typo mended", Assert.Single(_bench.Catalogue.ReadAll()).Track.Title);
    }

    [Fact]
    public async Task A_track_whose_last_file_vanished_is_withdrawn_until_one_comes_back()
    {
        _bench.WriteTagged("a.wav", 1, "One");
        _bench.WriteTagged("sub/b.wav", 1, "One");
        _bench.WriteTagged("c.wav", 2, "Two");
        await _bench.ScanAsync();
        var track = _bench.TrackOf("a.wav")!.Value;
        var bytes = File.ReadAllBytes(_bench["a.wav"]);

        File.Delete(_bench["a.wav"]);
        Assert.Equal(1, (await _bench.ScanAsync()).Gone);
        Assert.Equal(("gone", "Ok"), (_bench.OutcomeOf("a.wav"), _bench.OutcomeOf("sub/b.wav")));
        Assert.Empty(_bench.Library.WithdrawnTracks());

        Directory.Delete(_bench["sub"], recursive: true);
        await _bench.ScanAsync();
        Assert.Equal([track], _bench.Library.WithdrawnTracks());
        Assert.NotNull(_bench.Catalogue.Find(track));   // histories still speak of it

        File.WriteAllBytes(_bench["d.wav"], bytes);
        var back = await _bench.ScanAsync();
        Assert.Equal((0, 1), (back.Analyzed, back.Known));
        Assert.Empty(_bench.Library.WithdrawnTracks());
    }

    [Fact]
    public async Task A_disk_that_is_not_mounted_withdraws_nothing()
    {
        _bench.WriteTagged("a.wav", 1, "One");
        await _bench.ScanAsync();
        Directory.Move(_bench.Music, _bench.Music + ".away");
        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => _bench.ScanAsync());
        Directory.CreateDirectory(_bench.Music);

        var report = await _bench.ScanAsync();

        Assert.Equal([_bench.Music], report.EmptyFolders);
        Assert.Equal(("Ok", 0), (_bench.OutcomeOf("a.wav"), report.Gone));
        File.WriteAllText(_bench["notes.txt"], "the disk is there, the music went");
        Assert.Equal(1, (await _bench.ScanAsync()).Gone);
    }

    [Fact]
    public async Task The_library_is_the_same_for_any_number_of_workers()
    {
        SomeFolder(_bench);
        await _bench.ScanAsync(workers: 1);
        var expected = Masked(_bench);
        Assert.True(expected.Count > 20);

        using var other = new MusicBench();
        SomeFolder(other);
        await other.ScanAsync(workers: 5);

        Assert.Equal(expected, Masked(other));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_scan_that_was_stopped_anywhere_and_begun_again_ends_as_one_that_was_not(int workers)
    {
        SomeFolder(_bench);
        await _bench.ScanAsync();
        var expected = Masked(_bench);
        foreach (var stopAt in (int[])[1, 6, 17])
        {
            using var other = new MusicBench();
            SomeFolder(other);
            for (var stops = 0; stops < 3; stops++)
            {
                using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
                other.BeforeAnalysis = n => Cancel(stop, n % stopAt == 0);
                await IgnoreStopAsync(() => other.ScanAsync(workers, cancellation: stop.Token));
            }
            var told = 0;
            other.BeforeAnalysis = _ => { };
            other.Told = _ => told = told + 1 == stopAt ? throw new InvalidOperationException("a fault after a decision") : told + 1;
            await IgnoreStopAsync(() => other.ScanAsync(workers));
            other.Told = _ => { };

            await other.ScanAsync(workers);

            Assert.Equal(expected, Masked(other));
        }
    }

    [Fact]
    public async Task A_file_that_is_exchanged_while_it_is_heard_is_no_track_until_the_next_scan_hears_it_whole()
    {
        _bench.WriteTagged("a.wav", 1, "One");
        _bench.BeforeAnalysis = n => Exchange(n == 1);

        await _bench.ScanAsync(workers: 1);

        Assert.Equal("Unreadable", _bench.OutcomeOf("a.wav"));
        Assert.Contains("changed while it was heard", Assert.Single(_bench.Library.ListFaults(null, 0, 10)).Fault, StringComparison.Ordinal);
        await _bench.ScanAsync();
        Assert.Equal(("Ok", "Two"), (_bench.OutcomeOf("a.wav"), Assert.Single(_bench.Library.ReadTracks()).Title));

        void Exchange(bool isFirst)
        {
            if (isFirst)
            {
                _bench.WriteTagged("a.wav", 2, "Two", seconds: 5);
            }
        }
    }

    [Fact]
    public async Task An_entry_that_the_catalogue_lost_is_made_anew()
    {
        _bench.WriteTagged("a.wav", 1, "One", album: "Blue");
        await _bench.ScanAsync();
        var before = _bench.Dump();
        _bench.Catalogue.Delete(_bench.TrackOf("a.wav")!.Value);
        Assert.NotEqual(before, _bench.Dump());

        await _bench.ScanAsync();

        Assert.Equal(before, _bench.Dump());
    }

    [Fact]
    public async Task A_folder_with_hostile_files_is_scanned_whole()
    {
        for (var n = 1; n <= 95; n++)
        {
            _bench.WriteTagged($"{n % 7}/{n}.wav", n, $"Song {n}", seconds: 3 + n / 10.0);
        }
        for (var n = 0; n < 5; n++)
        {
            File.WriteAllBytes(_bench[$"{n}/hostile {n}.wav"], [.. "RIFF"u8, .. new byte[n * 7], 0xFF, 0xFF, 0xFF, 0x7F]);
        }
        _bench.BeforeAnalysis = n => _ = n == 50 ? throw new InvalidDataException("a fault of the analyzer itself") : n;

        var report = await _bench.ScanAsync(workers: 4);

        Assert.Equal(100, report.Files);
        var counts = _bench.Library.Counts().Files;
        Assert.Equal(100, counts.Values.Sum());
        Assert.InRange(_bench.Library.Counts().Tracks, 94, 95);   // the analyzer's fault met a song or a hostile file
    }

    [Fact]
    public async Task Progress_goes_up_to_the_end()
    {
        SomeFolder(_bench);
        var told = new List<ScanProgress>();

        await _bench.Scanner.ScanAsync([_bench.Music], new() { Workers = 2 }, new Telling(told.Add), TestContext.Current.CancellationToken);

        Assert.Equal((told[^1].Total, 1.0), (told[^1].Done, told[^1].Share));
        Assert.True(told[^1].PerSecond > 0);
        Assert.Equal(told.Select(step => step.Done).Order(), told.Select(step => step.Done));
    }

    public void Dispose() => _bench.Dispose();

    // Twins, copies of a title at other lengths, faults and untagged files: all that order could play with.
    private static void SomeFolder(MusicBench bench)
    {
        for (var n = 1; n <= 12; n++)
        {
            bench.WriteTagged($"{(char)('a' + n * 5 % 12)}/{n}.wav", n, $"Song {n % 5}", album: $"Album {n % 2}", seconds: 3 + n * 2);
        }
        bench.WriteTagged("a twin.wav", 3, "Song 3", album: "Album 1", seconds: 9);
        bench.WriteTagged("z/a twin.wav", 3, "Song 3", album: "Album 1", seconds: 9);
        for (var n = 20; n < 26; n++)
        {
            bench.Write($"Bob/Untagged/0{n - 19} - {(n % 2 == 0 ? "Track" : "Tune")} {n}.wav", n);
        }
        bench.Write("Bob/copy of a tune.wav", 21);
        bench.Write("silent.wav", 0);
        File.WriteAllText(bench["zz.mp3"], "no music");
    }

    private static IReadOnlyList<string> Masked(MusicBench bench) => bench.Dump();

    private static void Cancel(CancellationTokenSource stop, bool now)
    {
        if (now)
        {
            stop.Cancel();
        }
    }

    private static async Task IgnoreStopAsync(Func<Task> scan)
    {
        try
        {
            await scan();
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or InvalidOperationException)
        {
            // That is what is tested.
        }
    }

    private sealed class Telling(Action<ScanProgress> tell) : IProgress<ScanProgress>
    {
        public void Report(ScanProgress value) => tell(value);
    }
}
