using Segue.Audio.Networks;
using Segue.Numerics;
using Segue.Numerics.Networks;

namespace Segue.Audio.Embedding;

/// <summary>What a training of an encoder may vary.</summary>
public sealed record EncoderTrainingOptions
{
    /// <summary>What is learnt, in this order, with the steps of each; those of which the corpus knows too little give their steps to the one before.</summary>
    public IReadOnlyList<(Likeness Likeness, int Steps)> Phases { get; init; } = [(Likeness.SameTrack, 500), (Likeness.SameAlbum, 300)];

    /// <summary>Windows of a step; at least 8.</summary>
    public int Batch { get; init; } = 96;

    /// <summary>Highest rate of Adam; above 0. It falls to nothing along half a cosine.</summary>
    public float LearningRate { get; init; } = 1e-3f;

    public ulong Seed { get; init; } = 1;
    public int Threads { get; init; } = 1;
}

/// <summary>Where a training stands.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Of so many.</param>
/// <param name="Loss">Mean loss of the newest steps.</param>
public readonly record struct EncoderProgress(int Step, int Steps, double Loss);

/// <summary>Teaches a <see cref="ContrastiveEncoder"/> what sounds alike: first crops of one track, then tracks of one album, then tracks heard together.</summary>
/// <remarks>Every step draws by seed and step alone, so that a training that was broken off goes on to the same weights. The share of positives grows with
/// what is known: crops (Chen et al., ICML 2020), then labels (Khosla et al., "Supervised Contrastive Learning", NeurIPS 2020), then sessions (Alonso-Jiménez et al., "Pre-training strategies
/// using contrastive learning and playlist information for music classification and similarity", ICASSP 2023).</remarks>
public sealed class EncoderTraining(EncoderTrainingOptions options)
{
    private const int LossesTold = 20;

    /// <summary>Steps in all.</summary>
    public int Steps { get; } = options.Phases.Sum(phase => phase.Steps);

    /// <summary>Trains an encoder in place.</summary>
    /// <param name="encoder">New, of an earlier training, or restored from a checkpoint of this one.</param>
    /// <param name="scale">What the encoder sees windows by: that of the training whose weights it has.</param>
    /// <param name="done">Steps that the encoder had of this training.</param>
    /// <param name="after">Told after each step; it may save the encoder's state.</param>
    /// <exception cref="OperationCanceledException">Cancelled; the encoder has the steps that <paramref name="after"/> was told of.</exception>
    /// <exception cref="ArithmeticException">The loss is no number any more.</exception>
    public void Run(
        ContrastiveEncoder encoder, SoundCorpus corpus, SpectrumScale scale, int done = 0, Action<EncoderProgress>? after = null, CancellationToken cancellation = default)
    {
        var augmentation = new CropAugmentation(scale);
        var (windows, groups) = (new List<ReadOnlyMemory<byte>>(), new List<int>());
        var crops = new float[options.Batch * TrackFeatures.WindowBytes];
        var schedule = LearningRateSchedule.CosineDecay(options.LearningRate, Steps, warmUp: Math.Min(20, Steps / 10));
        var losses = new Queue<double>();
        for (var step = done; step < Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            var random = new SeededRandom(options.Seed, (ulong)step);
            corpus.Draw(LikenessAt(step, corpus), options.Batch, ref random, windows, groups);
            var seeds = windows.Select(_ => random.NextUInt64()).ToArray();
            Workers.For(windows.Count, options.Threads, n =>
            {
                var own = new SeededRandom(seeds[n]);
                augmentation.Apply(windows[n].Span, crops.AsSpan(n * TrackFeatures.WindowBytes, TrackFeatures.WindowBytes), ref own);
            }, cancellation);
            var loss = encoder.TrainStep(
                crops.AsSpan(0, windows.Count * TrackFeatures.WindowBytes), windows.Count, TrackFeatures.FramesOfWindow, groups.ToArray(),
                schedule.At(step), options.Threads);
            if (!float.IsFinite(loss))
            {
                throw new ArithmeticException($"The loss of step {step + 1} is {loss}: a lower learning rate helps.");
            }
            losses.Enqueue(loss);
            if (losses.Count > LossesTold)
            {
                losses.Dequeue();
            }
            after?.Invoke(new(step + 1, Steps, losses.Average()));
        }
    }

    private Likeness LikenessAt(int step, SoundCorpus corpus)
    {
        var (known, end) = (Likeness.SameTrack, 0);
        foreach (var (likeness, steps) in options.Phases)
        {
            known = corpus.Knows(likeness) ? likeness : known;
            end += steps;
            if (step < end)
            {
                break;
            }
        }
        return known;
    }
}
