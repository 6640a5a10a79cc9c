using System.Globalization;
using Segue.Audio.Decoding.Workers;
using Segue.Audio.Processes;
using Segue.Audio.Tags;

namespace Segue.Benchmarks.Sound;

/// <summary>The programs that others start for each file, beside ours in the same run, since machines vary: ffmpeg to samples, ffprobe to tags.</summary>
/// <param name="seconds">Processor time so far, with that of children that have ended.</param>
internal sealed class FilePeers(IReadOnlyList<string> files, Func<double> seconds)
{
    private const int Rounds = 3, Repeats = 20;
    private static readonly ProcessLimits Limits = new(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(2), 1L << 30);
    private readonly string _ffmpeg = ProgramPath.Require("ffmpeg", "to compare with");

    /// <summary>Seconds of processor time that ffmpeg takes a file, the best of some rounds: all of it, or 30 s from its first minute on.</summary>
    public double Decode(bool whole) => Best(() => seconds(), file =>
    {
        string[] part = whole ? [] : ["-ss", "60", "-t", "30"];
        using var process = LimitedProcess.Start(_ffmpeg, ["-v", "error", "-nostdin", .. part, "-i", "file:" + file, "-vn", "-f", "f32le", "pipe:1"], Limits, CancellationToken.None);
        process.Output.CopyTo(Stream.Null);
        process.WaitForEnd();
    });

    /// <summary>Prints what tags cost in the worker and by ffprobe, and whether both say the same.</summary>
    public void CompareTags(DecodeWorkerLink worker)
    {
        var (here, there) = (new AudioTagReader(worker), new AudioTagReader());
        var own = Best(() => seconds() + worker.ProcessorTime.TotalSeconds, file =>
        {
            for (var n = 0; n < Repeats; n++)   // the system counts another process's time in hundredths of a second
            {
                here.Read(file, CancellationToken.None);
            }
        }) / Repeats;
        var peer = Best(seconds, file => there.Read(file, CancellationToken.None));
        var different = files.Where(file => Text(here.Read(file, CancellationToken.None)) != Text(there.Read(file, CancellationToken.None))).ToList();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"tags     {files.Count,3} files: {1_000 * own,7:F1} ms a file in the worker ({(worker.HasLibav == true ? "libav" : "ffprobe")}), {1_000 * peer,7:F1} by ffprobe, ratio {own / peer:F2}; {different.Count} differ"));
        foreach (var file in different.Take(5))
        {
            Console.WriteLine($"         {file}\n           {Text(here.Read(file, CancellationToken.None))}\n           {Text(there.Read(file, CancellationToken.None))}");
        }
    }

    private double Best(Func<double> clock, Action<string> work)
    {
        work(files[0]);
        return Enumerable.Range(0, Rounds).Min(_ =>
        {
            var start = clock();
            foreach (var file in files)
            {
                work(file);
            }
            return clock() - start;
        }) / files.Count;
    }

    private static string Text(AudioTags tags) => $"{tags with { Genres = [] }} {string.Join('|', tags.Genres)}".Replace("System.String[]", "", StringComparison.Ordinal);
}
