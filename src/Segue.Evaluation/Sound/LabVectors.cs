using Segue.Audio.Embedding;
using Segue.Models;
using Segue.Numerics;

namespace Segue.Evaluation.Sound;

/// <summary>The sound vectors of a lab world as a service has them before an encoder is taught: descriptors, projected.</summary>
internal static class LabVectors
{
    /// <summary>Vectors of all tracks by lab index, by a model that was fitted to those that are not cold. About 25 ms a track.</summary>
    public static DenseMatrix Of(LabColdTracks cold, TrainingRun run)
    {
        var features = LabEar.HearAll(cold.World, run.Threads, run.Cancellation);
        int[] warm = [.. Enumerable.Range(0, features.Length).Where(track => !cold.IsCold[track])];
        var corpus = new SoundCorpus([.. warm.Select(track => new SoundExample(features[track].Spectra, cold.Albums[track], cold.Artists[track]))]);
        return SoundBaselines.Vectors(SoundModel.Fit([], corpus.Scale, [.. warm.Select(track => features[track])], [.. warm.Select(track => cold.Albums[track])], run.Threads), features, run.Threads);
    }
}
