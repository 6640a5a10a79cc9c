using System.Diagnostics;
using Segue.Audio.Decoding.Workers;
using Segue.Audio.Processes;
using Segue.Audio.Tags;
using Segue.Audio.Tests.Decoding;

namespace Segue.Audio.Tests.Tags;

public sealed class AudioTagReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("segue-tags-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ogg", "libvorbis", "vorbis")]
    [InlineData("opus", "libopus", "opus")]
    [InlineData("mp3", "libmp3lame", "mp3")]
    [InlineData("flac", "flac", "flac")]
    [InlineData("m4a", "aac", "aac")]
    public void Tags_of_each_container_are_read(string ending, string encoder, string codec)
    {
        var path = Make($"-a song\n{ending}.{ending}", encoder,
            ("title", "Rain"), ("artist", "Ann"), ("album_artist", "Ann & Bob"), ("album", "Blue"), ("track", "3/12"), ("disc", "1/2"), ("date", "2013-05-02"), ("genre", "Jazz"));

        var tags = new AudioTagReader().Read(path, Cancellation);
        using var worker = Worker();

        Assert.Equivalent(tags, new AudioTagReader(worker).Read(path, Cancellation), strict: true);
        Assert.Equal(("Rain", "Ann", "Ann & Bob", "Blue", 3, 1), (tags.Title, tags.Artist, tags.AlbumArtist, tags.Album, tags.TrackNumber, tags.DiscNumber));
        Assert.Equal((new DateOnly(2013, 5, 2), codec), (tags.ReleasedOn, tags.Codec));
        Assert.Equal(["Jazz"], tags.Genres);
        Assert.InRange(tags.Duration!.Value.TotalSeconds, 0.9, 1.2);
    }

    [Fact]
    public void Codes_and_gains_are_read_where_a_container_takes_any_tag()
    {
        const string Id = "f4d8f0cd-6a5b-4a2f-8a4c-0d2f3c1b9e77";
        var path = Make("a.flac", "flac", ("MUSICBRAINZ_TRACKID", Id), ("MUSICBRAINZ_ALBUMID", Id), ("ISRC", "DEA000000001"), ("REPLAYGAIN_TRACK_GAIN", "-7.25 dB"));

        var tags = new AudioTagReader().Read(path, Cancellation);

        Assert.Equal((Id, Id, "DEA000000001", -7.25), (tags.RecordingMbid, tags.ReleaseMbid, tags.Isrc, tags.TrackGain));
    }

    [Theory]
    [InlineData("wav", "pcm_s16le")]
    [InlineData("aiff", "pcm_s16be")]
    [InlineData("mka", "flac")]
    [InlineData("wma", "wmav2")]
    [InlineData("wv", "wavpack")]
    [InlineData("mp4", "aac")]
    public void Worker_tells_what_ffprobe_tells(string ending, string encoder)
    {
        var path = Make($"'a' [1],:=\\;ü.{ending}", encoder, ("title", "Räin\n\u0001Ω"), ("artist", "Ann;Bob"), ("date", "1999"), ("genre", "Jazz;Rock"), ("ISRC", "DEA000000001"));
        using var worker = Worker();

        var tags = new AudioTagReader(worker).Read(path, Cancellation);

        Assert.Equivalent(new AudioTagReader().Read(path, Cancellation), tags, strict: true);
        Assert.Equal(encoder, tags.Codec);
        Assert.StartsWith("Räin", tags.Title);
    }

    [Fact]
    public void Recording_id_of_an_mp3_is_read_from_its_frame()
    {
        const string Id = "f4d8f0cd-6a5b-4a2f-8a4c-0d2f3c1b9e77";
        var path = Make("a.mp3", "libmp3lame", ("title", "Rain"));
        var bytes = File.ReadAllBytes(path);
        byte[] frame = [.. "UFID"u8, 0, 0, 0, 59, 0, 0, .. "http://musicbrainz.org\0"u8, .. System.Text.Encoding.ASCII.GetBytes(Id.ToUpperInvariant())];
        bytes[9] += (byte)frame.Length;   // the tag's size, in sevens of bits
        Assert.InRange(bytes[9], frame.Length, 127);
        File.WriteAllBytes(path, [.. bytes[..10], .. frame, .. bytes[10..]]);

        Assert.Equal(("Rain", Id), new AudioTagReader().Read(path, Cancellation) is var tags ? (tags.Title, tags.RecordingMbid) : default);
    }

    [Fact]
    public void Worker_that_is_lost_leaves_tags_to_ffprobe()
    {
        var path = Make("a.flac", "flac", ("title", "Rain"));
        using var broken = new DecodeWorkerLink(ProgramPath.Require("sh", "to test"), ["-c", @"printf '\002\000\000\000\000'"]);   // says that it has FFmpeg's libraries, and ends

        Assert.Equal("Rain", new AudioTagReader(broken).Read(path, Cancellation).Title);
        Assert.True(broken.HasLibav);
    }

    [Fact]
    public void Worker_that_ends_before_it_answers_gets_another_chance_without_FFmpegs_libraries()
    {
        using var broken = new DecodeWorkerLink(ProgramPath.Require("sh", "to test"), ["-c", @"test ""$SEGUE_LIBAV"" = off && printf '\001\000\000\000\000'"]);

        Assert.False(broken.Has(WorkerLibraries.Libav, Cancellation));

        Assert.Equal((true, 2), (broken.Has(WorkerLibraries.Sndfile, Cancellation), broken.Started));
        Assert.Equal("FFmpeg's libraries are not used: the worker broke off when it tried them.", broken.LibavDoubt);
    }

    [Fact]
    public void A_file_that_is_no_audio_or_not_there_says_nothing()
    {
        Assert.SkipUnless(AudioTagReader.IsPresent, "ffprobe is absent.");
        var path = Path.Combine(_folder, "text.mp3");
        File.WriteAllText(path, "no music");

        using var worker = Worker();
        foreach (var reader in new[] { new AudioTagReader(), new AudioTagReader(worker) })
        {
            Assert.Equal(AudioTags.None, reader.Read(path, Cancellation));
            Assert.Equal(AudioTags.None, reader.Read(path + ".gone", Cancellation));
        }
    }

    [Fact]
    public void Reading_that_is_cancelled_says_so()
    {
        Assert.SkipUnless(AudioTagReader.IsPresent, "ffprobe is absent.");
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => new AudioTagReader().Read(Path.Combine(_folder, "a.mp3"), stopped.Token));
    }

    private static DecodeWorkerLink Worker()
    {
        var worker = new DecodeWorkerLink(SoundFiles.Worker.Item1, SoundFiles.Worker.Item2);
        Assert.SkipUnless(worker.Has(WorkerLibraries.Libav, Cancellation), worker.LibavDoubt ?? "FFmpeg's libraries are not installed.");
        return worker;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Make(string name, string encoder, params (string Name, string Value)[] tags)
    {
        Assert.SkipUnless(AudioTagReader.IsPresent && ProgramPath.Find("ffmpeg") is not null, "ffmpeg or ffprobe is absent.");
        var path = Path.Combine(_folder, name);
        string[] arguments =
        [
            "-v", "error", "-f", "lavfi", "-i", "sine=frequency=440:duration=1", .. tags.SelectMany(tag => (string[])["-metadata", $"{tag.Name}={tag.Value}"]),
            "-c:a", encoder, "-y", "file:" + path,
        ];
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardError = true })!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.SkipWhen(errors.Contains("Unknown encoder", StringComparison.Ordinal), $"This ffmpeg lacks the encoder {encoder}.");
        Assert.True(process.ExitCode == 0, errors);
        return path;
    }
}
