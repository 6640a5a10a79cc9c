using Segue.Numerics.Networks;
using Segue.Numerics.Networks.Losses;

namespace Segue.Numerics.Tests.Networks;

public sealed class NetworkTests
{
    private const int Samples = 19, Length = 24, Channels = 20;
    private static readonly SignalShape Shape = new(Length, Channels);
    private static readonly float[] Input = Draw(1, Samples * Length * Channels), Targets = Draw(2, Samples * 7);

    [Fact]
    public void Any_number_of_threads_gives_the_same_bytes()
    {
        var alone = Train(Create(), steps: 5, threads: 1);
        foreach (var threads in new[] { 2, 3, 8 })
        {
            var together = Train(Create(), steps: 5, threads);
            Assert.Equal(alone.Losses, together.Losses);
            AssertSame(alone.Network.State.All, together.Network.State.All);
            Assert.Equal(Infer(alone.Network, 1), Infer(together.Network, threads));
        }
    }

    [Fact]
    public void The_seed_decides_the_weights()
    {
        AssertSame(Create().State.All, Create().State.All);
        Assert.NotEqual(Create().State.Weights[0].Values, Create(seed: 4).State.Weights[0].Values);
    }

    [Fact]
    public void Training_goes_on_from_a_state_as_if_it_had_never_stopped()
    {
        var whole = Train(Create(), steps: 6, threads: 2).Network;
        var first = Train(Create(), steps: 3, threads: 2).Network;
        var second = Create();
        second.State.Restore(first.State.All);

        Assert.Equal(3, second.Steps);
        AssertSame(whole.State.All, Train(second, steps: 3, threads: 1).Network.State.All);
    }

    [Fact]
    public void Weights_alone_infer_the_same_and_begin_the_optimizer_anew()
    {
        var trained = Train(Create(), steps: 3, threads: 1).Network;
        var other = Train(Create(seed: 9), steps: 2, threads: 1).Network;
        other.State.Restore(trained.State.Weights);

        Assert.Equal(Infer(trained, 1), Infer(other, 1));
        Assert.Equal(0, other.Steps);
        Assert.All(other.State.All.Where(named => named.Name.EndsWith("moment", StringComparison.Ordinal)), named => Assert.All(named.Values, value => Assert.Equal(0, value)));
    }

    [Fact]
    public void A_batch_is_inferred_as_its_samples_are_one_by_one_also_by_many_callers()
    {
        var network = Train(Create(), steps: 2, threads: 1).Network;
        var expected = Infer(network, 2);

        var single = new float[Samples][];
        Workers.For(Samples, 4, sample =>
        {
            single[sample] = new float[7];
            network.Infer(Input.AsSpan(sample * Length * Channels, Length * Channels), 1, Shape, single[sample], 1);
        }, TestContext.Current.CancellationToken);

        Assert.Equal(expected, single.SelectMany(output => output));
    }

    [Fact]
    public void Steps_lower_the_loss()
    {
        var losses = Train(Create(), steps: 60, threads: 2).Losses;

        Assert.True(losses[^1] < 0.5 * losses[0], $"{losses[0]} became {losses[^1]}");
    }

    [Fact]
    public void Batch_norm_infers_by_what_it_saw_in_training()
    {
        var network = new Network([new BatchNorm(1)], 1);
        float[] batch = [1, 3, 5, 7];   // mean 4, variance 5, or 20/3 without bias
        float[] output = [0, 0, 0, 0];

        network.Infer(batch, 4, new(1, 1), output, 1);
        Assert.Equal(7, output[3], 1e-3);   // mean 0 and variance 1 before any training

        var normalized = network.Forward(batch, 4, new(1, 1), 1).AsSpan().ToArray();
        Assert.All(batch.Zip(normalized), pair => Assert.Equal((pair.First - 4) / Math.Sqrt(5), pair.Second, 1e-3));
        network.Infer(batch, 4, new(1, 1), output, 1);
        Assert.Equal((7 - 0.4) / Math.Sqrt(0.9 + 2.0 / 3), output[3], 1e-3);   // a tenth of the way
    }

    [Fact]
    public void Dropout_leaves_out_its_share_in_training_and_nothing_in_inference()
    {
        var network = new Network([new Dropout(0.3)], 5);
        var ones = Enumerable.Repeat(1f, 20_000).ToArray();
        var output = new float[ones.Length];

        network.Infer(ones, 20, new(1, 1000), output, 1);
        Assert.Equal(ones, output);

        var trained = network.Forward(ones, 20, new(1, 1000), 2).AsSpan().ToArray();
        Assert.Equal([0, 1 / 0.7f], trained.Distinct().Order());
        Assert.InRange(trained.Count(value => value == 0), 5_700, 6_300);   // five deviations of a binomial number
        Assert.NotEqual(trained.AsSpan(0, 1000).ToArray(), trained.AsSpan(1000, 1000).ToArray());
        network.Step(1e-3f, 1);
        Assert.NotEqual(trained, network.Forward(ones, 20, new(1, 1000), 2).AsSpan().ToArray());
    }

