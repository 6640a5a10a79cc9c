using Segue.Audio.Decoding;
using Segue.Audio.Processes;
using Segue.Audio.Decoding.Workers;

namespace Segue.Audio.Tests.Decoding;

/// <summary>The same sound in all forms, by all decoders. Needs ffmpeg.</summary>
public sealed class DecoderAgreementTests : IDisposable
{
    private readonly SoundFiles _files = new();
    private readonly WaveDecoder _wave = new();

    private static readonly Lazy<byte[]> Song = new(() => SoundFiles.Wave(SoundFiles.Music(44_100, 2, 62), 44_100)), SmallSong = new(() => SoundFiles.Wave(SoundFiles.Music(22_050, 1, 62), 22_050));

    private string Original(int rate, int channels, double seconds)
        => _files.Write("original.wav", SoundFiles.Wave(SoundFiles.Music(rate, channels, seconds), rate, extensible: channels > 2));

    private readonly DecodeWorkerLink _worker = new(SoundFiles.Worker.Item1, SoundFiles.Worker.Item2);

    private WorkerDecoder Libav()
    {
        Assert.SkipUnless(_worker.Has(WorkerLibraries.Libav, TestContext.Current.CancellationToken), _worker.LibavDoubt ?? "FFmpeg's libraries are not installed.");
        return WorkerDecoder.Libav(_worker);
    }

    private WorkerDecoder Sndfile()
    {
        Assert.SkipUnless(_worker.Has(WorkerLibraries.Sndfile, TestContext.Current.CancellationToken), "libsndfile is not installed.");
        return WorkerDecoder.Sndfile(_worker);
    }

    private WorkerDecoder Of(string library) => library == "libav" ? Libav() : Sndfile();

    private static void AssertSame(List<(TimeSpan Start, float[] Samples)> expected, List<(TimeSpan Start, float[] Samples)> actual, double decibels)
    {
        Assert.Equal(expected.Select(window => window.Start), actual.Select(window => window.Start));
        Assert.All(expected.Zip(actual), pair =>
        {
            Assert.InRange(Math.Abs(pair.First.Samples.Length - pair.Second.Samples.Length), 0, 2);
            Assert.InRange(SoundFiles.Decibels(pair.First.Samples, pair.Second.Samples), decibels, 500);
        });
    }

    [Theory]
    [InlineData(8_000, 1, 70)]
    [InlineData(44_100, 2, 62)]
    [InlineData(48_000, 6, 31)]
    [InlineData(192_000, 1, 31)]
    public void Lossless_forms_give_the_same_windows_by_every_decoder(int rate, int channels, double seconds)
    {
        var original = Original(rate, channels, seconds);
        var flac = _files.Convert("original.wav", "copy.flac", "-compression_level", "0");
        using var ffmpeg = new FfmpegDecoder();
        foreach (var plan in seconds > 60 ? new[] { WindowPlan.Middle, WindowPlan.Spread } : [WindowPlan.Middle])
        {
            var (report, expected) = SoundFiles.Decode(_wave, original, plan);
            var (byFfmpeg, ffmpegWindows) = SoundFiles.Decode(ffmpeg, flac, plan);

            Assert.Equal(AudioOutcome.Ok, byFfmpeg.Outcome);
            Assert.Equal(report.Duration.TotalSeconds, byFfmpeg.Duration.TotalSeconds, 0.01);
            AssertSame(expected, ffmpegWindows, 70);
            var (byLibav, libavWindows) = SoundFiles.Decode(Libav(), flac, plan);
            Assert.Equal(report, byLibav);
            AssertSame(expected, libavWindows, 90);
            var (bySndfile, sndfileWindows) = SoundFiles.Decode(Sndfile(), flac, plan);
            Assert.Equal(report, bySndfile);
            AssertSame(expected, sndfileWindows, 90);
        }
    }

    [Theory]
    [InlineData("libav", "copy.opus", 40)]
    [InlineData("libav", "copy.ogg", 90)]
    [InlineData("libav", "copy.m4a", 90)]
    [InlineData("libav", "copy.mp3", 90)]
    [InlineData("libav", "copy.flac", 90)]
    [InlineData("sndfile", "copy.opus", 40)]
    public void Windows_are_the_same_stretches_however_they_are_reached(string library, string name, double decibels)
    {
        _files.Write("original.wav", SmallSong.Value);
        var copy = _files.Convert("original.wav", name);
        var decoder = Of(library);

        var whole = SoundFiles.Decode(decoder, copy, WindowPlan.Whole).Windows.SelectMany(window => window.Samples).ToArray();
        var windows = SoundFiles.Decode(decoder, copy, WindowPlan.Spread).Windows;

        Assert.InRange(whole.Length, 61.9 * 22_050, 62.1 * 22_050);
        Assert.Equal(6, windows.Count);
        foreach (var (start, samples) in windows)
        {
            Assert.InRange(SoundFiles.Decibels(whole[(int)Math.Round(start.TotalSeconds * 22_050)..], samples), decibels, 500);
        }
    }

    [Theory]
    [InlineData("copy.mp3", "192k")]
    [InlineData("copy.ogg", "160k")]
    [InlineData("copy.opus", "160k")]
    [InlineData("copy.m4a", "192k")]
    [InlineData("copy.mka", "192k")]
    public void Lossy_forms_sound_the_same_at_the_same_places(string name, string bits)
    {
        var original = _files.Write("original.wav", Song.Value);
        var (_, expected) = SoundFiles.Decode(_wave, original, WindowPlan.Spread);
        var copy = _files.Convert("original.wav", name, "-b:a", bits);
        using var decoders = new AudioDecoders(SoundFiles.Worker);
        using var ffmpeg = new FfmpegDecoder();

        foreach (var decoder in new IAudioDecoder[] { decoders, ffmpeg })
        {
            var (report, windows) = SoundFiles.Decode(decoder, copy, WindowPlan.Spread);

            Assert.Equal(AudioOutcome.Ok, report.Outcome);
            Assert.InRange(report.Duration.TotalSeconds, 61.9, 62.1);
            Assert.Equal(6, windows.Count);
            Assert.All(expected.Zip(windows), pair => Assert.InRange(Lag(pair.First.Samples, pair.Second.Samples), -0.06, 0.06));
        }
    }

