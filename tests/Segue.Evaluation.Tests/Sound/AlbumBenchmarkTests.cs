using Segue.Audio;
using Segue.Audio.Descriptors;
using Segue.Audio.Embedding;
using Segue.Evaluation.Sound;
using Segue.Numerics;

namespace Segue.Evaluation.Tests.Sound;

/// <summary>Albums sound in a band of their own, with noise; every album has tracks of all lengths and levels.</summary>
public sealed class AlbumBenchmarkTests
{
    private static readonly AlbumBenchmarkOptions Quick = new()
    {
        Training = new() { Phases = [(Likeness.SameTrack, 1), (Likeness.SameAlbum, 1)], Batch = 8 }, RandomOrders = 40,
    };

    private static AlbumTrack Track(int album, int n)
    {
        var random = new SeededRandom((ulong)album, (ulong)n);
        var descriptors = new float[SoundDescriptors.Length];
        for (var i = 0; i < SoundDescriptors.BaseLength; i++)
        {
            descriptors[i] = (i % 8 == album ? 4 : 0) + (float)random.NextNormal();
        }
        var spectra = new byte[2 * TrackFeatures.WindowBytes];
        for (var i = 0; i < spectra.Length; i++)
        {
            spectra[i] = (byte)(random.NextInt(60) + (i % TrackFeatures.Bands / 16 == album ? 120 : 0));
        }
        return new(new(descriptors, spectra), TimeSpan.FromSeconds(60 + 7 * n), album);
    }

    private static List<AlbumTrack> Albums(int from, int to) => [.. Enumerable.Range(from, to - from).SelectMany(album => Enumerable.Range(0, 4).Select(n => Track(album, n)))];

    [Fact]
    public void Sound_finds_albums_that_nothing_was_learnt_from_and_length_does_not()
    {
        var scores = AlbumBenchmark.Run(Albums(4, 8), Albums(0, 4), Quick, cancellation: TestContext.Current.CancellationToken).ToDictionary(score => score.Measure);

        Assert.Equal(10, scores.Count);
        Assert.All(scores.Values, score => Assert.Equal(16, score.Found.Tracks));
        Assert.InRange(scores["chance"].Found.PrecisionAt5, 0.15, 0.25);   // 3 of 15
        Assert.Equal(0, scores["duration only"].Found.PrecisionAt1);       // as long is a track of another album
        Assert.InRange(scores[AlbumBenchmark.Timbre].Found.MeanAveragePrecision, 0.8, 1);
        Assert.InRange(scores["base vector"].Found.MeanAveragePrecision, 0.8, 1);
        Assert.InRange(scores["autoencoder"].Found.MeanAveragePrecision, 0.8, 1);
        Assert.InRange(scores["contrastive encoder"].Found.MeanAveragePrecision, 0.8, 1);
        Assert.InRange(scores[AlbumBenchmark.Production].Found.MeanAveragePrecision, 0.8, 1);
        Assert.Equal(
            ["autoencoder", "contrastive encoder", "descriptors projected", AlbumBenchmark.Production],
            scores.Values.Where(score => score.TrainingSeconds is not null).Select(score => score.Measure));
    }

    [Fact]
    public void Folds_are_judged_by_models_of_the_others()
    {
        var tracks = Albums(0, 4);
        Assert.Equal([(0, 0), (1, 1), (2, 0), (3, 1)], AlbumBenchmark.Deal(tracks, 2).OrderBy(album => album.Key).Select(album => (album.Key, album.Value)));

        var scores = AlbumBenchmark.RunFolds(tracks, 2, Quick, cancellation: TestContext.Current.CancellationToken);

        var halves = new[] { (0, 2, 1, 3), (1, 3, 0, 2) }.Select(deal => AlbumBenchmark.Run(
            [.. tracks.Where(track => track.Album == deal.Item1 || track.Album == deal.Item2)], [.. tracks.Where(track => track.Album == deal.Item3 || track.Album == deal.Item4)],
            Quick, cancellation: TestContext.Current.CancellationToken)).ToList();
        Assert.All(Enumerable.Range(0, scores.Count), n =>
        {
            Assert.Equal(16, scores[n].Found.Tracks);
            Assert.Equal((halves[0][n].Found.MeanAveragePrecision + halves[1][n].Found.MeanAveragePrecision) / 2, scores[n].Found.MeanAveragePrecision, 9);
        });
    }

    [Fact]
    public void Large_albums_are_dealt_first_so_that_folds_are_even()
    {
        List<AlbumTrack> tracks = [.. new[] { 5, 1, 2, 2 }.SelectMany((size, album) => Enumerable.Range(0, size).Select(n => new AlbumTrack(new([], []), TimeSpan.FromSeconds(1), album)))];

        var folds = AlbumBenchmark.Deal(tracks, 2);

        Assert.Equal([5, 5], tracks.GroupBy(track => folds[track.Album]).Select(fold => fold.Count()));
        Assert.Contains("allowed are 2 to 4", Assert.Throws<ArgumentOutOfRangeException>(() => AlbumBenchmark.Deal(tracks, 5)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => AlbumBenchmark.Deal(tracks, 1));
    }
}
