using Segue.Audio;
using Segue.Audio.Embedding;
using Segue.Audio.Networks;
using Segue.Models;
using Segue.Numerics;

namespace Segue.Evaluation.Sound;

/// <summary>Teaches networks on the same tracks with equal budgets: the same draws, rates and steps for all.</summary>
/// <param name="tracks">By row; each with spectra.</param>
/// <param name="scale">What networks see windows by.</param>
/// <param name="steps">Of each network.</param>
/// <param name="run">Its seed draws crops and first weights; threads change nothing.</param>
internal sealed class CropSchool(IReadOnlyList<TrackFeatures> tracks, SpectrumScale scale, int steps, TrainingRun run)
{
    private readonly CropTraining _training = new(new() { Steps = steps, Seed = run.Seed, Threads = run.Threads });

    /// <summary>Teaches an autoencoder the sound of some tracks.</summary>
    public SpectrogramAutoencoder Autoencoder(IReadOnlyList<int> learnt)
    {
        var network = new SpectrogramAutoencoder(new(), run.Seed);
        _training.Run(Spectra(learnt), scale, (crops, drawn, rate) => network.TrainStep(crops, drawn.Length, CropTraining.Frames, rate, run.Threads), cancellation: run.Cancellation);
        return network;
    }

    /// <summary>Teaches a network the factors of some tracks.</summary>
    /// <param name="factors">By row; those of other tracks are not looked at.</param>
    public FactorNetwork Predictor(FactorObjective objective, DenseMatrix factors, IReadOnlyList<int> learnt)
    {
        var network = new FactorNetwork(FactorNetworkOptions.Small with { Outputs = factors.Columns, Loss = objective.Loss }, run.Seed);
        var known = new DenseMatrix(learnt.Count, factors.Columns);
        for (var n = 0; n < learnt.Count; n++)
        {
            factors.Row(learnt[n]).CopyTo(known.Row(n));
        }
        FactorPrediction.Teach(network, Spectra(learnt), objective.Targets(known), scale, _training, cancellation: run.Cancellation);
        return network;
    }

    /// <summary>Fills the rows of some tracks with what a network predicts.</summary>
    public void Predict(FactorNetwork network, IReadOnlyList<int> asked, DenseMatrix predictions)
        => Workers.For(asked.Count, run.Threads, n => FactorPrediction.Of(network, scale, tracks[asked[n]].Spectra, predictions.Row(asked[n])), run.Cancellation);

    private ReadOnlyMemory<byte>[] Spectra(IReadOnlyList<int> learnt) => [.. learnt.Select(track => (ReadOnlyMemory<byte>)tracks[track].Spectra)];
}
