using Segue.Audio.Networks;
using Segue.Numerics;
using Segue.Numerics.Networks;

namespace Segue.Audio.Tests.Networks;

/// <summary>What all three networks keep to.</summary>
public sealed class NetworkContractTests
{
    private const int Count = 11, Frames = 120;
    private static readonly float[] Sound = Draw(1, Count * Frames * TrackFeatures.Bands), Targets = Draw(2, Count * 6);

    public static TheoryData<string> Names { get; } = ["factors", "encoder", "autoencoder"];

    [Theory, MemberData(nameof(Names))]
    public void Any_number_of_threads_gives_the_same_bytes(string name)
    {
        var alone = Create(name);
        float[] losses = [alone.Train(1), alone.Train(1), alone.Train(1)];
        foreach (var threads in new[] { 2, 3 })
        {
            var together = Create(name);
            Assert.Equal(losses, new[] { together.Train(threads), together.Train(threads), together.Train(threads) });
            Assert.All(alone.State.All.Zip(together.State.All), pair => Assert.True(pair.First.Values.AsSpan().SequenceEqual(pair.Second.Values), pair.First.Name));
            Assert.Equal(Embed(alone, 0, Count, 1), Embed(together, 0, Count, threads));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Crops_are_embedded_one_by_one_as_together_by_many_callers_at_once(string name)
    {
        var network = Create(name);
        network.Train(2);
        var expected = Embed(network, 0, Count, 2);

        var single = new float[Count][];
        Workers.For(Count, 3, crop => single[crop] = Embed(network, crop, 1, 1), TestContext.Current.CancellationToken);

        Assert.Equal(expected, single.SelectMany(embedding => embedding));
        Assert.All(expected, value => Assert.True(float.IsFinite(value)));
        Assert.True(expected.Distinct().Count() > network.Size);
    }

    [Theory, MemberData(nameof(Names))]
    public void Training_lowers_the_loss_and_goes_on_from_a_state(string name)
    {
        var network = Create(name);
        var first = network.Train(2);
        for (var step = 0; step < 11; step++)
        {
            network.Train(2);
        }
        var other = Create(name);
        other.Train(1);
        other.State.Restore(network.State.All);

        Assert.Equal(Embed(network, 0, Count, 1), Embed(other, 0, Count, 1));
        var loss = network.Train(2);
        Assert.Equal(loss, other.Train(1));
        Assert.Equal(Embed(network, 0, Count, 1), Embed(other, 0, Count, 1));
        Assert.True(loss < 0.95 * first, $"{first} became {loss}");
    }

    [Theory, MemberData(nameof(Names))]
    public void What_does_not_fit_is_told(string name)
    {
        var network = Create(name);
        var embedding = new float[network.Size];
        var fewest = name == "autoencoder" ? 46 : 103;

        Assert.Contains($"at least {fewest} frames", Assert.Throws<ArgumentOutOfRangeException>(() => network.Embed(new float[(fewest - 1) * 128], 1, fewest - 1, embedding, 1)).Message);
        network.Embed(new float[fewest * 128], 1, fewest, embedding, 1);
        Assert.Throws<ArgumentException>(() => network.Embed(new float[fewest * 128 - 1], 1, fewest, embedding, 1));
        Assert.Throws<ArgumentException>(() => network.Embed(new float[fewest * 128], 1, fewest, new float[network.Size + 1], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => network.Train(1, rate: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => network.Train(1, rate: float.NaN));
    }

    [Fact]
    public void Options_out_of_range_are_told()
    {
        Assert.Contains("4 convolutions", Assert.Throws<ArgumentException>(() => new FactorNetwork(new() { Channels = [1, 2, 3] }, 1)).Message);
        Assert.Throws<ArgumentException>(() => new ContrastiveEncoder(new() { Channels = [1, 2, 3, 0] }, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ContrastiveEncoder(new() { Temperature = 0 }, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FactorNetwork(new() { Outputs = 0 }, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FactorNetwork(new() { Dropout = 1 }, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SpectrogramAutoencoder(new() { Bottleneck = 0 }, 1));
    }

    [Fact]
    public void Networks_have_the_size_that_their_sources_state()
    {
        var (factors, encoder, autoencoder) = (new FactorNetwork(new(), 1), new ContrastiveEncoder(new(), 1), new SpectrogramAutoencoder(new(), 1));

        Assert.Equal((1536, 384, 128), (factors.Size, encoder.Size, autoencoder.Size));
        Assert.InRange(factors.Weights, 8_600_000, 8_620_000);
        Assert.InRange(new FactorNetwork(FactorNetworkOptions.Small, 1).Weights, 570_000, 590_000);
        Assert.InRange(autoencoder.Weights, 455_000, 465_000);
    }

    [Fact]
    public void Dropout_changes_training_and_leaves_weights_and_prediction_alone()
    {
        var (plain, dropping) = (Factors(1, 0), Factors(1, 0.5));
        float[] expected = new float[Count * 6], predicted = new float[Count * 6];
        plain.Predict(Sound, Count, Frames, expected);
        dropping.Predict(Sound, Count, Frames, predicted);

        Assert.Equal(expected, predicted);
        Assert.NotEqual(plain.TrainStep(Sound, Count, Frames, Targets, 1e-3f, 1), dropping.TrainStep(Sound, Count, Frames, Targets, 1e-3f, 1));
    }

    private static FactorNetwork Factors(ulong seed, double dropout) => new(new() { Channels = [12, 12, 12, 20], Hidden = 24, Outputs = 6, Dropout = dropout }, seed);

    private static Trained Create(string name)
    {
        const ulong Seed = 1;
        switch (name)
        {
            case "factors":
                var factors = Factors(Seed, 0.1);
                return new(factors.Size, factors.State, factors.Embed, (threads, rate) => factors.TrainStep(Sound, Count, Frames, Targets, rate, threads));
            case "encoder":
                var encoder = new ContrastiveEncoder(new() { Channels = [12, 12, 12, 20], Projection = 8 }, Seed);
                int[] groups = [.. Enumerable.Range(0, Count).Select(crop => crop / 2)];
                return new(encoder.Size, encoder.State, encoder.Embed, (threads, rate) => encoder.TrainStep(Sound, Count, Frames, groups, rate, threads));
            default:
                var autoencoder = new SpectrogramAutoencoder(new() { Channels = 12, Bottleneck = 6 }, Seed);
                return new(autoencoder.Size, autoencoder.State, autoencoder.Embed, (threads, rate) => autoencoder.TrainStep(Sound, Count, Frames, rate, threads));
        }
    }

    private static float[] Embed(Trained network, int first, int count, int threads)
    {
        var embeddings = new float[count * network.Size];
        network.Embed(Sound.AsSpan(first * Frames * TrackFeatures.Bands, count * Frames * TrackFeatures.Bands), count, Frames, embeddings, threads);
        return embeddings;
    }

    private static float[] Draw(ulong stream, int count)
    {
        var random = new SeededRandom(8, stream);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal())];
    }

    private delegate void Embedding(ReadOnlySpan<float> crops, int count, int frames, Span<float> embeddings, int threads);

    private sealed record Trained(int Size, NetworkState State, Embedding Embed, Func<int, float, float> Step)
    {
        public float Train(int threads, float rate = 2e-3f) => Step(threads, rate);
    }
}
