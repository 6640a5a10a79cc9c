using System.Diagnostics;
using Segue.Audio.Decoding;
using Segue.Audio.Decoding.Workers;

namespace Segue.Audio.Tests.Decoding;

/// <summary>A mix of three hours: memory does not follow the length. Takes minutes, so <c>SEGUE_LONG_FILES=1</c> asks for it.</summary>
public sealed class HoursOfSoundTests : IDisposable
{
    private const long MostMemory = 150L << 20;
    private readonly SoundFiles _files = new();

    [Theory]
    [InlineData("libsndfile")]
    [InlineData("libav")]
    [InlineData("ffmpeg")]
    public void Three_hours_take_no_more_memory_than_a_song(string name)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("SEGUE_LONG_FILES") == "1", "SEGUE_LONG_FILES is not 1.");
        _files.Write("original.wav", SoundFiles.Wave(SoundFiles.Music(22_050, 1, 60), 22_050));
        var minute = File.ReadAllBytes(_files.Convert("original.wav", "minute.mp3", "-b:a", "32k", "-write_xing", "0", "-id3v2_version", "0"));
        using (var mix = File.Create(_files.Path("mix.mp3")))
        {
            for (var n = 0; n < 180; n++)
            {
                mix.Write(minute);
            }
        }
        var (program, arguments) = SoundFiles.Worker;
        using var worker = new DecodeWorkerLink(program, arguments);
        using var ffmpeg = new FfmpegDecoder();
        IAudioDecoder decoder = name == "ffmpeg" ? ffmpeg : name == "libav" ? WorkerDecoder.Libav(worker) : WorkerDecoder.Sndfile(worker);
        var seconds = 0.0;

        var report = decoder.Decode(_files.Path("mix.mp3"), WindowPlan.Whole, window => seconds += window.Samples.Length / 22_050.0, TestContext.Current.CancellationToken);

        var own = Process.GetCurrentProcess().WorkingSet64;
        TestContext.Current.TestOutputHelper!.WriteLine($"{name}: {seconds:F0} s of sound; worker {worker.PeakMemory >> 20} MB, ffmpeg {ffmpeg.PeakMemory >> 20} MB, this process {own >> 20} MB");
        Assert.Equal((AudioOutcome.Ok, (string?)null), (report.Outcome, report.Fault));
        Assert.InRange(seconds, 10_700, 10_900);
        Assert.InRange(Math.Max(worker.PeakMemory, ffmpeg.PeakMemory), 1, MostMemory);
    }

    public void Dispose() => _files.Dispose();
}
