using Segue.Audio;
using Segue.Audio.Embedding;
using Segue.Audio.Networks;
using Segue.Numerics;
using Segue.Numerics.Networks;

namespace Segue.Evaluation.Sound;

/// <summary>A track whose album is known.</summary>
/// <param name="Duration">Positive.</param>
/// <param name="Album">Number of the album, 0 or above.</param>
public sealed record AlbumTrack(TrackFeatures Features, TimeSpan Duration, int Album);

/// <summary>The models that a benchmark on albums judges, trained on the same tracks, with the processor time that each took.</summary>
internal sealed class AlbumModels
{
    private readonly IReadOnlyList<AlbumTrack> _tracks;
    private readonly EncoderTrainingOptions _options;
    private readonly CancellationToken _cancellation;

    public AlbumModels(IReadOnlyList<AlbumTrack> tracks, EncoderTrainingOptions options, IProgress<double>? progress, CancellationToken cancellation)
    {
        (_tracks, _options, _cancellation) = (tracks, options, cancellation);
        var corpus = new SoundCorpus([.. tracks.Select(track => new SoundExample(track.Features.Spectra, track.Album))]);
        Scale = corpus.Scale;
        var training = new EncoderTraining(options);
        var encoder = new ContrastiveEncoder(new(), options.Seed);
        EncoderSeconds = Timed(() => training.Run(
            encoder, corpus, Scale, after: state => progress?.Report(0.5 * state.Step / state.Steps), cancellation: cancellation));
        Encoder = encoder;
        Autoencoder = new(new(), options.Seed);
        AutoencoderSeconds = Timed(() => Teach(Autoencoder, training.Steps, progress));
        (Descriptors, DescriptorsSeconds) = Fit([]);
        (Production, ProductionSeconds) = Fit([encoder]);
    }

    public SpectrumScale Scale { get; }
    public ContrastiveEncoder Encoder { get; }
    public double EncoderSeconds { get; }
    public SpectrogramAutoencoder Autoencoder { get; }
    public double AutoencoderSeconds { get; }

    /// <summary>Descriptors alone.</summary>
    public SoundModel Descriptors { get; }

    public double DescriptorsSeconds { get; }

    /// <summary>Descriptors and the contrastive encoder.</summary>
    public SoundModel Production { get; }

    /// <summary>Of its projection; the encoder's training comes on top.</summary>
    public double ProductionSeconds { get; }

    // As many windows as the encoder sees, any of any track.
    private void Teach(SpectrogramAutoencoder autoencoder, int steps, IProgress<double>? progress)
    {
        const int Window = TrackFeatures.WindowBytes;
        var crops = new float[_options.Batch * Window];
        var schedule = LearningRateSchedule.CosineDecay(_options.LearningRate, steps, warmUp: Math.Min(20, steps / 10));
        for (var step = 0; step < steps; step++)
        {
            _cancellation.ThrowIfCancellationRequested();
            var random = new SeededRandom(_options.Seed, (ulong)step);
            for (var n = 0; n < _options.Batch; n++)
            {
                var track = _tracks[random.NextInt(_tracks.Count)].Features;
                Scale.Apply(track.Spectra.AsSpan(random.NextInt(track.Windows) * Window, Window), crops.AsSpan(n * Window, Window));
            }
            autoencoder.TrainStep(crops, _options.Batch, TrackFeatures.FramesOfWindow, schedule.At(step), _options.Threads);
            progress?.Report(0.5 + 0.5 * (step + 1) / steps);
        }
    }

    private (SoundModel Model, double Seconds) Fit(IReadOnlyList<ISoundEncoder> encoders)
    {
        SoundModel? model = null;
        var seconds = Timed(() => model = SoundModel.Fit(
            encoders, Scale, [.. _tracks.Select(track => track.Features)], [.. _tracks.Select(track => track.Album)], _options.Threads));
        return (model!, seconds);
    }

    private static double Timed(Action work)
    {
        var before = Environment.CpuUsage.TotalTime;
        work();
        return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }
}
