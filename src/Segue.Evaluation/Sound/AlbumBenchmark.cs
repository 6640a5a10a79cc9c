using Segue.Audio.Descriptors;
using Segue.Audio.Embedding;
using Segue.Audio.Networks;
using Segue.Numerics;

namespace Segue.Evaluation.Sound;

/// <summary>What a benchmark on albums may vary.</summary>
public sealed record AlbumBenchmarkOptions
{
    /// <summary>How the contrastive encoder is taught; batch, rate, seed and threads are the autoencoder's, too.</summary>
    public EncoderTrainingOptions Training { get; init; } = new();

    /// <summary>Random orders whose mean is chance; positive.</summary>
    public int RandomOrders { get; init; } = 20;
}

/// <summary>What one measure of likeness reached.</summary>
/// <param name="TrainingSeconds">Processor time of all threads that its training took; null where nothing is learnt.</param>
public sealed record AlbumScore(string Measure, AlbumRetrieval Found, double? TrainingSeconds = null);

/// <summary>Compares measures of likeness by how well they find the tracks of one album, trained on other tracks than they are judged on.</summary>
/// <remarks>Measures without training are standardized over the tracks that are judged, as published baselines are; the two projections know nothing of those. The network that predicts factors needs listening, and is
/// no part of this: see <see cref="ColdStartComparison"/>.</remarks>
public static class AlbumBenchmark
{
    /// <summary>Name of the measure that all others are held against.</summary>
    public const string Timbre = "MFCC statistics";

    /// <summary>Name of what the program recommends by.</summary>
    public const string Production = "production vector";

    /// <summary>Judges all measures on some tracks, and trains on others.</summary>
    /// <param name="judged">No track of <paramref name="learnt"/> is among them.</param>
    /// <param name="learnt">At least <see cref="SoundProjection.FewestTracks"/>, each with spectra.</param>
    /// <param name="progress">Told the share of training that is done.</param>
    /// <exception cref="ArgumentException">There are too few tracks, or one has no spectra.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static IReadOnlyList<AlbumScore> Run(
        IReadOnlyList<AlbumTrack> judged, IReadOnlyList<AlbumTrack> learnt, AlbumBenchmarkOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var models = new AlbumModels(learnt, options.Training, progress, cancellation);
        int[] albums = [.. judged.Select(track => track.Album)];
        var features = judged.Select(track => track.Features).ToList();
        double[] loudness = [.. features.Select(track => (double)new SoundDescriptors(track.Descriptors).Loudness)];
        var threads = options.Training.Threads;
        AlbumScore Judge(string measure, DenseMatrix vectors, double? seconds = null) => new(measure, AlbumRetrieval.ByCosine(vectors, albums), seconds);
        DenseMatrix Pooled(ISoundEncoder encoder) => SoundBaselines.Embeddings(encoder, models.Scale, features, threads);

        var random = new ContrastiveEncoder(new(), options.Training.Seed);
        return
        [
            new("chance", Chance(albums, options)),
            new("duration only", AlbumRetrieval.By((a, b) => -Math.Abs(Math.Log(judged[a].Duration / judged[b].Duration)), albums)),
            new("loudness only", AlbumRetrieval.By((a, b) => -Math.Abs(loudness[a] - loudness[b]), albums)),
            Judge(Timbre, SoundBaselines.Timbre(features)),
            Judge("base vector", SoundBaselines.Base(features)),
            Judge("random network", Pooled(random)),
            Judge("autoencoder", Pooled(models.Autoencoder), models.AutoencoderSeconds),
            Judge("contrastive encoder", Pooled(models.Encoder), models.EncoderSeconds),
            Judge("descriptors projected", SoundBaselines.Vectors(models.Descriptors, features, threads), models.DescriptorsSeconds),
            Judge(Production, SoundBaselines.Vectors(models.Production, features, threads), models.EncoderSeconds + models.ProductionSeconds),
        ];
    }

    /// <summary>Deals the albums into folds of about as many tracks, and judges each fold by models of the others.</summary>
    /// <param name="folds">2 to the number of albums.</param>
    /// <returns>Means over all tracks asked; seconds of training are the mean of a fold.</returns>
    /// <inheritdoc cref="Run"/>
    public static IReadOnlyList<AlbumScore> RunFolds(
        IReadOnlyList<AlbumTrack> tracks, int folds, AlbumBenchmarkOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var foldOf = Deal(tracks, folds);
        var rounds = new List<IReadOnlyList<AlbumScore>>();
        for (var fold = 0; fold < folds; fold++)
        {
            var isJudged = tracks.ToLookup(track => foldOf[track.Album] == fold);
            rounds.Add(Run([.. isJudged[true]], [.. isJudged[false]], options, progress is null ? null : new Part(progress, fold, folds), cancellation));
        }
        return [.. Enumerable.Range(0, rounds[0].Count).Select(measure => Mean([.. rounds.Select(round => round[measure])]))];
    }

    /// <summary>The fold of each album: the largest album first, each to the fold that has the fewest tracks by then.</summary>
    internal static Dictionary<int, int> Deal(IReadOnlyList<AlbumTrack> tracks, int folds)
    {
        var albums = tracks.CountBy(track => track.Album).OrderByDescending(album => album.Value).ThenBy(album => album.Key).ToList();
        if (folds < 2 || folds > albums.Count)
        {
            throw new ArgumentOutOfRangeException(nameof(folds), folds, $"There are {albums.Count} albums: allowed are 2 to {albums.Count} folds.");
        }
        var (sizes, foldOf) = (new int[folds], new Dictionary<int, int>());
        foreach (var (album, size) in albums)
        {
            var fold = Array.IndexOf(sizes, sizes.Min());
            foldOf[album] = fold;
            sizes[fold] += size;
        }
        return foldOf;
    }

    private static AlbumScore Mean(IReadOnlyList<AlbumScore> rounds)
    {
        double tracks = rounds.Sum(round => round.Found.Tracks);
        double Of(Func<AlbumRetrieval, double> figure) => rounds.Sum(round => round.Found.Tracks * figure(round.Found)) / Math.Max(1, tracks);
        return new(
            rounds[0].Measure, new((int)tracks, Of(found => found.PrecisionAt1), Of(found => found.PrecisionAt5), Of(found => found.MeanAveragePrecision)),
            rounds[0].TrainingSeconds is null ? null : rounds.Average(round => round.TrainingSeconds));
    }

    private static AlbumRetrieval Chance(int[] albums, AlbumBenchmarkOptions options)
    {
        var orders = Enumerable.Range(0, options.RandomOrders)
            .Select(order => AlbumRetrieval.By((a, b) => SeededRandom.Mix(options.Training.Seed + (((ulong)order << 48) | ((ulong)a << 24) | (uint)b)), albums)).ToList();
        return new(
            orders[0].Tracks, orders.Average(order => order.PrecisionAt1), orders.Average(order => order.PrecisionAt5), orders.Average(order => order.MeanAveragePrecision));
    }

    private sealed class Part(IProgress<double> whole, int part, int parts) : IProgress<double>
    {
        public void Report(double value) => whole.Report((part + value) / parts);
    }
}