    [Fact]
    public void Adam_moves_by_the_rate_against_the_sign_at_first()
    {
        var network = new Network([new Bias(3)], 1);
        network.Forward([0, 0, 0], 1, new(1, 3), 1);
        new float[] { 5, -0.01f, 0 }.CopyTo(network.OutputGradient.AsSpan());
        network.Step(0.25f, 1);

        Assert.Equal([-0.25, 0.25, 0], network.State.Weights[0].Values.Select(value => Math.Round((double)value, 5)));
        Assert.Equal(["00.Bias.bias", "00.Bias.bias.first-moment", "00.Bias.bias.second-moment", "step"], network.State.All.Select(named => named.Name));
    }

    [Fact]
    public void A_state_that_does_not_fit_is_told_and_changes_nothing()
    {
        var network = Create();
        var before = network.State.All;

        string Fault(IEnumerable<(string, float[])> state) => Assert.Throws<ArgumentException>(() => network.State.Restore([.. state])).Message;
        Assert.Contains("has no '00.TimeConvolution.weights'", Fault(before.Skip(1)));
        Assert.Contains("has no 'other'", Fault([.. before, ("other", [])]));
        Assert.Contains("has 3 values", Fault([(before[0].Name, [1, 2, 3]), .. before.Skip(1)]));
        Assert.Contains("is NaN", Fault([.. before.Take(1).Select(named => (named.Name, named.Values.Select(_ => float.NaN).ToArray())), .. before.Skip(1)]));
        AssertSame(before, network.State.All);
    }

    [Fact]
    public void Input_that_does_not_fit_is_told()
    {
        var network = Create();
        var output = new float[Samples * 7];

        Assert.Contains("19 samples of 24 × 20 are 9120 values", Assert.Throws<ArgumentException>(() => network.Infer(Input.AsSpan(1), Samples, Shape, output, 1)).Message);
        Assert.Contains("too short", Assert.Throws<ArgumentException>(() => network.Infer(new float[40], 1, new(2, Channels), output, 1)).Message);
        Assert.Contains("20 input channels", Assert.Throws<ArgumentException>(() => network.Infer(new float[40], 1, new(20, 2), output, 1)).Message);
        Assert.Throws<ArgumentException>(() => network.Infer(Input, Samples, Shape, output.AsSpan(1), 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => network.Forward([], 0, Shape, 1));
        Assert.Throws<InvalidOperationException>(() => network.Step(1, 1));
        Assert.Throws<ArgumentException>(() => new TimeConvolution(1, 1, 3, stride: 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dropout(1));
        network.Infer([], 0, Shape, [], 1);
    }

    [Theory]
    [InlineData(0, 0.25)]
    [InlineData(3, 1)]
    [InlineData(4, 1)]
    [InlineData(9, 0.5)]
    [InlineData(14, 0)]
    [InlineData(1000, 0)]
    public void A_rate_rises_in_a_line_and_falls_along_a_cosine(int step, double expected)
    {
        Assert.Equal(expected, LearningRateSchedule.CosineDecay(1, steps: 14, warmUp: 4).At(step), 1e-6);
        Assert.Equal(Math.Min(1, (step + 1) / 4.0), LearningRateSchedule.Constant(1, warmUp: 4).At(step), 1e-6);
    }

    private static Network Create(ulong seed = 3) => new(
        [
            new TimeConvolution(Channels, 40, 4), new TimeMaxPool(2), new BatchNorm(40), new Relu(), new TimeConvolution(40, 24, 4, stride: 2), new Bias(24), new Relu(),
            new GlobalPool(), new Dense(72, 600), new Bias(600), new Relu(), new Dropout(0.1), new Dense(600, 7), new Bias(7),
        ],
        seed);

    private static (Network Network, List<float> Losses) Train(Network network, int steps, int threads)
    {
        var losses = new List<float>();
        for (var step = 0; step < steps; step++)
        {
            var output = network.Forward(Input, Samples, Shape, threads);
            losses.Add(MeanSquaredError.Loss(output.AsSpan(), Targets, network.OutputGradient.AsSpan()));
            network.Step(2e-3f, threads);
        }
        return (network, losses);
    }

    private static float[] Infer(Network network, int threads)
    {
        var output = new float[Samples * 7];
        network.Infer(Input, Samples, Shape, output, threads);
        return output;
    }

    private static void AssertSame(IReadOnlyList<(string Name, float[] Values)> expected, IReadOnlyList<(string Name, float[] Values)> actual)
    {
        Assert.Equal(expected.Select(named => named.Name), actual.Select(named => named.Name));
        Assert.All(expected.Zip(actual), pair => Assert.True(pair.First.Values.AsSpan().SequenceEqual(pair.Second.Values), pair.First.Name));
    }

    private static float[] Draw(ulong stream, int count)
    {
        var random = new SeededRandom(8, stream);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal())];
    }
}
