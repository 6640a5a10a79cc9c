using Segue.Audio.Networks;
using Segue.Numerics;
using Segue.Numerics.Networks;

namespace Segue.Audio.Embedding;

/// <summary>Teaches a <see cref="SpectrogramAutoencoder"/> the windows of some tracks: as many as a <see cref="ContrastiveEncoder"/> sees in as many steps, any of any track.</summary>
/// <remarks>Every step draws by seed and step alone; the same weights for any number of threads.</remarks>
/// <param name="steps">Positive.</param>
/// <param name="options">Batch, rate, seed and threads; the phases are not looked at.</param>
public sealed class AutoencoderTraining(int steps, EncoderTrainingOptions options)
{
    /// <summary>Trains an autoencoder in place.</summary>
    /// <param name="tracks">Spectra of each, one window or more.</param>
    /// <param name="scale">What the autoencoder sees windows by.</param>
    /// <param name="progress">Told the share of steps done.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="ArithmeticException">The loss is no number any more.</exception>
    public void Run(
        SpectrogramAutoencoder autoencoder, IReadOnlyList<ReadOnlyMemory<byte>> tracks, SpectrumScale scale, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        const int Window = TrackFeatures.WindowBytes;
        var crops = new float[options.Batch * Window];
        var schedule = LearningRateSchedule.CosineDecay(options.LearningRate, steps, warmUp: Math.Min(20, steps / 10));
        for (var step = 0; step < steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            var random = new SeededRandom(options.Seed, (ulong)step);
            for (var n = 0; n < options.Batch; n++)
            {
                var spectra = tracks[random.NextInt(tracks.Count)].Span;
                scale.Apply(spectra.Slice(random.NextInt(spectra.Length / Window) * Window, Window), crops.AsSpan(n * Window, Window));
            }
            var loss = autoencoder.TrainStep(crops, options.Batch, TrackFeatures.FramesOfWindow, schedule.At(step), options.Threads);
            if (!float.IsFinite(loss))
            {
                throw new ArithmeticException($"The loss of step {step + 1} is {loss}: a lower learning rate helps.");
            }
            progress?.Report((step + 1.0) / steps);
        }
    }
}
