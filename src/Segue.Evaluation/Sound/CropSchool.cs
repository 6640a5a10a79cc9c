using Segue.Audio;
using Segue.Audio.Embedding;
using Segue.Audio.Networks;
using Segue.Models;
using Segue.Numerics;
using Segue.Numerics.Networks;

namespace Segue.Evaluation.Sound;

/// <summary>What a network that predicts factors is to learn.</summary>
/// <param name="UnitTargets">Factors are brought to length 1; else all by one number, so that their root mean square is 1.</param>
internal sealed record FactorObjective(string Name, FactorLoss Loss, bool UnitTargets)
{
    public static FactorObjective Cosine { get; } = new("cosine", FactorLoss.Cosine, true);

    /// <summary>All that are compared.</summary>
    public static IReadOnlyList<FactorObjective> All { get; } =
    [
        new("MSE", FactorLoss.SquaredError, false),
        new("MSE on unit factors", FactorLoss.SquaredError, true),
        Cosine,
        new("contrastive", FactorLoss.MatchedPairs, true),
    ];
}

/// <summary>Teaches networks on crops of 6 s, each of another track, with equal budgets: the same draws, rates and steps for all.</summary>
/// <param name="tracks">By row; each with spectra.</param>
/// <param name="scale">What networks see windows by.</param>
/// <param name="steps">Of each network.</param>
/// <param name="run">Its seed draws crops and first weights; threads change nothing.</param>
internal sealed class CropSchool(IReadOnlyList<TrackFeatures> tracks, SpectrumScale scale, int steps, TrainingRun run)
{
    private const int Batch = 64, Frames = 119;
    private const float Rate = 1e-3f;

    /// <summary>Teaches an autoencoder the sound of some tracks.</summary>
    public SpectrogramAutoencoder Autoencoder(IReadOnlyList<int> learnt)
    {
        var network = new SpectrogramAutoencoder(new(), run.Seed);
        Teach(learnt, (crops, drawn, rate) => network.TrainStep(crops, drawn.Length, Frames, rate, run.Threads));
        return network;
    }

    /// <summary>Teaches a network the factors of some tracks.</summary>
    /// <param name="factors">By row; those of other tracks are not looked at.</param>
    public FactorNetwork Predictor(FactorObjective objective, DenseMatrix factors, IReadOnlyList<int> learnt)
    {
        var network = new FactorNetwork(FactorNetworkOptions.Small with { Outputs = factors.Columns, Loss = objective.Loss }, run.Seed);
        var scaled = Targets(objective, factors, learnt);
        var targets = new float[Batch * factors.Columns];
        Teach(learnt, (crops, drawn, rate) =>
        {
            for (var n = 0; n < drawn.Length; n++)
            {
                scaled.Row(drawn[n]).CopyTo(targets.AsSpan(n * factors.Columns));
            }
            return network.TrainStep(crops, drawn.Length, Frames, targets.AsSpan(0, drawn.Length * factors.Columns), rate, run.Threads);
        });
        return network;
    }

    /// <summary>Fills the rows of some tracks with what a network predicts: the mean over the windows, each window's brought to length 1 first where the loss does not
    /// see lengths. A mean of windows that disagree stays short.</summary>
    public void Predict(FactorNetwork network, FactorObjective objective, IReadOnlyList<int> asked, DenseMatrix predictions)
        => Workers.For(asked.Count, run.Threads, n =>
        {
            var track = tracks[asked[n]];
            var (crops, outputs) = (new float[track.Spectra.Length], new float[track.Windows * network.Outputs]);
            scale.Apply(track.Spectra, crops);
            network.Predict(crops, track.Windows, TrackFeatures.FramesOfWindow, outputs);
            var mean = predictions.Row(asked[n]);
            mean.Clear();
            for (var window = 0; window < track.Windows; window++)
            {
                var output = outputs.AsSpan(window * network.Outputs, network.Outputs);
                var length = objective.Loss == FactorLoss.SquaredError ? 1 : Math.Max(1e-12f, Vectors.Norm(output));
                Vectors.AddScaled(mean, output, 1 / (length * track.Windows));
            }
        }, run.Cancellation);

    private void Teach(IReadOnlyList<int> learnt, Func<ReadOnlySpan<float>, int[], float, float> step)
    {
        var schedule = LearningRateSchedule.CosineDecay(Rate, steps, warmUp: Math.Min(20, steps / 10));
        var (order, crops) = (learnt.ToArray(), new float[Batch * Frames * TrackFeatures.Bands]);
        var count = Math.Min(Batch, order.Length);
        for (var n = 0; n < steps; n++)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            var random = new SeededRandom(run.Seed, 0x5C, (ulong)n);
            for (var place = 0; place < count; place++)   // the beginning of a random order
            {
                var other = place + random.NextInt(order.Length - place);
                (order[place], order[other]) = (order[other], order[place]);
                var from = random.NextInt(tracks[order[place]].Windows) * TrackFeatures.FramesOfWindow + random.NextInt(TrackFeatures.FramesOfWindow - Frames + 1);
                var crop = tracks[order[place]].Spectra.AsSpan(from * TrackFeatures.Bands, Frames * TrackFeatures.Bands);
                scale.Apply(crop, crops.AsSpan(place * crop.Length, crop.Length));
            }
            var loss = step(crops.AsSpan(0, count * Frames * TrackFeatures.Bands), order[..count], schedule.At(n));
            if (!float.IsFinite(loss))
            {
                throw new ArithmeticException($"The loss of step {n + 1} is {loss}.");
            }
        }
    }

    private static DenseMatrix Targets(FactorObjective objective, DenseMatrix factors, IReadOnlyList<int> learnt)
    {
        var targets = new DenseMatrix(factors.Rows, factors.Columns);
        var square = learnt.Average(track => (double)Vectors.Dot(factors.Row(track), factors.Row(track)) / factors.Columns);
        foreach (var track in learnt)
        {
            var length = objective.UnitTargets ? Vectors.Norm(factors.Row(track)) : (float)Math.Sqrt(square);
            Vectors.AddScaled(targets.Row(track), factors.Row(track), 1 / Math.Max(1e-12f, length));
        }
        return targets;
    }
}
