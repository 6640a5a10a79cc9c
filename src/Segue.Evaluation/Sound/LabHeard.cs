using Segue.Audio;
using Segue.Audio.Embedding;
using Segue.Audio.Networks;
using Segue.Models;
using Segue.Numerics;

namespace Segue.Evaluation.Sound;

/// <summary>A lab world as a service hears it, that learns what sounds alike from the tracks that are not cold.</summary>
/// <param name="Features">By lab index.</param>
/// <param name="Warm">Tracks that are learnt from, ascending.</param>
/// <param name="Scale">What networks see windows by.</param>
internal sealed record LabHeard(LabColdTracks Cold, TrackFeatures[] Features, int[] Warm, ContrastiveEncoder Encoder, SpectrumScale Scale)
{
    /// <param name="steps">Of the encoder.</param>
    /// <param name="told">Told that all is heard, and that the encoder is taught.</param>
    public static LabHeard Hear(LabColdTracks cold, int steps, TrainingRun run, Action told)
    {
        var features = LabEar.HearAll(cold.World, run.Threads, run.Cancellation);
        told();
        int[] warm = [.. Enumerable.Range(0, features.Length).Where(track => !cold.IsCold[track])];
        var corpus = new SoundCorpus([.. warm.Select(track => new SoundExample(features[track].Spectra, cold.Albums[track], cold.Artists[track]))]);
        var encoder = new ContrastiveEncoder(new(), run.Seed);
        var training = new EncoderTraining(new()
        {
            Phases = [(Likeness.SameTrack, steps / 2), (Likeness.SameAlbum, steps - steps / 2)], Seed = run.Seed, Threads = run.Threads,
        });
        training.Run(encoder, corpus, corpus.Scale, cancellation: run.Cancellation);
        told();
        return new(cold, features, warm, encoder, corpus.Scale);
    }

    /// <summary>Vectors of all tracks by a model whose projection is fitted to the warm ones.</summary>
    public DenseMatrix Vectors(IReadOnlyList<ISoundEncoder> encoders, TrainingRun run)
    {
        var model = SoundModel.Fit(encoders, Scale, [.. Warm.Select(track => Features[track])], Array.ConvertAll(Warm, track => Cold.Albums[track]), run.Threads);
        return SoundBaselines.Vectors(model, Features, run.Threads);
    }
}
