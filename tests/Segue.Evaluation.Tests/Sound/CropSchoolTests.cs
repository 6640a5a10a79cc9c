using Segue.Audio;
using Segue.Audio.Embedding;
using Segue.Audio.Networks;
using Segue.Evaluation.Sound;
using Segue.Models;
using Segue.Numerics;

namespace Segue.Evaluation.Tests.Sound;

public sealed class CropSchoolTests
{
    private static readonly TrackFeatures[] Tracks = [.. Enumerable.Range(0, 10).Select(Sound)];
    private static readonly int[] Learnt = [.. Enumerable.Range(0, 8)], Asked = [8, 9];
    private static readonly SpectrumScale Scale = SpectrumScale.Measure(Tracks.Select(track => (ReadOnlyMemory<byte>)track.Spectra));

    public static TheoryData<string> Objectives => [.. FactorObjective.All.Select(objective => objective.Name)];

    [Theory]
    [MemberData(nameof(Objectives))]
    public void Each_loss_learns_that_low_and_high_sounds_have_other_factors(string name)
    {
        var objective = FactorObjective.All.Single(known => known.Name == name);

        var predictions = Predict(objective, Factors(), steps: 15, threads: 1);

        Assert.True(predictions.Row(8)[0] > predictions.Row(9)[0], $"low {string.Join(" ", predictions.Row(8).ToArray())}, high {string.Join(" ", predictions.Row(9).ToArray())}");
        Assert.True(predictions.Row(0).ToArray().All(value => value == 0), "nobody asked");
    }

    [Fact]
    public void Threads_and_factors_of_tracks_that_are_not_learnt_change_nothing()
    {
        var changed = Factors();
        changed.Row(8).Fill(float.NaN);

        Assert.Equal(
            Predict(FactorObjective.Cosine, Factors(), 3, threads: 1).AsSpan().ToArray(), Predict(FactorObjective.Cosine, changed, 3, threads: 3).AsSpan().ToArray());
    }

    private static DenseMatrix Predict(FactorObjective objective, DenseMatrix factors, int steps, int threads)
    {
        var school = new CropSchool(Tracks, Scale, steps, new TrainingRun(7, threads, Cancellation: TestContext.Current.CancellationToken));
        var predictions = new DenseMatrix(Tracks.Length, factors.Columns);
        school.Predict(school.Predictor(objective, factors, Learnt), Asked, predictions);
        return predictions;
    }

    // Even tracks are low and lie to the one side, odd ones are high and lie to the other; each a little its own.
    private static DenseMatrix Factors()
    {
        var factors = new DenseMatrix(Tracks.Length, 2);
        for (var track = 0; track < Tracks.Length; track++)
        {
            factors.Row(track)[0] = track % 2 == 0 ? 0.2f : -0.2f;
            factors.Row(track)[1] = 0.002f * (track - 4);
        }
        return factors;
    }

    private static TrackFeatures Sound(int track)
    {
        var random = new SeededRandom(11, (ulong)track);
        var spectra = new byte[TrackFeatures.WindowBytes];
        for (var n = 0; n < spectra.Length; n++)
        {
            var isLoud = n % TrackFeatures.Bands < TrackFeatures.Bands / 2 == (track % 2 == 0);
            spectra[n] = (byte)((isLoud ? 120 : 20) + random.NextInt(30));
        }
        return new([], spectra);
    }
}
