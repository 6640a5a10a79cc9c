using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Segue.Audio.Decoding;
using Segue.Audio.Decoding.Workers;

namespace Segue.Benchmarks.Sound;

/// <summary>What decoding costs: <c>decode FOLDER [FILES]</c>. Processor time of this process and its children a file, for each decoder and plan, over the first files (20) of the
/// folder that are larger than 500 kB, by name; and that of resampling 30 s.</summary>
/// <remarks>Files are read once before, so that disks do not count. Windows are thrown away.</remarks>
internal static class DecodeScale
{
    private const long Smallest = 500_000;
    private const int ChildrenToo = -1, Self = 0;   // RUSAGE_CHILDREN, RUSAGE_SELF

    public static void Run(string[] args)
    {
        Resampling();
        if (args is not [var folder, ..])
        {
            return;
        }
        var files = Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true })
            .Where(file => new FileInfo(file).Length > Smallest && FileKinds.Of(file) is FileKind.Wave or FileKind.Sndfile or FileKind.Ogg or FileKind.OtherMedia)
            .Order(StringComparer.Ordinal)
            .Take(args is [_, var count] ? int.Parse(count, CultureInfo.InvariantCulture) : 20)
            .ToList();
        foreach (var (name, plan) in new[] { ("middle", WindowPlan.Middle), ("spread", WindowPlan.Spread), ("whole", WindowPlan.Whole) })
        {
            using var wave = new WaveDecoder();
            using var worker = new DecodeWorkerLink(Environment.ProcessPath!, Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet" ? [typeof(DecodeScale).Assembly.Location, DecodeWorker.Command] : [DecodeWorker.Command]);
            using var ffmpeg = new FfmpegDecoder();
            foreach (var decoder in new IAudioDecoder[] { wave, WorkerDecoder.Sndfile(worker), WorkerDecoder.Libav(worker), ffmpeg })
            {
                Measure(name, plan, decoder, files, () => decoder is WorkerDecoder ? worker.ProcessorTime.TotalSeconds : 0);
            }
            Console.WriteLine($"         the worker at most {worker.PeakMemory >> 20} MB, this process {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB");
        }
    }

    private static void Measure(string name, WindowPlan plan, IAudioDecoder decoder, List<string> files, Func<double> worker)
    {
        decoder.Decode(files[0], plan, _ => { }, CancellationToken.None);   // compiled, and its worker started, before it counts
        double best = double.MaxValue, sound = 0;
        var read = 0;
        for (var run = 0; run < 2; run++)
        {
            var before = Seconds() + worker();
            (read, sound) = (0, 0);
            foreach (var file in files)
            {
                if (decoder.Decode(file, plan, window => sound += window.Samples.Length / 22_050.0, CancellationToken.None).Outcome == Audio.AudioOutcome.Ok)
                {
                    read++;
                }
            }
            best = Math.Min(best, Seconds() + worker() - before);
        }
        if (read > 0)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-8} {decoder.Name,-11} {read,4} files: {1_000 * best / read,7:F1} ms of processor time a file, for {sound / read,6:F1} s of sound: {sound / best,7:N0} times real time"));
        }
    }

    private static void Resampling()
    {
        foreach (var rate in new[] { 44_100, 48_000, 96_000, 44_101 })
        {
            var sound = new float[Resampler.MaxPiece];
            var random = new Numerics.SeededRandom(1);
            for (var n = 0; n < sound.Length; n++)
            {
                sound[n] = (float)random.NextDouble() - 0.5f;
            }
            var best = Enumerable.Range(0, 5).Min(_ => Resample(rate, sound));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"resampling 30 s of {rate} Hz: {1_000 * best:F1} ms"));
        }
    }

    private static double Resample(int rate, float[] sound)
    {
        var resampler = new Resampler(rate);
        var room = new float[resampler.MaxOutputs(sound.Length)];
        var before = Usage(Self);
        for (var at = 0; at < 30 * rate; at += sound.Length)
        {
            resampler.Push(sound, room);
        }
        return Usage(Self) - before;
    }

    private static double Seconds() => Usage(Self) + Usage(ChildrenToo);

    private static double Usage(int who)
    {
        var usage = new long[18];
        return GetUsage(who, usage) == 0 ? usage[0] + usage[2] + (usage[1] + usage[3]) / 1e6 : throw new InvalidOperationException("The system tells no processor time.");
    }

    [DllImport("libc", EntryPoint = "getrusage")]
    private static extern int GetUsage(int who, [In, Out] long[] usage);
}
