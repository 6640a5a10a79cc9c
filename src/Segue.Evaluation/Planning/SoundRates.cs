using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Segue.Audio;
using Segue.Audio.Decoding;
using Segue.Audio.Embedding;
using Segue.Audio.Networks;
using Segue.Audio.Processes;
using Segue.Audio.Tags;
using Segue.Evaluation.Lab;
using Segue.Evaluation.Lab.Sound;
using Segue.Features.Sound;
using Segue.Models;
using Segue.Numerics;

namespace Segue.Evaluation.Planning;

/// <summary>How fast one core of this machine does each step of sound, and what a track takes on disk. Seconds of the processor; those of other programs (ffprobe, ffmpeg) by the clock.</summary>
/// <param name="Format">Of the file that was heard: <c>MP3</c>, or <c>WAVE</c> where nothing encodes others.</param>
/// <param name="Hear">From a file to descriptors and spectra of six windows, its bytes read for their hash.</param>
/// <param name="ReadTags">Of a file; 0 where there is no ffprobe.</param>
/// <param name="EncoderWindow">Of teaching the encoder, a window.</param>
/// <param name="Embed">From descriptors and spectra to a vector.</param>
/// <param name="NetworkCrop">Of teaching a network that predicts factors, a crop.</param>
/// <param name="Predict">Factors of a track, by such a network.</param>
/// <param name="TrackBytes">Of the library, a track with a vector and without spectra.</param>
/// <param name="SpectraBytes">What spectra add.</param>
public sealed record SoundRates(
    string Format, double Hear, double ReadTags, double EncoderWindow, double Embed, double NetworkCrop, double Predict, double TrackBytes, double SpectraBytes)
{
    private const int Rounds = 3, Calls = 4, EncoderBatch = 96, KeptTracks = 200;

    /// <summary>Measures, in about ten seconds.</summary>
    /// <param name="length">Of the file that is heard.</param>
    /// <param name="factors">Values that a network predicts.</param>
    /// <param name="worker">Program and arguments of the decoding worker; null does without libsndfile.</param>
    /// <param name="folder">For files; gone afterwards.</param>
    public static SoundRates Measure(TimeSpan length, int factors, (string Program, IReadOnlyList<string> Arguments)? worker, string folder, TrainingRun run)
    {
        var place = Directory.CreateDirectory(Path.Combine(folder, $"segue-plan-{Guid.NewGuid():N}")).FullName;
        try
        {
            var (file, format) = MakeFile(length, place, run.Cancellation);
            run.Progress?.Report(0.2);
            var (hear, tags, features) = Hearing(file, worker, run.Cancellation);
            run.Progress?.Report(0.5);
            var spread = Spread(features);
            var (crops, groups) = (new float[EncoderBatch * TrackFeatures.WindowBytes], Enumerable.Range(0, EncoderBatch).Select(n => n / 2).ToArray());
            var scale = SpectrumScale.Measure([features.Spectra.AsMemory(0, TrackFeatures.WindowBytes)]);
            scale.Apply(features.Spectra.AsSpan(0, TrackFeatures.WindowBytes), crops.AsSpan(0, TrackFeatures.WindowBytes));
            var encoder = new ContrastiveEncoder(new(), run.Seed);
            var model = SoundModel.Fit([encoder], scale, spread, Enumerable.Repeat(-1, spread.Count).ToArray(), threads: 1);
            var embed = Least(() => model.VectorOf(features));
            var encoderWindow = Least(() => encoder.TrainStep(crops, EncoderBatch, TrackFeatures.FramesOfWindow, groups, 1e-6f, threads: 1)) / EncoderBatch;
            run.Progress?.Report(0.7);
            var network = new FactorNetwork(FactorNetworkOptions.Small with { Outputs = factors }, run.Seed);
            var (batch, targets) = (new CropTrainingOptions().Batch, new float[new CropTrainingOptions().Batch * factors]);
            var predict = Least(() => FactorPrediction.Of(network, scale, features.Spectra, new float[factors]));
            var crop = Least(() => network.TrainStep(crops.AsSpan(0, batch * CropTraining.Frames * TrackFeatures.Bands), batch, CropTraining.Frames, targets, 1e-6f, threads: 1)) / batch;
            run.Progress?.Report(0.9);
            var (bare, full) = (LibraryBytes(Path.Combine(place, "bare.db"), features with { Spectra = [] }, model.Dimensions), LibraryBytes(Path.Combine(place, "full.db"), features, model.Dimensions));
            run.Progress?.Report(1);
            return new(format, hear, tags, encoderWindow, embed, crop, predict, bare, full - bare);
        }
        finally
        {
            Directory.Delete(place, recursive: true);
        }
    }

    // Music of the lab, as an MP3 of the usual kind where ffmpeg makes one.
    private static (string Path, string Format) MakeFile(TimeSpan length, string folder, CancellationToken cancellation)
    {
        var wave = Path.Combine(folder, "music.wav");
        using (var file = File.Create(wave))
        using (var music = new LabSound(LabWorld.Create(new() { Listeners = 10, Tracks = 20, Days = 1, Threads = 1 })).Wave(track: 0, (int)(length.TotalSeconds * LabSound.SampleRate)).Open())
        {
            music.CopyTo(file);
        }
        if (ProgramPath.Find("ffmpeg") is { } ffmpeg)
        {
            var mp3 = Path.Combine(folder, "music.mp3");
            using var process = LimitedProcess.Start(
                ffmpeg, ["-v", "error", "-nostdin", "-i", wave, "-ar", "44100", "-ac", "2", "-b:a", "192k", mp3], new(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5), 512L << 20), cancellation);
            var (end, code) = process.WaitForEnd();
            if (end == ProcessEnd.Exited && code == 0)
            {
                return (mp3, "MP3");
            }
        }
        return (wave, "WAVE");
    }

    private static (double Hear, double ReadTags, TrackFeatures Features) Hearing(string file, (string Program, IReadOnlyList<string> Arguments)? worker, CancellationToken cancellation)
    {
        var decoders = new AudioDecoders(worker);
        using var analyzer = new TrackAnalyzer(decoders, WindowPlan.Spread);
        double Own() => Processor() + (decoders.Worker?.ProcessorTime.TotalSeconds ?? 0);
        var heard = analyzer.Analyze(file, cancellation);
        var seconds = Least(
            () =>
            {
                using var stream = File.OpenRead(file);
                SHA256.HashData(stream);
                analyzer.Analyze(file, cancellation);
            },
            decoders.Name == "ffmpeg" ? Clock : Own);
        var tags = AudioTagReader.IsPresent
            ? Least(() => new AudioTagReader(decoders.Worker).Read(file, cancellation), decoders.Worker is { HasLibav: true } ? Own : Clock)
            : 0;
        return heard.Features is { } features ? (seconds, tags, features) : throw new InvalidOperationException($"The music made to measure by cannot be heard: {heard.Fault}");
    }

    // As many tracks as a projection needs, each a little its own.
    private static List<TrackFeatures> Spread(TrackFeatures features) => [.. Enumerable.Range(0, 2 * SoundProjection.FewestTracks).Select(n =>
    {
        var random = new SeededRandom(1, (ulong)n);
        return features with { Descriptors = Array.ConvertAll(features.Descriptors, value => (float)(value + random.NextNormal())) };
    })];

    private static double LibraryBytes(string path, TrackFeatures features, int dimensions)
    {
        using (var library = new SoundLibrary(path))
        {
            var vectors = new List<SoundVector>();
            for (var n = 0; n < KeptTracks; n++)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"{n:D3} - A song of some words");
                var tags = new AudioTags { Title = name, Artist = "Some artist", Album = "An album of theirs", TrackNumber = 1 + n % 12, ReleasedOn = new(2001, 1, 1), Genres = ["rock"], Codec = "mp3" };
                var sound = library.Keep(
                    new("/music", $"/music/Some artist/An album of theirs {n / 12}/{name}.mp3", 5_000_000, DateTimeOffset.UnixEpoch),
                    new(SHA256.HashData(BitConverter.GetBytes(n)), new(AudioOutcome.Ok, null, TimeSpan.FromSeconds(200), features), tags, "plan"), scan: 1);
                library.Describe(sound, new(new($"sound:{n:D32}"), IsOwn: true, name, tags.Artist, tags.Album, $"{tags.Artist}\n{tags.Album} {n / 12}"));
                vectors.Add(new(sound, new Half[dimensions]));
            }
            library.UpsertVectors("sound-000001", vectors);
        }
        return (double)new FileInfo(path).Length / KeptTracks;
    }

    private static double Least(Action work, Func<double>? clock = null)
    {
        var now = clock ?? Processor;
        work();   // compilers, disks and workers' starts do not count
        return Enumerable.Range(0, Rounds).Min(_ =>
        {
            var start = now();
            for (var n = 0; n < Calls; n++)
            {
                work();
            }
            return (now() - start) / Calls;
        });
    }

    private static double Processor() => Environment.CpuUsage.TotalTime.TotalSeconds;

    private static double Clock() => Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
}