    [Fact]
    public void Whole_file_and_its_parts_are_the_same_by_ffmpeg()
    {
        Original(44_100, 2, 45);
        var flac = _files.Convert("original.wav", "copy.flac");
        using var ffmpeg = new FfmpegDecoder();

        var whole = SoundFiles.Decode(ffmpeg, flac, WindowPlan.Whole).Windows.SelectMany(window => window.Samples).ToArray();
        var (start, samples) = Assert.Single(SoundFiles.Decode(ffmpeg, flac, WindowPlan.Middle).Windows);

        Assert.Equal(45 * 22_050, whole.Length);
        Assert.InRange(SoundFiles.Decibels(whole[(int)(start.TotalSeconds * 22_050)..], samples), 100, 500);
    }

    [Theory]
    [InlineData("libav")]
    [InlineData("sndfile")]
    public void File_cut_short_gives_the_windows_that_it_holds(string library)
    {
        var original = _files.Write("original.wav", SmallSong.Value);
        var bytes = File.ReadAllBytes(_files.Convert("original.wav", "copy.flac"));
        var cut = _files.Write("cut.flac", bytes[..(bytes.Length / 2)]);
        var expected = SoundFiles.Decode(_wave, original, WindowPlan.Spread).Windows;

        var (report, windows) = SoundFiles.Decode(Of(library), cut, WindowPlan.Spread);

        Assert.Equal((AudioOutcome.Ok, 62), (report.Outcome, report.Duration.TotalSeconds));
        Assert.InRange(windows.Count, 3, 4);
        Assert.All(expected.Zip(windows).SkipLast(1), pair => Assert.InRange(SoundFiles.Decibels(pair.First.Samples, pair.Second.Samples), 90, 500));
    }

    [Fact]
    public void Name_that_looks_like_an_option_or_a_protocol_is_a_name()
    {
        Original(22_050, 1, 1);
        using var decoders = new AudioDecoders(SoundFiles.Worker);
        foreach (var name in new[] { "-i.flac", "http:x.flac", "concat:a|b.flac", "a 'b\" %d ü.flac", "[1],=\\;.flac" })
        {
            File.Move(_files.Convert("original.wav", "copy.flac"), _files.Path(name), overwrite: true);
            Assert.Equal(AudioOutcome.Ok, SoundFiles.Decode(decoders, _files.Path(name), WindowPlan.Whole).Report.Outcome);
            using var ffmpeg = new FfmpegDecoder();
            Assert.Equal(AudioOutcome.Ok, SoundFiles.Decode(ffmpeg, _files.Path(name), WindowPlan.Whole).Report.Outcome);
            Assert.Equal(AudioOutcome.Ok, SoundFiles.Decode(Libav(), _files.Path(name), WindowPlan.Whole).Report.Outcome);
        }
    }

    [Fact]
    public void Worker_that_is_lost_is_replaced()
    {
        var flac = (Original(22_050, 1, 3), _files.Convert("original.wav", "copy.flac")).Item2;
        var sndfile = Sndfile();
        Assert.Equal(AudioOutcome.Ok, SoundFiles.Decode(sndfile, flac, WindowPlan.Whole).Report.Outcome);

        Assert.Throws<InvalidOperationException>(() => sndfile.Decode(flac, WindowPlan.Whole, _ => throw new InvalidOperationException(), TestContext.Current.CancellationToken));

        Assert.Equal(AudioOutcome.Ok, SoundFiles.Decode(sndfile, flac, WindowPlan.Whole).Report.Outcome);
        Assert.Equal(2, _worker.Started);
    }

    // Where the other lies best over the one, in seconds, by correlation within ±100 ms.
    private static double Lag(float[] one, float[] other)
    {
        const int Most = 2_205, From = 100_000, Count = 30_000;
        return Enumerable.Range(-Most, 2 * Most).MaxBy(lag =>
        {
            var sum = 0.0;
            for (var n = From; n < From + Count; n += 7)
            {
                sum += one[n] * other[n + lag];
            }
            return sum;
        }) / 22_050.0;
    }

    public void Dispose()
    {
        _worker.Dispose();
        _files.Dispose();
    }

    [Fact]
    public void Ogg_that_holds_pictures_alone_is_unsupported_whoever_reads_it()
    {
        Assert.SkipUnless(FfmpegDecoder.IsPresent, "ffmpeg is not installed.");
        var movie = _files.Path("movie.ogg");
        using var making = LimitedProcess.Start(
            ProgramPath.Require("ffmpeg", "to test"), ["-v", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc=d=1:s=64x64", "-c:v", "libtheora", "-an", movie],
            new(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60), 400L << 20), TestContext.Current.CancellationToken);
        Assert.Equal(0, making.WaitForEnd().ExitCode);
        foreach (var worker in new (string, IReadOnlyList<string>)?[] { SoundFiles.Worker, null })
        {
            using var decoders = new AudioDecoders(worker);

            var (report, _) = SoundFiles.Decode(decoders, movie, WindowPlan.Whole);

            Assert.Equal((AudioOutcome.Unsupported, "It holds no audio stream."), (report.Outcome, report.Fault));
        }
    }
}
