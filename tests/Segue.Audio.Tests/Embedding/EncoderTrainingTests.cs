using Segue.Audio.Embedding;
using Segue.Audio.Networks;
using Segue.Numerics;

namespace Segue.Audio.Tests.Embedding;

public sealed class EncoderTrainingTests
{
    private const int Tracks = 12;
    private static readonly SoundCorpus Corpus = new([.. Enumerable.Range(0, Tracks).Select(track => ToyTracks.Track(track, windows: 3, album: track / 2))]);
    private static readonly EncoderTrainingOptions Short = new() { Phases = [(Likeness.SameTrack, 4), (Likeness.SameAlbum, 2)], Batch = 8 };

    private static ContrastiveEncoder NewEncoder() => new(new() { Channels = [4, 4, 4, 8], Projection = 8 }, seed: 1);

    private static float[] State(ContrastiveEncoder encoder) => [.. encoder.State.All.SelectMany(part => part.Values)];

    // Mean cosine of windows of one track less that of windows of different tracks, about the mean of all; these windows were not learnt from.
    private static double Margin(ContrastiveEncoder encoder)
    {
        const int Windows = 2;
        var (crops, size) = (new float[Tracks * Windows * TrackFeatures.WindowBytes], encoder.Size);
        for (var n = 0; n < Tracks * Windows; n++)
        {
            Corpus.Scale.Apply(ToyTracks.Window(n / Windows, 10 + n % Windows), crops.AsSpan(n * TrackFeatures.WindowBytes, TrackFeatures.WindowBytes));
        }
        var embedded = new float[Tracks * Windows * size];
        encoder.Embed(crops, Tracks * Windows, TrackFeatures.FramesOfWindow, embedded);
        var rows = embedded.Chunk(size).ToArray();
        var mean = Enumerable.Range(0, size).Select(f => rows.Average(row => row[f])).ToArray();
        foreach (var row in rows)
        {
            Vectors.AddScaled(row, mean, -1);
            Vectors.Normalize(row);
        }
        var pairs = (from i in Enumerable.Range(0, rows.Length) from j in Enumerable.Range(0, i) select (Same: i / Windows == j / Windows, Cosine: Vectors.Dot(rows[i], rows[j]))).ToList();
        return pairs.Where(pair => pair.Same).Average(pair => pair.Cosine) - pairs.Where(pair => !pair.Same).Average(pair => pair.Cosine);
    }

    [Fact]
    public void Windows_of_one_track_come_nearer_than_those_of_others()
    {
        var encoder = NewEncoder();
        var (before, losses) = (Margin(encoder), new List<double>());

        new EncoderTraining(new() { Phases = [(Likeness.SameTrack, 60)], Batch = 24, LearningRate = 3e-3f, Threads = 2 })
            .Run(encoder, Corpus, Corpus.Scale, after: progress => losses.Add(progress.Loss), cancellation: TestContext.Current.CancellationToken);

        var after = Margin(encoder);
        Assert.True(after > before + 0.15, $"{before} before, {after} after");
        Assert.True(losses[^1] < losses[0] - 0.3, $"the loss went from {losses[0]} to {losses[^1]}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void A_training_that_is_broken_off_goes_on_to_the_same_weights_with_any_threads(int broken)
    {
        var (whole, first, second) = (NewEncoder(), NewEncoder(), NewEncoder());
        new EncoderTraining(Short).Run(whole, Corpus, Corpus.Scale, cancellation: TestContext.Current.CancellationToken);
        using var stop = new CancellationTokenSource();

        Assert.Throws<OperationCanceledException>(() => new EncoderTraining(Short).Run(first, Corpus, Corpus.Scale, after: progress =>
        {
            if (progress.Step == broken)
            {
                stop.Cancel();
            }
        }, cancellation: stop.Token));
        second.State.Restore([.. first.State.All.Select(part => (part.Name, part.Values.ToArray()))]);
        new EncoderTraining(Short with { Threads = 3 }).Run(second, Corpus, Corpus.Scale, broken, cancellation: TestContext.Current.CancellationToken);

        Assert.NotEqual(State(NewEncoder()), State(whole));
        Assert.Equal(State(whole), State(second));
    }

    [Fact]
    public void Steps_of_what_too_little_is_known_of_go_to_the_phase_before()
    {
        var bare = new SoundCorpus([.. Corpus.Tracks.Select(track => track with { Album = -1 })]);
        var (both, tracks) = (NewEncoder(), NewEncoder());

        new EncoderTraining(Short).Run(both, bare, Corpus.Scale, cancellation: TestContext.Current.CancellationToken);
        new EncoderTraining(Short with { Phases = [(Likeness.SameTrack, 6)] }).Run(tracks, bare, Corpus.Scale, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(State(tracks), State(both));
    }

    [Fact]
    public void A_training_without_steps_left_changes_nothing()
    {
        var encoder = NewEncoder();

        new EncoderTraining(Short).Run(encoder, Corpus, Corpus.Scale, done: 6, _ => Assert.Fail("A step was made."), TestContext.Current.CancellationToken);

        Assert.Equal(State(NewEncoder()), State(encoder));
    }
}
