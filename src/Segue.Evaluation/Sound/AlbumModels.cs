using Segue.Audio;
using Segue.Audio.Embedding;
using Segue.Audio.Networks;

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

    public AlbumModels(IReadOnlyList<AlbumTrack> tracks, EncoderTrainingOptions options, IProgress<double>? progress, CancellationToken cancellation)
    {
        (_tracks, _options) = (tracks, options);
        var corpus = new SoundCorpus([.. tracks.Select(track => new SoundExample(track.Features.Spectra, track.Album))]);
        Scale = corpus.Scale;
        var training = new EncoderTraining(options);
        var encoder = new ContrastiveEncoder(new(), options.Seed);
        EncoderSeconds = Timed(() => training.Run(
            encoder, corpus, Scale, after: state => progress?.Report(0.5 * state.Step / state.Steps), cancellation: cancellation));
        Encoder = encoder;
        Autoencoder = new(new(), options.Seed);
        AutoencoderSeconds = Timed(() => new AutoencoderTraining(training.Steps, options).Run(
            Autoencoder, [.. tracks.Select(track => (ReadOnlyMemory<byte>)track.Features.Spectra)], Scale, progress is null ? null : new SecondHalf(progress), cancellation));
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

    private sealed class SecondHalf(IProgress<double> whole) : IProgress<double>
    {
        public void Report(double value) => whole.Report(0.5 + 0.5 * value);
    }
}
