using Segue.Core;
using Segue.Server.Sound;

namespace Segue.Server.Tests.Sound;

public sealed class MusicFilesTests : IDisposable
{
    private static readonly TrackId Any = new("t1");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("segue-music-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("a.mp3", "audio/mpeg")]
    [InlineData("b.FLAC", "audio/flac")]
    [InlineData("deep/c.opus", "audio/ogg")]
    [InlineData("deep/../d.m4a", "audio/mp4")]
    public void A_file_within_a_root_is_opened_as_what_its_extension_says(string file, string type)
    {
        Write("music/deep/c.opus", "music/a.mp3", "music/b.FLAC", "music/d.m4a");

        using var content = Open(file)!.Content;

        Assert.Equal(type, Open(file)!.ContentType);
        Assert.Equal(3, content.Length);
    }

    [Theory]
    [InlineData("../secret.mp3")]
    [InlineData("../music2/other.mp3")]
    [InlineData("notes.txt")]
    [InlineData("deep")]
    [InlineData("missing.mp3")]
    [InlineData("missing/missing.mp3")]
    public void Nothing_outside_the_roots_nor_anything_that_is_no_audio_file_is_opened(string file)
    {
        Write("secret.mp3", "music2/other.mp3", "music/notes.txt", "music/deep/c.opus");

        Assert.Throws<NoSoundException>(() => Open(file));
    }

    [Fact]
    public void Why_a_file_is_not_sent_is_told_without_its_path()
    {
        Write("secret.mp3", "music/a.ape", "music/a.mp3");
        File.CreateSymbolicLink(PathOf("music/out.mp3"), PathOf("secret.mp3"));

        Assert.Null(new MusicFiles(() => [PathOf("music")], _ => null).Open(Any));
        foreach (var (file, why) in new[] { ("a.ape", "ends in '.ape', and sent are .aac"), ("out.mp3", "a link leads out of the scanned folders"), ("gone.mp3", "not there any more") })
        {
            var told = Assert.Throws<NoSoundException>(() => Open(file)).Message;
            Assert.Contains(why, told, StringComparison.Ordinal);
            Assert.DoesNotContain(_folder.FullName, told, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_folder_that_is_scanned_later_is_sent_from()
    {
        Write("later/a.mp3");
        var roots = new List<string>();
        var files = new MusicFiles(() => roots, _ => PathOf("later/a.mp3"));
        Assert.Throws<NoSoundException>(() => files.Open(Any));

        roots.Add(PathOf("later"));

        using var content = files.Open(Any)!.Content;
        Assert.Equal(3, content.Length);
    }

    [Fact]
    public void A_link_is_followed_within_the_roots_and_never_out_of_them()
    {
        Write("secret.mp3", "hidden/deep.mp3", "music/a.mp3");
        File.CreateSymbolicLink(PathOf("music/out.mp3"), PathOf("secret.mp3"));
        File.CreateSymbolicLink(PathOf("music/up.mp3"), "../secret.mp3");
        Directory.CreateSymbolicLink(PathOf("music/folder"), PathOf("hidden"));
        File.CreateSymbolicLink(PathOf("music/round.mp3"), "round.mp3");
        File.CreateSymbolicLink(PathOf("music/within.mp3"), "a.mp3");

        Assert.All(["out.mp3", "up.mp3", "folder/deep.mp3", "round.mp3"], file => Assert.Throws<NoSoundException>(() => Open(file)));
        using var content = Open("within.mp3")!.Content;
        Assert.Equal(3, content.Length);
    }

    [Fact]
    public void A_root_may_itself_be_a_link()
    {
        Write("music/a.mp3");
        Directory.CreateSymbolicLink(PathOf("linked"), PathOf("music"));

        using var content = new MusicFiles(() => [PathOf("linked")], _ => PathOf("linked/a.mp3")).Open(Any)!.Content;

        Assert.Equal(3, content.Length);
    }

    [Fact]
    public void A_file_that_was_exchanged_has_another_tag()
    {
        Write("music/a.mp3");
        var before = Tag();

        Assert.Equal(before, Tag());
        File.SetLastWriteTimeUtc(PathOf("music/a.mp3"), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.NotEqual(before, Tag());

        string Tag()
        {
            var audio = Open("a.mp3")!;
            audio.Content.Dispose();
            return audio.Tag;
        }
    }

    private TrackAudio? Open(string file) => new MusicFiles(() => [PathOf("music")], _ => Path.Combine(PathOf("music"), file)).Open(Any);

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private void Write(params string[] names)
    {
        foreach (var path in names.Select(PathOf))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, [1, 2, 3]);
        }
    }
}
