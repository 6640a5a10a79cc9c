using Segue.Audio.Embedding;
using Segue.Audio.Networks;
using Segue.Numerics;

namespace Segue.Audio.Tests.Embedding;

public sealed class CropTrainingTests
{
    private static readonly ReadOnlyMemory<byte>[] Spectra = [.. Enumerable.Range(0, 9).Select(track => ToyTracks.Track(track, windows: 1 + track % 3).Spectra)];
    private static readonly SpectrumScale Scale = SpectrumScale.Measure(Spectra.Select(track => track[..TrackFeatures.WindowBytes]));

    private static FactorNetwork Network() => new(new() { Channels = [2, 2, 2, 4], Hidden = 5, Outputs = 3 }, seed: 1);

    private static float[] Teach(FactorNetwork network, int threads, int done = 0, Action<int>? after = null, CancellationToken? cancellation = null)
    {
        var factors = new DenseMatrix(Spectra.Length, 3);
        for (var track = 0; track < Spectra.Length; track++)
        {
            factors.Row(track)[track % 3] = 2;
        }
        var training = new CropTraining(new() { Steps = 6, Batch = 4, Seed = 5, Threads = threads });
        FactorPrediction.Teach(network, Spectra, FactorObjective.Cosine.Targets(factors), Scale, training, done, after, cancellation ?? TestContext.Current.CancellationToken);
        return [.. network.State.All.SelectMany(part => part.Values)];
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_training_that_is_broken_off_goes_on_to_the_same_weights_with_any_threads(int broken)
    {
        using var stop = new CancellationTokenSource();
        var (first, second) = (Network(), Network());
        Assert.Throws<OperationCanceledException>(() => Teach(first, 1, after: step =>
        {
            if (step == broken)
            {
                stop.Cancel();
            }
        }, cancellation: stop.Token));
        second.State.Restore(first.State.All);

        Assert.Equal(Teach(Network(), threads: 1), Teach(second, threads: 3, done: broken));
    }

    [Fact]
    public void Each_crop_of_a_step_is_of_another_track_and_lies_in_one_of_its_windows()
    {
        ReadOnlyMemory<byte>[] tracks = [.. Enumerable.Range(1, 7).Select(level => (ReadOnlyMemory<byte>)Enumerable.Repeat((byte)level, 2 * TrackFeatures.WindowBytes).ToArray())];
        var seen = new HashSet<int>();

        new CropTraining(new() { Steps = 20, Batch = 5 }).Run(tracks, new(new float[TrackFeatures.Bands], 1), (crops, drawn, _) =>
        {
            Assert.Equal(5, drawn.ToArray().Distinct().Count());
            for (var n = 0; n < drawn.Length; n++)
            {
                var crop = crops.Slice(n * CropTraining.Frames * TrackFeatures.Bands, CropTraining.Frames * TrackFeatures.Bands).ToArray();
                Assert.Equal((drawn[n] + 1) / 31.875f, Assert.Single(crop.Distinct()), 1e-5f);
            }
            seen.UnionWith(drawn.ToArray());
            return 0;
        }, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(7, seen.Count);
    }

    [Fact]
    public void Targets_are_of_length_one_or_of_root_mean_square_one_and_the_scale_leads_back()
    {
        var factors = new DenseMatrix(2, 2, [3, 4, 0, 10]);

        var (unit, even) = (FactorObjective.Cosine, FactorObjective.All[0]);

        Assert.Equal([0.6f, 0.8f, 0, 1], unit.Targets(factors).AsSpan().ToArray());
        Assert.Equal(Math.Sqrt(125 / 2.0), unit.ScaleOf(factors), 1e-5);
        Assert.Equal(1, even.Targets(factors).AsSpan().ToArray().Average(value => value * value), 1e-5);
        Assert.Equal(10, even.ScaleOf(factors) * even.Targets(factors).Row(1)[1], 1e-5);
    }

    [Fact]
    public void A_loss_that_is_no_number_is_told()
        => Assert.Contains("The loss of step 1 is NaN", Assert.Throws<ArithmeticException>(() => new CropTraining(new()).Run(
            Spectra, Scale, (_, _, _) => float.NaN, cancellation: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
}
