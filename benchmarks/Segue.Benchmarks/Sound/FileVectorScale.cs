using System.Globalization;
using System.Runtime.InteropServices;
using Segue.Audio;
using Segue.Audio.Decoding;
using Segue.Audio.Decoding.Workers;
using Segue.Audio.Embedding;
using Segue.Audio.Networks;
using Segue.Numerics;

namespace Segue.Benchmarks.Sound;

/// <summary>What a file costs on its way to a vector: <c>file-vector FOLDER [FILES]</c>. Processor time of this process, of libsndfile's worker and of ffmpeg a file, for each plan,
/// over the first files (20) of the folder that are larger than 500 kB, by name; and the share of each part; beside it what ffmpeg alone takes to
/// decode as much, and what tags cost.</summary>
/// <remarks>Files are heard once before, so that neither disks nor compilers count. The encoder is as large as a trained one, its weights are drawn.</remarks>
internal static class FileVectorScale
{
    private const long Smallest = 500_000;
    private const int ChildrenToo = -1, Self = 0;   // RUSAGE_CHILDREN, RUSAGE_SELF
    private const int Rounds = 3;

    public static void Run(string[] args)
    {
        var files = Directory.EnumerateFiles(args[0], "*", new EnumerationOptions { RecurseSubdirectories = true })
            .Where(file => new FileInfo(file).Length > Smallest && FileKinds.Of(file) is FileKind.Wave or FileKind.Sndfile or FileKind.Ogg or FileKind.OtherMedia)
            .Order(StringComparer.Ordinal)
            .Take(args is [_, var count] ? int.Parse(count, CultureInfo.InvariantCulture) : 20)
            .ToList();
        var model = Model();
        foreach (var (name, plan) in new[] { ("middle", WindowPlan.Middle), ("spread", WindowPlan.Spread), ("whole", WindowPlan.Whole) })
        {
            Measure(name, plan, files, model);
        }
        using var worker = new DecodeWorkerLink(Worker().Program, Worker().Arguments);
        new FilePeers(files, Seconds).CompareTags(worker);
    }

    private static void Measure(string name, WindowPlan plan, List<string> files, SoundModel model)
    {
        using var decoders = new AudioDecoders(Worker());
        using var counted = new Counted(decoders);
        using var analyzer = new TrackAnalyzer(counted, plan);
        TrackFeatures? features = null;
        double decode = 0, analyze = 0, worker = 0, vector = 0, best = double.MaxValue, sound = 0;
        for (var round = 0; round <= Rounds; round++)
        {
            double inDecoder = 0, whole = 0, inVector = 0;
            counted.Sound = 0;
            var before = decoders.Worker!.ProcessorTime.TotalSeconds;
            foreach (var file in files)
            {
                (counted.Seconds, var start) = (0, Seconds());
                features = analyzer.Analyze(file, CancellationToken.None).Features ?? features;
                var analyzed = Seconds();
                _ = model.VectorOf(features!);
                inVector += Seconds() - analyzed;
                whole += analyzed - start;
                inDecoder += analyzed - start - counted.Seconds;
            }
            var inWorker = decoders.Worker!.ProcessorTime.TotalSeconds - before;
            if (round > 0 && whole + inVector + inWorker < best)
            {
                (best, decode, analyze, worker, vector, sound) = (whole + inVector + inWorker, inDecoder, whole - inDecoder, inWorker, inVector, counted.Sound);
            }
        }
        var share = 1_000.0 / files.Count;
        var peer = new FilePeers(files, Seconds).Decode(plan == WindowPlan.Whole) * 1_000;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-8} {files.Count,3} files of {sound / files.Count,5:F0} s: {best * share,7:F1} ms a file: {worker * share,7:F1} in the worker, {decode * share,6:F1} to decode beside it, {analyze * share,6:F1} to describe, {vector * share,5:F1} for the vector; ffmpeg alone takes {peer,7:F1} for {(plan == WindowPlan.Whole ? "all samples" : "30 s of samples")}, ratio {best * share / peer:F2}"));
    }

    private static SoundModel Model()
    {
        ISoundEncoder[] encoders = [new ContrastiveEncoder(new(), 1)];
        var blocks = SoundModel.BlocksOf(encoders);
        var (features, random) = (blocks.Sum(), new SeededRandom(1));
        var directions = new DenseMatrix(128, features);
        foreach (ref var value in directions.AsSpan())
        {
            value = (float)random.NextDouble() - 0.5f;
        }
        var ones = Enumerable.Repeat(1f, features).ToArray();
        var projection = new SoundProjection(blocks, SoundModel.WeightsOf(encoders), new float[features], ones, new float[features], directions);
        return new(encoders, new(new float[TrackFeatures.Bands], 1), projection);
    }

    private static (string Program, IReadOnlyList<string> Arguments) Worker()
        => Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet"
            ? (Environment.ProcessPath!, [typeof(FileVectorScale).Assembly.Location, DecodeWorker.Command])
            : (Environment.ProcessPath!, [DecodeWorker.Command]);

    private static double Seconds() => Usage(Self) + Usage(ChildrenToo);

    private static double Usage(int who)
    {
        var usage = new long[18];
        return GetUsage(who, usage) == 0 ? usage[0] + usage[2] + (usage[1] + usage[3]) / 1e6 : throw new InvalidOperationException("The system tells no processor time.");
    }

    [DllImport("libc", EntryPoint = "getrusage")]
    private static extern int GetUsage(int who, [In, Out] long[] usage);

    // Takes the time of what is done with a window apart from that of the decoder.
    private sealed class Counted(AudioDecoders decoders) : IAudioDecoder
    {
        public double Seconds { get; set; }
        public double Sound { get; set; }
        public string Name => decoders.Name;

        public DecodeReport Decode(string path, WindowPlan plan, Action<AudioWindow> take, CancellationToken cancellation)
            => decoders.Decode(path, plan, window =>
            {
                Sound += (double)window.Samples.Length / AudioLimits.SampleRate;
                var start = FileVectorScale.Seconds();
                take(window);
                Seconds += FileVectorScale.Seconds() - start;
            }, cancellation);

        public void Dispose() => decoders.Dispose();
    }
}
