using Segue.Audio.Fingerprints;
using Segue.Audio.Tests.Decoding;
using Segue.Numerics;
using Segue.Tests;

namespace Segue.Audio.Tests.Fingerprints;

public sealed class ChromaprintTests : IDisposable
{
    private readonly SoundFiles _files = new();

    [Fact]
    public void Copies_of_a_song_agree_and_other_songs_do_not()
    {
        var songs = RealMusic.Songs("amoebax-data");
        File.Copy(songs[0], _files.Path("song.ogg"));
        var song = Read(_files.Path("song.ogg"));

        Assert.InRange(Chromaprint.Agreement(song, Read(_files.Convert("song.ogg", "copy.mp3", "-b:a", "128k"))), 0.95, 1);
        Assert.InRange(Chromaprint.Agreement(song, Read(_files.Convert("song.ogg", "late.mp3", "-ss", "1.7", "-b:a", "64k"))), 0.9, 1);
        Assert.InRange(Chromaprint.Agreement(song, Read(songs[1])), 0.4, 0.7);
    }

    [Fact]
    public void A_file_without_sound_has_no_fingerprint()
    {
        Assert.Null(Chromaprint.Read(_files.Write("words.mp3", "no sound at all"u8.ToArray()), TestContext.Current.CancellationToken));
        Assert.Null(Chromaprint.Read(_files.Path("absent.mp3"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void The_best_offset_decides()
    {
        var random = new SeededRandom(3);
        var song = Enumerable.Range(0, 400).Select(_ => (uint)random.NextUInt64()).ToArray();

        Assert.Equal(1, Chromaprint.Agreement(song, song));
        Assert.Equal(1, Chromaprint.Agreement(song, song.AsSpan(80)));
        Assert.Equal(1, Chromaprint.Agreement(song.AsSpan(37), song));
        Assert.InRange(Chromaprint.Agreement(song, song.AsSpan(81)), 0.49, 0.55);   // one step further than is looked
        Assert.Equal(31 / 32.0, Chromaprint.Agreement(song, Array.ConvertAll(song, item => item ^ 0x100)));
    }

    [Fact]
    public void A_fingerprint_of_nothing_agrees_with_none()
    {
        Assert.Equal(0, Chromaprint.Agreement([], [1, 2]));
        Assert.Equal(1, Chromaprint.Agreement([7], [7]));
        Assert.Equal(0, Chromaprint.Agreement([0], [uint.MaxValue]));
    }

    public void Dispose() => _files.Dispose();

    private static uint[] Read(string path)
    {
        Assert.SkipUnless(Chromaprint.IsPresent, "fpcalc of Chromaprint is not installed.");
        return Chromaprint.Read(path, TestContext.Current.CancellationToken) ?? throw new InvalidOperationException($"{path} has no fingerprint.");
    }
}
