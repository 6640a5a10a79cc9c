using System.Globalization;
using Segue.Audio;
using Segue.Audio.Embedding;
using Segue.Audio.Networks;
using Segue.Audio.Onnx;
using Segue.Core;
using Segue.Features.Sound;
using Segue.Models.Sound;
using Segue.Numerics;
using Segue.Server.Stores;

namespace Segue.Server.Music;

/// <summary>Learns what sounds alike from a library, publishes the model, and gives every track its vector.</summary>
/// <param name="library">Descriptors and spectra of the tracks; receives their vectors.</param>
/// <param name="workFolder">For the checkpoint.</param>
public sealed class SoundTrainer(SoundLibrary library, SoundModels models, string workFolder)
{
    /// <summary>Tracks that the projection is fitted to at most: its directions do not become surer by more.</summary>
    private const int MostFitted = 20_000;

    private const int CheckpointEvery = 50;
    private const string LibraryTracks = "libraryTracks";
    private const string HeardTogether = "heardTogetherHash";

    /// <summary>Trains, gives all tracks their vectors, and publishes: whoever takes the version up finds them.</summary>
    /// <param name="heardTogether">Pairs of tracks that listeners hear together; may be empty.</param>
    /// <param name="progress">Told the share of steps done.</param>
    /// <param name="hear">Null: the vectors are left to <see cref="EmbedAll"/>.</param>
    /// <returns>The new version and its card.</returns>
    /// <exception cref="TooFewTracksException">The library holds too few tracks.</exception>
    /// <exception cref="OnnxMissingException">A backbone is needed, and ONNX Runtime's library is not on this machine.</exception>
    /// <exception cref="OnnxException">The backbone does not fit.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the next training goes on from the checkpoint.</exception>
    public (string Version, SoundModelCard Card) Train(
        SoundTrainingOptions options, IReadOnlyCollection<(TrackId First, TrackId Second)> heardTogether, IProgress<double>? progress = null,
        HearAgain? hear = null, CancellationToken cancellation = default)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var before = options.Anew ? null : models.LoadCurrent();
        var kept = options.BackboneFile is null && !options.LeaveBackbone ? before?.Model.Backbone : null;
        using var backbone = options.BackboneFile is { } file ? Backbone.Open(file) : kept is null ? null : models.OpenBackbone(before!.Value.Version, kept);
        var fault = backbone is null ? null : Fill(backbone, hear ?? Unheard, options.Threads, progress, cancellation);
        var data = SoundTrainingData.Read(library, options, backbone?.Description.Sha256);
        Require(data.Learnt.Count, fault);
        var places = data.Learnt.Select((track, place) => (track.Track, place)).ToDictionary();
        List<(int, int)> pairs = [.. heardTogether.Where(pair => places.ContainsKey(pair.First) && places.ContainsKey(pair.Second)).Select(pair => (places[pair.First], places[pair.Second]))];
        var corpus = new SoundCorpus([.. data.Learnt.Select(track => track.Example)], pairs);
        var warm = before is { Model.Encoders: [ContrastiveEncoder] } ? before : null;
        var scale = warm?.Model.Scale ?? corpus.Scale;
        var steps = options.Steps ?? (warm is null ? 800 : 200);
        var training = new EncoderTraining(new()
        {
            Phases = SoundTrainingOptions.Phases(steps, corpus.Knows(Likeness.CoListened)), Batch = options.Batch, Seed = options.Seed, Threads = options.Threads,
        });
        var encoder = Begin(warm?.Model, options.Seed);
        Teach(encoder, training, corpus, scale, new(CheckpointFile, Recipe(data, pairs, options, steps, warm?.Version)), progress, cancellation);
        var model = Fit([encoder], scale, data, backbone?.Description, options.Threads);
        var judge = new SoundJudge(data, options.Threads);
        var evaluation = judge.Judge(model, before?.Model);
        var autoencoder = options.Challengers && data.HeldOut.Count > 0 ? Challenge(model, judge, data, options, steps, warm?.Version, progress, cancellation) : null;
        var card = new SoundModelCard(
            data.Hash, data.Learnt.Count, data.Albums, steps + (warm?.Card.Steps ?? 0), (Environment.CpuUsage.TotalTime - cpu).TotalSeconds, warm?.Version,
            Settings(options, steps, heardTogether, library.Counts().Tracks), evaluation);
        var version = models.Publish(model, card, next =>
        {
            if (hear is not null)
            {
                library.KeepVectorsOf(models.Current() is { } current ? [current] : []);   // of a training that was broken off here
                EmbedAll(next, model, hear, options.Threads, progress: null, backbone, cancellation);
            }
        }, backbone is null ? null : options.BackboneFile ?? models.BackboneFile(before!.Value.Version), autoencoder);
        File.Delete(CheckpointFile);
        library.KeepLayersOf(backbone?.Description.Sha256);
        return (version, card);
    }

    /// <summary>Whether the library has twice as many tracks as when a model was trained, those that it did not learn from included.</summary>
    public bool HasDoubled(SoundModelCard card) => library.Counts().Tracks >= 2 * card.Settings.GetValueOrDefault(LibraryTracks, card.Tracks);

    /// <summary>Whether a training would learn from anything else than that of the published model did.</summary>
    /// <param name="heardTogether">Pairs of tracks that listeners hear together.</param>
    public bool IsChanged(IReadOnlyCollection<(TrackId First, TrackId Second)> heardTogether)
        => models.LoadCurrent() is not { Model.Encoders.Count: > 0 } current
            || !current.Card.Settings.GetValueOrDefault(HeardTogether).Equals(HashOf(heardTogether))
            || SoundTrainingData.Read(library, new() { MemoryBytes = 0 }, current.Model.Backbone?.Sha256).Hash != current.Card.DataHash;

    /// <summary>Publishes a model of descriptors alone, for which nothing is learnt but their spread: a library's first, until one is trained.</summary>
    /// <param name="seen">The version in use when this was decided, null for none: another one that came meanwhile stays.</param>
    /// <returns>Null where that is so.</returns>
    /// <exception cref="TooFewTracksException">The library holds too few tracks.</exception>
    public string? FitDescriptors(string? seen, int threads)
    {
        var data = SoundTrainingData.Read(library, new() { MemoryBytes = 0, Threads = threads }, backbone: null);
        Require(data.Fitted.Count);
        var model = Fit([], new(new float[TrackFeatures.Bands], 1), data, backbone: null, threads);
        return models.PublishAfter(seen, model, new(data.Hash, (int)library.Counts().Tracks, data.Albums, 0, 0, null, new Dictionary<string, double>(), new SoundJudge(data, threads).Judge(model, before: null)));
    }

    /// <summary>Gives vectors of a model to all tracks that lack one.</summary>
    /// <param name="hear">For tracks whose spectra were not kept, and for a backbone that hears samples.</param>
    /// <param name="backbone">The model's, where it is open already; else it is opened where a track lacks its layer.</param>
    /// <returns>Tracks that got a vector, and those that could not be heard again.</returns>
    /// <exception cref="OnnxMissingException">A layer is missing, and ONNX Runtime's library is not on this machine; no vector was made.</exception>
    public (int Embedded, int Unheard) EmbedAll(
        string version, SoundModel model, HearAgain hear, int threads, IProgress<double>? progress = null, Backbone? backbone = null, CancellationToken cancellation = default)
    {
        const int Batch = 256;
        var (missing, embedded, unheard) = (library.TracksWithoutVector(version), 0, 0);
        if (missing.Count > 0 && model.Backbone is { } wanted && library.TracksWithoutLayer(wanted.Sha256).Count > 0)
        {
            using var opened = backbone is null ? models.OpenBackbone(version, wanted) : null;
            _ = Fill(backbone ?? opened!, hear, threads, progress: null, cancellation);
        }
        foreach (var batch in missing.Chunk(Batch))
        {
            var vectors = new SoundVector?[batch.Length];
            Workers.For(batch.Length, threads, n => vectors[n] = Embed(model, batch[n], hear, cancellation), cancellation);
            library.UpsertVectors(version, [.. vectors.OfType<SoundVector>()]);
            embedded += vectors.Count(vector => vector is not null);
            unheard += vectors.Count(vector => vector is null);
            progress?.Report((double)(embedded + unheard) / missing.Count);
        }
        return (embedded, unheard);
    }

    private string CheckpointFile => new TrainingFolder(workFolder).SoundCheckpoint;

    private static TrackFeatures? Unheard(string path, Backbone? backbone, CancellationToken cancellation) => null;

    private static void Require(int tracks, string? fault = null)
    {
        if (tracks < SoundProjection.FewestTracks)
        {
            throw new TooFewTracksException(
                $"A sound model needs at least {SoundProjection.FewestTracks} tracks with sound; the library has {tracks}{(fault is null ? "" : $" of which the backbone makes a layer: {fault}")}.");
        }
    }

    private string? Fill(Backbone backbone, HearAgain hear, int threads, IProgress<double>? progress, CancellationToken cancellation)
    {
        var layers = new BackboneLayers(library, backbone, hear);
        layers.Fill(threads, progress, cancellation);
        return layers.Fault;
    }

    private SoundVector? Embed(SoundModel model, TrackContent track, HearAgain hear, CancellationToken cancellation)
    {
        var layer = model.Backbone is { } backbone ? library.FindLayer(backbone.Sha256, track.Sound) : null;
        if (library.FindDescriptors(track.Sound) is not { } descriptors || (layer is not { Length: > 0 } && model.Backbone is not null))
        {
            return null;   // analyzed anew meanwhile, or the backbone makes nothing of it
        }
        var spectra = model.Encoders.Count == 0 ? [] : library.FindSpectra(track.Track)?.Values;
        var features = spectra is not null ? new TrackFeatures(descriptors, spectra)
            : library.FindFile(track.Track) is { } path ? hear(path, null, cancellation)
            : null;
        return features is null ? null : new(track.Sound, [.. model.VectorOf(features with { Layer = layer }).Select(value => (Half)value)]);
    }

    private void Teach(
        ContrastiveEncoder encoder, EncoderTraining training, SoundCorpus corpus, SpectrumScale scale, SoundCheckpoint checkpoint, IProgress<double>? progress,
        CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(CheckpointFile)!);
        var (done, saved) = (checkpoint.Restore(encoder), 0);
        try
        {
            training.Run(encoder, corpus, scale, done, state =>
            {
                done = state.Step;
                progress?.Report((double)state.Step / state.Steps);
                if (state.Step % CheckpointEvery == 0)
                {
                    checkpoint.Save(encoder, saved = state.Step);
                }
            }, cancellation);
        }
        finally
        {
            if (done > saved)   // told to stop, or done: what follows may take long, too
            {
                checkpoint.Save(encoder, done);
            }
        }
    }

    private static SoundModel Fit(IReadOnlyList<ISoundEncoder> encoders, SpectrumScale scale, SoundTrainingData data, BackboneDescription? backbone, int threads)
    {
        var tracks = encoders.Count == 0 ? data.Fitted : data.Learnt.ConvertAll(track => track.Described);
        var fitted = tracks.Take(MostFitted).ToList();
        return SoundModel.Fit(encoders, scale, fitted.ConvertAll(track => track.Features), fitted.Select(track => track.Album).ToArray(), threads, backbone);
    }

    private static ContrastiveEncoder Begin(SoundModel? warm, ulong seed)
    {
        var encoder = new ContrastiveEncoder(new(), seed);
        if (warm is { Encoders: [ContrastiveEncoder learnt] })
        {
            encoder.State.Restore(learnt.State.Weights);
        }
        return encoder;
    }

    // Where the encoder goes on from published weights, the autoencoder goes on from what was published beside them.
    private SpectrogramAutoencoder Challenge(
        SoundModel model, SoundJudge judge, SoundTrainingData data, SoundTrainingOptions options, int steps, string? from, IProgress<double>? progress, CancellationToken cancellation)
    {
        var autoencoder = (from is null ? null : models.LoadAutoencoder(from)) ?? new(new(), options.Seed);
        new AutoencoderTraining(steps, new() { Batch = options.Batch, Seed = options.Seed, Threads = options.Threads }).Run(
            autoencoder, data.Learnt.ConvertAll(track => track.Example.Spectra), model.Scale, progress, cancellation);
        judge.JudgeChallengers(model, Fit([], model.Scale, data, backbone: null, options.Threads), autoencoder, options.Seed);
        return autoencoder;
    }

    // As many bits as a double holds.
    private static double HashOf(IReadOnlyCollection<(TrackId First, TrackId Second)> heardTogether)
        => heardTogether.Aggregate(0UL, (hash, pair) => SeededRandom.Mix(hash ^ SeededRandom.Hash($"{pair.First.Value}\n{pair.Second.Value}"))) >> 12;

    private static Dictionary<string, double> Settings(
        SoundTrainingOptions options, int steps, IReadOnlyCollection<(TrackId First, TrackId Second)> heardTogether, long tracks) => new()
    {
        [LibraryTracks] = tracks,
        ["steps"] = steps, ["heardTogether"] = heardTogether.Count, [HeardTogether] = HashOf(heardTogether), ["batch"] = options.Batch, ["seed"] = options.Seed, ["memoryBytes"] = options.MemoryBytes,
    };

    // All that decides the weights: a checkpoint of anything else is passed over.
    private static ulong Recipe(SoundTrainingData data, List<(int First, int Second)> pairs, SoundTrainingOptions options, int steps, string? from)
    {
        var recipe = SeededRandom.Hash(string.Create(CultureInfo.InvariantCulture, $"{data.Hash} {options.Batch} {options.Seed} {steps} {from} {pairs.Count}"));
        foreach (var track in data.Learnt)
        {
            recipe = SeededRandom.Mix(recipe ^ SeededRandom.Hash(track.Track.Value) ^ (ulong)track.Example.Spectra.Length);
        }
        return pairs.Aggregate(recipe, (hash, pair) => SeededRandom.Mix(hash ^ ((ulong)pair.First << 32) ^ (uint)pair.Second));
    }
}

/// <summary>There is too little music to learn from.</summary>
public sealed class TooFewTracksException(string message) : Exception(message);
