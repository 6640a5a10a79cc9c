using Segue.Numerics;
using Segue.Numerics.Networks;

namespace Segue.Audio.Embedding;

/// <summary>What a training on crops may vary.</summary>
public sealed record CropTrainingOptions
{
    /// <summary>Steps in all; at least 1.</summary>
    public int Steps { get; init; } = 2000;

    /// <summary>Crops of a step, each of another track; fewer where there are fewer tracks.</summary>
    public int Batch { get; init; } = 64;

    /// <summary>Highest rate of Adam; above 0. It falls to nothing along half a cosine.</summary>
    public float LearningRate { get; init; } = 1e-3f;

    public ulong Seed { get; init; } = 1;
    public int Threads { get; init; } = 1;
}

/// <summary>One step of a network.</summary>
/// <param name="crops">As a network sees them, shape [tracks × <see cref="CropTraining.Frames"/> × <see cref="TrackFeatures.Bands"/>].</param>
/// <param name="tracks">The track of each, by place.</param>
/// <returns>The loss before the step.</returns>
public delegate float CropStep(ReadOnlySpan<float> crops, ReadOnlySpan<int> tracks, float learningRate);

/// <summary>Teaches a network on crops of 6 s: the same draws and rates, whatever the network and whatever it learns.</summary>
/// <remarks>What is drawn follows from seed, step and tracks alone, so that a training that was broken off goes on to the same weights, and threads change nothing.</remarks>
public sealed class CropTraining(CropTrainingOptions options)
{
    /// <summary>Frames of a crop.</summary>
    public const int Frames = 119;

    public CropTrainingOptions Options => options;

    /// <param name="tracks">Spectra of each, at least one whole window.</param>
    /// <param name="scale">What networks see windows by.</param>
    /// <param name="done">Steps that the network had of this training.</param>
    /// <param name="after">Told the steps done after each; it may save the network's state.</param>
    /// <exception cref="OperationCanceledException">Cancelled; the network has the steps that <paramref name="after"/> was told of.</exception>
    /// <exception cref="ArithmeticException">The loss is no number any more.</exception>
    public void Run(
        IReadOnlyList<ReadOnlyMemory<byte>> tracks, SpectrumScale scale, CropStep step, int done = 0, Action<int>? after = null, CancellationToken cancellation = default)
    {
        var schedule = LearningRateSchedule.CosineDecay(options.LearningRate, options.Steps, warmUp: Math.Min(20, options.Steps / 10));
        int[] order = [.. Enumerable.Range(0, tracks.Count)];
        var (count, length) = (Math.Min(options.Batch, order.Length), Frames * TrackFeatures.Bands);
        var (starts, crops) = (new int[count], new float[count * length]);
        for (var n = 0; n < options.Steps; n++)
        {
            cancellation.ThrowIfCancellationRequested();
            var random = new SeededRandom(options.Seed, 0x5C, (ulong)n);
            for (var place = 0; place < count; place++)   // the beginning of a random order, which each step shuffles on
            {
                var other = place + random.NextInt(order.Length - place);
                (order[place], order[other]) = (order[other], order[place]);
                var windows = tracks[order[place]].Length / TrackFeatures.WindowBytes;
                starts[place] = random.NextInt(windows) * TrackFeatures.FramesOfWindow + random.NextInt(TrackFeatures.FramesOfWindow - Frames + 1);
            }
            if (n < done)
            {
                continue;
            }
            Workers.For(count, options.Threads, place => scale.Apply(
                tracks[order[place]].Span.Slice(starts[place] * TrackFeatures.Bands, length), crops.AsSpan(place * length, length)), cancellation);
            var loss = step(crops, order.AsSpan(0, count), schedule.At(n));
            if (!float.IsFinite(loss))
            {
                throw new ArithmeticException($"The loss of step {n + 1} is {loss}.");
            }
            after?.Invoke(n + 1);
        }
    }
}
