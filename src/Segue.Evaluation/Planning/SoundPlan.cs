using Segue.Audio;
using Segue.Audio.Embedding;
using Segue.Models.ColdStart;
using Segue.Numerics.Search;

namespace Segue.Evaluation.Planning;

/// <summary>The size of a music library.</summary>
/// <param name="Cores">Cores that hear and learn at once.</param>
/// <param name="SpectraCache">Bytes of spectra that the library keeps at most.</param>
/// <exception cref="ArgumentOutOfRangeException">A size is out of range; the message names it.</exception>
public sealed record MusicSize(long Tracks, int Cores, long SpectraCache)
{
    public long Tracks { get; } = Require(Tracks, 1, int.MaxValue, nameof(Tracks));
    public int Cores { get; } = (int)Require(Cores, 1, 4096, nameof(Cores));
    public long SpectraCache { get; } = Require(SpectraCache, 0, 1L << 50, nameof(SpectraCache));

    private static long Require(long value, long least, long most, string name)
        => value >= least && value <= most ? value : throw new ArgumentOutOfRangeException(name, $"{name} is {value}; it must lie from {least} to {most}.");
}

/// <summary>Predicts what sound takes: seconds are those of one core, and are shared by all where they have as many files in hand.</summary>
/// <remarks>Tracks whose spectra were not kept are heard again for the vectors of a new model, as the training does. Disks are taken to be as fast as the cores.</remarks>
public static class SoundPlan
{
    /// <summary>Steps of a first training of the encoder, windows of a step, and bytes of spectra that trainings hold: their defaults.</summary>
    private const int Steps = 800, Batch = 96;

    private const long TrainingMemory = 1L << 30;

    // A process that listens, and each of its workers, on files of hours (docs/performance.md).
    private const long ProcessMemory = 89L << 20, WorkerMemory = 35L << 20;

    /// <summary>The steps of sound; the last, networks, is left out where no spectra are kept to learn from.</summary>
    public static IReadOnlyList<PlannedStep> Of(MusicSize size, SoundRates rates, int dimensions)
    {
        const int Windows = 6;
        var kept = rates.SpectraBytes > 0 ? (long)Math.Min(size.Tracks, size.SpectraCache / rates.SpectraBytes) : 0;
        var learnt = (int)Math.Min(kept, TrainingMemory / TrackFeatures.WindowBytes);
        var steps = ColdNetwork.StepsFor(learnt);
        long Held(long tracks, int windows) => ProcessMemory + Math.Min(TrainingMemory, tracks * windows * TrackFeatures.WindowBytes);
        var networks = (ColdNetwork.Parts + 1) * (double)steps * new CropTrainingOptions().Batch * rates.NetworkCrop + kept * rates.Predict;
        var vectors = size.Tracks * UnitRows.BytesOfRow(dimensions);
        return
        [
            new("listening to every file once", size.Tracks * (rates.Hear + rates.ReadTags + rates.Embed), ProcessMemory + size.Cores * WorkerMemory,
                (long)(size.Tracks * rates.TrackBytes + kept * rates.SpectraBytes)),
            new($"training the sound model, {Steps} steps", Steps * Batch * rates.EncoderWindow, Held(kept, Windows), 0),
            new("vectors of a new sound model for all tracks", size.Tracks * rates.Embed + (size.Tracks - kept) * rates.Hear, ProcessMemory + size.Cores * WorkerMemory + vectors, vectors),
            .. learnt == 0 ? [] : (PlannedStep[])[new($"networks that predict taste, {ColdNetwork.Parts + 1} × {steps:N0} steps", networks, Held(learnt, 1), 0)],
        ];
    }
}
