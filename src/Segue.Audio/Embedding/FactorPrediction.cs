using Segue.Audio.Networks;
using Segue.Numerics;

namespace Segue.Audio.Embedding;

/// <summary>How a <see cref="FactorNetwork"/> learns from tracks, and what it says of one.</summary>
public static class FactorPrediction
{
    /// <summary>Teaches a network the factors of tracks.</summary>
    /// <param name="tracks">Spectra of each, at least one whole window.</param>
    /// <param name="targets">By <see cref="FactorObjective.Targets"/>, a row for each track.</param>
    /// <inheritdoc cref="CropTraining.Run"/>
    public static void Teach(
        FactorNetwork network, IReadOnlyList<ReadOnlyMemory<byte>> tracks, DenseMatrix targets, SpectrumScale scale, CropTraining training, int done = 0,
        Action<int>? after = null, CancellationToken cancellation = default)
    {
        Shape.RequireSame(tracks.Count, targets.Rows);
        Shape.RequireSame(network.Outputs, targets.Columns);
        var batch = new float[Math.Min(training.Options.Batch, tracks.Count) * targets.Columns];
        training.Run(
            tracks, scale, (crops, drawn, rate) =>
            {
                for (var n = 0; n < drawn.Length; n++)
                {
                    targets.Row(drawn[n]).CopyTo(batch.AsSpan(n * targets.Columns));
                }
                return network.TrainStep(crops, drawn.Length, CropTraining.Frames, batch, rate, training.Options.Threads);
            },
            done, after, cancellation);
    }

    /// <summary>What a network says of a track: the mean over its windows, each window's brought to length 1 first where the loss does not see lengths. A mean of windows that
    /// disagree stays short. Safe for many callers at once while nobody trains.</summary>
    /// <param name="spectra">As in <see cref="TrackFeatures.Spectra"/>; at least one window.</param>
    /// <param name="factors">Receives it, length <see cref="FactorNetwork.Outputs"/>.</param>
    public static void Of(FactorNetwork network, SpectrumScale scale, ReadOnlySpan<byte> spectra, Span<float> factors)
    {
        var windows = spectra.Length / TrackFeatures.WindowBytes;
        var (crops, outputs) = (new float[spectra.Length], new float[windows * network.Outputs]);
        scale.Apply(spectra, crops);
        network.Predict(crops, windows, TrackFeatures.FramesOfWindow, outputs);
        factors.Clear();
        for (var window = 0; window < windows; window++)
        {
            var output = outputs.AsSpan(window * network.Outputs, network.Outputs);
            var length = network.Options.Loss == FactorLoss.SquaredError ? 1 : Math.Max(1e-12f, Vectors.Norm(output));
            Vectors.AddScaled(factors, output, 1 / (length * windows));
        }
    }
}
