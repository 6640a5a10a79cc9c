using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using Segue.Audio.Decoding;
using Segue.Audio.Tags;
using Segue.Numerics;

namespace Segue.Audio.Tests.Decoding;

/// <summary>Files that are damaged, or made to do damage: each gets an outcome, in time and within memory.</summary>
/// <remarks><c>SEGUE_HOSTILE_FILES=2000</c> tries as many mutated files; <c>-showLiveOutput</c> then shows the table of outcomes.</remarks>
public sealed class HostileFileTests : IDisposable
{
    private const int Usually = 90;
    private static readonly string[] Forms = ["wav", "flac", "mp3", "ogg", "opus", "m4a"];
    private static readonly string[] Mutations = ["cut", "bits", "header", "zeros", "inserted", "renamed"];

    private readonly SoundFiles _files = new();
    private readonly AudioDecoders _decoders = new(SoundFiles.Worker);

    private DecodeReport Judge(string path, WindowPlan? plan = null)
    {
        var started = Stopwatch.GetTimestamp();
        var (report, windows) = SoundFiles.Decode(_decoders, path, plan ?? WindowPlan.Whole);

        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 20);
        Assert.Equal(report.Outcome == AudioOutcome.Ok, report.Fault is null);
        Assert.True(report.Outcome is AudioOutcome.Ok or AudioOutcome.Corrupt or AudioOutcome.Unsupported);
        Assert.All(windows, window => Assert.All(window.Samples, sample => Assert.True(float.IsFinite(sample))));
        if (AudioTagReader.IsPresent)
        {
            new AudioTagReader(_decoders.Worker).Read(path, TestContext.Current.CancellationToken);   // must not throw
        }
        return report;
    }

    [Fact]
    public void Every_mutated_file_has_an_outcome()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("SEGUE_HOSTILE_FILES"), CultureInfo.InvariantCulture, out var asked) ? asked : Usually;
        _files.Write("original.wav", SoundFiles.Wave(SoundFiles.Music(44_100, 2, 2), 44_100));
        var originals = Forms.Select(form => File.ReadAllBytes(form == "wav" ? _files.Path("original.wav") : _files.Convert("original.wav", "copy." + form))).ToArray();
        var random = new SeededRandom(2_000);
        var outcomes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var n = 0; n < count; n++)
        {
            var (form, mutation) = (n % Forms.Length, n / Forms.Length % Mutations.Length);
            var ending = Mutations[mutation] == "renamed" ? Forms[random.NextInt(Forms.Length)] : Forms[form];

            var report = Judge(_files.Write("mutated." + ending, Mutate(originals[form], Mutations[mutation], random)));

            var row = $"{Forms[form],-5} {Mutations[mutation],-9} {report.Outcome}";
            outcomes[row] = outcomes.GetValueOrDefault(row) + 1;
        }
        foreach (var (row, number) in outcomes)
        {
            TestContext.Current.TestOutputHelper!.WriteLine($"{row,-30}{number,6}");
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"workers {_decoders.Worker!.Started}, a worker's peak {_decoders.Worker!.PeakMemory >> 20} MB, this process's {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB");
        Assert.InRange(_decoders.Worker!.PeakMemory, 0, 150L << 20);
        Assert.Equal(AudioOutcome.Ok, Judge(_files.Write("sound.flac", originals[1])).Outcome);   // nothing is broken for the next file
    }

    [Theory]
    [InlineData("empty.mp3", "", AudioOutcome.Corrupt)]
    [InlineData("empty.txt", "", AudioOutcome.Unsupported)]
    [InlineData("text.mp3", "once upon a time", AudioOutcome.Unsupported)]
    [InlineData("list.m3u8", "#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n", AudioOutcome.Unsupported)]
    [InlineData("list.ogg", "ffconcat version 1.0\nfile /etc/passwd\n", AudioOutcome.Unsupported)]
    [InlineData("short.flac", "fLaC", AudioOutcome.Corrupt)]
    [InlineData("short.ogg", "OggS", AudioOutcome.Corrupt)]
    [InlineData("short.mp3", "ID3", AudioOutcome.Corrupt)]
    [InlineData("short.wav", "RIFF....WAVEfmt ", AudioOutcome.Corrupt)]
    [InlineData("picture.mp3", "\u0089PNG\r\n\u001a\n", AudioOutcome.Unsupported)]
    public void Little_that_is_no_sound_is_told_as_what_it_is(string name, string content, AudioOutcome outcome)
        => Assert.Equal(outcome, Judge(_files.Write(name, System.Text.Encoding.Latin1.GetBytes(content))).Outcome);

    [Fact]
    public void Bomb_of_zeros_is_not_unpacked()
    {
        using (var bomb = ZipFile.Open(_files.Path("bomb.mp3"), ZipArchiveMode.Create))
        {
            using var entry = bomb.CreateEntry("song.mp3").Open();
            for (var n = 0; n < 64; n++)
            {
                entry.Write(new byte[1 << 20]);
            }
        }
        Assert.Equal(new(AudioOutcome.Unsupported, "It is no audio by its first bytes.", TimeSpan.Zero), Judge(_files.Path("bomb.mp3")));
    }

    [Fact]
    public void Moving_pictures_without_sound_hold_no_audio_stream()
    {
        _files.Write("original.wav", SoundFiles.Wave(SoundFiles.Music(22_050, 1, 1), 22_050));
        var film = _files.Convert("original.wav", "film.mp4", "-f", "lavfi", "-i", "color=s=16x16:d=1", "-map", "1:v", "-c:v", "mpeg4");

        Assert.Equal(new(AudioOutcome.Unsupported, "It holds no audio stream.", TimeSpan.Zero), Judge(film));
    }

    [Fact]
    public void Noise_named_as_sound_is_corrupt()
    {
        var random = new SeededRandom(3);
        var noise = Enumerable.Range(0, 100_000).Select(_ => (byte)random.NextInt(256)).ToArray();
        noise[0] = 1;

        Assert.Equal(AudioOutcome.Corrupt, Judge(_files.Write("noise.m4a", noise)).Outcome);
        Assert.Equal(AudioOutcome.Unsupported, Judge(_files.Write("noise.bin", noise)).Outcome);
    }

    [Theory]
    [InlineData(8, 48_000)]
    [InlineData(2, 192_000)]
    [InlineData(1, 4_000)]
    public void Unusual_sound_is_sound(int channels, int rate)
    {
        _files.Write("original.wav", SoundFiles.Wave(SoundFiles.Music(rate, channels, 1), rate, extensible: true));

        Assert.Equal(AudioOutcome.Ok, Judge(_files.Path("original.wav")).Outcome);
        Assert.Equal(AudioOutcome.Ok, Judge(_files.Convert("original.wav", "copy.flac")).Outcome);
    }

    private static byte[] Mutate(byte[] original, string mutation, SeededRandom random)
    {
        var file = (byte[])original.Clone();
        var at = random.NextInt(file.Length);
        switch (mutation)
        {
            case "cut":
                return file[..(random.NextInt(2) == 0 ? at : random.NextInt(Math.Min(400, file.Length)))];
            case "bits":
                for (var n = random.NextInt(200); n >= 0; n--)
                {
                    file[random.NextInt(file.Length)] ^= (byte)(1 << random.NextInt(8));
                }
                return file;
            case "header":
                for (var n = random.NextInt(12); n >= 0; n--)
                {
                    file[random.NextInt(Math.Min(200, file.Length))] = (byte)(random.NextInt(3) == 0 ? 0xFF : random.NextInt(256));
                }
                return file;
            case "zeros":
                file.AsSpan(at, Math.Min(file.Length - at, random.NextInt(20_000))).Clear();
                return file;
            case "inserted":
                var foreign = new byte[random.NextInt(5_000)];
                for (var n = 0; n < foreign.Length; n++)
                {
                    foreign[n] = (byte)random.NextInt(256);
                }
                return [.. file[..at], .. foreign, .. file[at..]];
            default:
                return file;
        }
    }

    public void Dispose()
    {
        _decoders.Dispose();
        _files.Dispose();
    }
}
