using Segue.Experiments.Analysis;
using Segue.Models;
using Segue.Models.ColdStart;
using Segue.Numerics;
using Segue.Numerics.Metrics;

namespace Segue.Evaluation.Sound;

/// <summary>How well one way of placing new tracks ranks them, in one world.</summary>
/// <param name="Auc">Chance that a cold track that was played stands above one that was not; equal scores count half.</param>
public readonly record struct ColdStartScores(double Recall20, double Ndcg20, double Auc);

/// <summary>What one way of placing new tracks reached.</summary>
/// <param name="Worlds">One entry a world.</param>
public sealed record ColdStartResult(string Name, IReadOnlyList<ColdStartScores> Worlds)
{
    public double Recall20 => Worlds.Average(world => world.Recall20);
    public double Ndcg20 => Worlds.Average(world => world.Ndcg20);
    public double Auc => Worlds.Average(world => world.Auc);

    /// <summary>How much greater recall@20 is than another way's, with a 95 % interval over the worlds.</summary>
    public PairedComparison RecallOver(ColdStartResult control)
        => PairedComparison.Of([.. Worlds.Select(world => world.Recall20)], [.. control.Worlds.Select(world => world.Recall20)]);

    /// <summary>The same of NDCG@20.</summary>
    public PairedComparison NdcgOver(ColdStartResult control)
        => PairedComparison.Of([.. Worlds.Select(world => world.Ndcg20)], [.. control.Worlds.Select(world => world.Ndcg20)]);
}

/// <summary>Compares ways of placing tracks that nobody was trained on: the cold tracks alone are ranked for each listener by the inner product of factors.</summary>
/// <remarks>Listeners without a cold play, or with all of them, are left out. Most popular is meaningless here, for no cold track has a listen: it ranks by the listens of the artist's
/// warm tracks instead, and says so in its name. A way that can say nothing of a track gives it the score 0, and equal scores come in an order drawn by the seed.</remarks>
public static class ColdStartComparison
{
    private const int ListLength = 20;

    /// <param name="worlds">Made one after the other; each tells of its seed.</param>
    /// <param name="options">Settings of the places; the weights of a mix are fitted on warm tracks of each world.</param>
    /// <exception cref="ArgumentException">A world's parts disagree, or worlds compare different things.</exception>
    public static IReadOnlyList<ColdStartResult> Run(IEnumerable<(ulong Seed, ColdStartWorld World)> worlds, ColdFactorsOptions options, int threads, CancellationToken cancellation = default)
        => Collect(worlds.Select(world => Measure(world.World, options, new(world.Seed, threads, null, cancellation))));

    /// <summary>Puts what <see cref="Measure"/> found in several worlds together.</summary>
    /// <exception cref="ArgumentException">Worlds compare different things.</exception>
    public static IReadOnlyList<ColdStartResult> Collect(IEnumerable<IReadOnlyList<(string Name, ColdStartScores Scores)>> worlds)
    {
        var (names, scores) = (new List<string>(), new List<List<ColdStartScores>>());
        foreach (var measured in worlds)
        {
            if (names.Count == 0)
            {
                names.AddRange(measured.Select(way => way.Name));
                scores.AddRange(measured.Select(_ => new List<ColdStartScores>()));
            }
            if (!names.SequenceEqual(measured.Select(way => way.Name), StringComparer.Ordinal))
            {
                throw new ArgumentException($"Worlds compare different things: {string.Join(", ", names)}; {string.Join(", ", measured.Select(way => way.Name))}.", nameof(worlds));
            }
            for (var n = 0; n < measured.Count; n++)
            {
                scores[n].Add(measured[n].Scores);
            }
        }
        return [.. names.Zip(scores, (name, values) => new ColdStartResult(name, values))];
    }

    /// <summary>All ways in one world; the first is random.</summary>
    public static IReadOnlyList<(string Name, ColdStartScores Scores)> Measure(ColdStartWorld world, ColdFactorsOptions options, TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(world);
        world.Require();
        var ways = new ColdStartWays(world, options, run).All();
        return [.. ways.Select(way => (way.Name, Judge(world, way.ScoreOf, run)))];
    }

    /// <summary>Ranks the cold tracks for each listener.</summary>
    /// <param name="scoreOf">Told a listener and the number of a cold track; finite. Safe for several threads.</param>
    /// <exception cref="ArgumentException">No listener has played some of them and not others.</exception>
    internal static ColdStartScores Judge(ColdStartWorld world, Func<int, int, double> scoreOf, TrainingRun run)
    {
        var judged = Enumerable.Range(0, world.Listeners.Rows)
            .Where(listener => world.Played[listener].Distinct().Count() is > 0 and var played && played < world.Cold.Count).ToArray();
        if (judged.Length == 0)
        {
            throw new ArgumentException("No listener has played some of the cold tracks and not others.");
        }
        var order = Enumerable.Range(0, world.Cold.Count).ToArray();   // decides among equal scores
        new SeededRandom(run.Seed, 0xC0).Shuffle(order.AsSpan());
        var scores = new ColdStartScores[judged.Length];
        Workers.For(judged.Length, run.Threads, n =>
        {
            var (listener, played) = (judged[n], world.Played[judged[n]].ToHashSet());
            var ranked = order.Select(cold => (Track: world.Cold[cold], Score: scoreOf(listener, cold))).OrderByDescending(scored => scored.Score).ToArray();
            var list = Array.ConvertAll(ranked[..Math.Min(ListLength, ranked.Length)], scored => scored.Track);
            scores[n] = new(RankingMetrics.RecallAt(list, played, ListLength), RankingMetrics.NdcgAt(list, played, ListLength), Auc(ranked, played));
        }, run.Cancellation);
        return new(scores.Average(score => score.Recall20), scores.Average(score => score.Ndcg20), scores.Average(score => score.Auc));
    }

    // Ranks count from below, equal scores share theirs: the statistic of Mann and Whitney.
    private static double Auc((int Track, double Score)[] ranked, HashSet<int> played)
    {
        double pairs = 0, below = 0;
        for (var end = ranked.Length; end > 0;)
        {
            var start = end - 1;
            while (start > 0 && ranked[start - 1].Score.Equals(ranked[end - 1].Score))
            {
                start--;
            }
            double hits = 0;
            for (var n = start; n < end; n++)
            {
                hits += played.Contains(ranked[n].Track) ? 1 : 0;
            }
            var misses = end - start - hits;
            pairs += hits * (below + misses / 2);
            below += misses;
            end = start;
        }
        return pairs / (below * (ranked.Length - below));
    }
}
