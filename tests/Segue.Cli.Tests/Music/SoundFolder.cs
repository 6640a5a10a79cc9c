using Segue.Audio.Decoding;
using Segue.Audio.Decoding.Workers;
using Segue.Audio.Processes;
using Segue.Cli.Commands;
using Segue.Server.Music;

namespace Segue.Cli.Tests.Music;

/// <summary>A folder of real music, heard by the program's own analyzers; deleted after the test.</summary>
internal sealed class SoundFolder : IDisposable
{
    private readonly CommandLine _line = new();

    public SoundFolder() => Directory.CreateDirectory(Music);

    /// <summary>The program as a decoding worker, however these tests were started.</summary>
    public static (string, IReadOnlyList<string>) Worker { get; } = (ProgramPath.Find("dotnet") ?? "dotnet", [typeof(DecodeWorkerCommand).Assembly.Location, DecodeWorker.Command]);

    public string Music => _line.PathOf("music");
    public string Store => _line.PathOf("store");
    public string this[string name] => Path.Combine(Music, name);

    public static TrackAnalyzers Analyzers() => SoundAnalyzers.Create(WindowPlan.Spread, Worker);

    public void Copy(IEnumerable<string> songs)
    {
        foreach (var song in songs)
        {
            File.Copy(song, this[Path.GetFileName(song)]);
        }
    }

    /// <summary>Encodes a song otherwise, into this folder.</summary>
    /// <param name="name">May hold a pattern, where ffmpeg writes several files.</param>
    public string Convert(string song, string name, params string[] options)
    {
        Assert.SkipUnless(FfmpegDecoder.IsPresent, "ffmpeg is not installed.");
        using var process = LimitedProcess.Start(
            ProgramPath.Require("ffmpeg", "to test"), ["-v", "error", "-nostdin", "-y", "-i", song, "-map_metadata", "-1", .. options, this[name]],
            new(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60), 400L << 20), TestContext.Current.CancellationToken);
        var (_, code) = process.WaitForEnd();
        Assert.True(code == 0, process.Errors);
        return this[name];
    }

    public void Dispose() => _line.Dispose();
}
