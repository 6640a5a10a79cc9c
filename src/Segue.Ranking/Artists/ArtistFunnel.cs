using Segue.Features.Interactions;
using Segue.Models;
using Segue.Numerics;
using Segue.Numerics.Factors;

namespace Segue.Ranking.Artists;

/// <summary>An artist that the funnel recommends.</summary>
/// <param name="Item">Its row.</param>
/// <param name="Score">Comparable within one user's list.</param>
/// <param name="Sources">Names of the sources that proposed it.</param>
/// <param name="Cause">The source whose opinion lifts it most above the average candidate of this user.</param>
public readonly record struct RankedArtist(int Item, float Score, IReadOnlyList<string> Sources, ArtistCause Cause);

/// <summary>Why an artist is recommended.</summary>
/// <param name="Source">Name of a source.</param>
/// <param name="Past">The artist of the user's history that speaks most for it by that source; null where none does, as for what is popular.</param>
/// <param name="Share">Its share of all that the history says by that source, in (0, 1]; 0 without it.</param>
public readonly record struct ArtistCause(string Source, int? Past, float Share);

/// <summary>Candidates of four sources, ordered by a learnt second stage.</summary>
/// <remarks>
/// The second stage learns from inner hold-outs: a part of each user's likings is taken out of the training rows, models that have not seen it propose candidates and give their features, and
/// what was taken out tells which of them were right. Factors of those models are turned onto the axes of the models that serve (<see cref="Procrustes"/>), so that a weight means the same
/// direction in both. The tags of a held-out pair stay, since only aggregates are known; tags on few items are left out by <c>minItems</c>.
/// </remarks>
public sealed class ArtistFunnel
{
    private readonly ArtistFeatures _features;
    private readonly ArtistFunnelOptions _options;

    private ArtistFunnel(ArtistModels models, ArtistRanker ranker, ArtistFeatures features, ArtistFunnelOptions options)
        => (Models, Ranker, _features, _options) = (models, ranker, features, options);

    public ArtistModels Models { get; }
    public ArtistRanker Ranker { get; }

    /// <summary>What each of the ranker's weights is of.</summary>
    public IEnumerable<string> FeatureNames => _features.Names;

    /// <summary>Trains the models once, and for each inner hold-out once more.</summary>
    /// <exception cref="ModelDivergedException">A model's numbers left the finite range.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ArtistFunnel Train(TrainingSet data, ArtistFunnelOptions options, TrainingRun run)
    {
        var models = ArtistModels.Train(data, options, run);
        run.Progress?.Report(1.0 / (options.Folds + 2));
        var lessons = new List<ArtistLesson>();
        for (var fold = 0; fold < options.Folds; fold++)
        {
            lessons.AddRange(Lessons(data, models, options, run with { Seed = SeededRandom.Mix(run.Seed + (ulong)fold + 1) }));
            run.Progress?.Report((fold + 2.0) / (options.Folds + 2));
        }
        var features = new ArtistFeatures(models, options.PerSource);
        return new(models, ArtistRanker.Learn(lessons, features.Count, ArtistFeatures.Plain, options, run.Threads, run.Cancellation), features, options);
    }

    /// <summary>The best artists that the user does not know, best first; fewer where there are fewer candidates.</summary>
    public IReadOnlyList<RankedArtist> Recommend(UserHistory user, int count)
    {
        var pool = ArtistPool.Gather(Models, user, _options.PerSource);
        var features = _features.Of(user, pool);
        var best = new TopK(Math.Min(count, features.Length));
        for (var n = 0; n < features.Length; n++)
        {
            best.Add(n, Ranker.Score(features[n]));
        }
        var average = PartsOfAverage(features);
        return [.. best.Take().Select(scored => new RankedArtist(
            pool.Items[scored.Item], scored.Score,
            [.. ArtistModels.Sources.Where((_, source) => pool.Ranks[source][scored.Item] <= _options.PerSource)],
            Cause(user, pool.Items[scored.Item], Parts(features[scored.Item]), average)))];
    }

    // What each source adds to a score.
    private float[] Parts(float[] features)
    {
        var parts = new float[ArtistModels.Sources.Count];
        for (var f = 0; f < features.Length; f++)
        {
            parts[ArtistFeatures.SourceOf(f)] += Ranker.Part(f, features[f]);
        }
        return parts;
    }

    private float[] PartsOfAverage(float[][] features)
    {
        var mean = new float[features.Length == 0 ? 0 : features[0].Length];
        foreach (var values in features)
        {
            Vectors.AddScaled(mean, values, 1f / features.Length);
        }
        return Parts(mean);
    }

    private ArtistCause Cause(UserHistory user, int item, float[] parts, float[] average)
    {
        var source = Enumerable.Range(0, parts.Length).MaxBy(n => parts[n] - average[n]);
        var main = Models.Model(source).Explain(user, item).Contributions.FirstOrDefault(contribution => contribution.Share > 0);
        return new(ArtistModels.Sources[source], main.Share > 0 ? main.Item : null, main.Share);
    }

    private static IEnumerable<ArtistLesson> Lessons(TrainingSet data, ArtistModels serving, ArtistFunnelOptions options, TrainingRun run)
    {
        var split = HeldOutPairs.Of(data, options.HeldOut, run.Seed);
        var models = ArtistModels.Train(split.Train, options, run);
        var features = new ArtistFeatures(models, options.PerSource, Procrustes.Rotation(models.Taste.ItemFactors, serving.Taste.ItemFactors, run.Threads));
        var users = split.Answers.Keys.ToArray();
        var lessons = new ArtistLesson?[users.Length];
        Workers.For(users.Length, run.Threads, n =>
        {
            var (user, held) = (UserHistory.Of(split.Train, users[n]), split.Answers[users[n]]);
            var pool = ArtistPool.Gather(models, user, options.PerSource);
            var all = features.Of(user, pool);
            var taken = Enumerable.Range(0, all.Length).Where(place => held.Contains(pool.Items[place])).ToArray();
            var others = Enumerable.Range(0, all.Length).Where(place => !held.Contains(pool.Items[place])).ToArray();
            new SeededRandom(run.Seed, (ulong)users[n], 1).Shuffle<int>(others);
            lessons[n] = taken.Length == 0 || others.Length == 0 ? null
                : new([.. taken.Concat(others.Take(options.Negatives)).Select(place => all[place])], taken.Length);
        }, run.Cancellation);
        return lessons.OfType<ArtistLesson>();
    }
}
