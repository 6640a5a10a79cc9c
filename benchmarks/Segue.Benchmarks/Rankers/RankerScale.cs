using System.Diagnostics;
using System.Globalization;
using Segue.Evaluation.Lab;
using Segue.Features.Interactions;
using Segue.Numerics;
using Segue.Ranking;
using Segue.Ranking.Learnt;
using Segue.Retrieval;
using Segue.Retrieval.Nearest;

namespace Segue.Benchmarks.Rankers;

/// <summary>What ordering a pool costs, by each kind of ranker beside the hand-weighted score: <c>ranker [TRACKS]</c> of a pool, 300 where nothing is said. Weights are drawn: they cost what learnt ones do.</summary>
internal static class RankerScale
{
    private const int Rounds = 200, Repeats = 100, Trees = 100;

    public static void Run(string[] args)
    {
        var tracks = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 300;
        var world = LabWorld.Create(new() { Listeners = 300, Tracks = Math.Max(2000, tracks), Days = 20 });
        var data = Dataset.Build(world.Catalogue, world.Listeners, LabExport.ToInteractions(world, world.SimulateHistory()));
        var models = LabModels.TrainAll("000001", data.Training, new(1, 2));
        SessionSignal[] signals = [.. Enumerable.Range(0, 10).Select(n => new SessionSignal(7 * n, n % 3 == 0 ? -1 : 1, IsSeed: false))];
        var context = new ListenerContext(data.Catalogue, models, new TasteIndex(models.Taste, models.Trained), data.History(0), signals, ExcludedTracks.None, new(1));
        Candidate[] pool = [.. Enumerable.Range(0, tracks).Select(track => new Candidate(track, "taste", 0))];
        var (byHand, d) = (new TrackRanker(new()), models.Taste.Factors);
        var weighed = byHand.Rank(context, pool);
        Console.WriteLine($"a pool of {tracks} tracks, {d} factors; µs an answer, best of {Repeats}");
        Report("hand-weighted", () => byHand.Rank(context, pool)[0]);
        var (scene, row) = (new RankingScene(context), new float[RankingFeatures.Context.Count]);
        Report("features alone", () =>
        {
            foreach (var track in weighed)
            {
                scene.Write(track, row);
            }
            return row;
        });
        foreach (var (kind, factors) in (IEnumerable<(string, int)>)[
            (RankerKinds.Logistic, 0), (RankerKinds.Logistic, d), (RankerKinds.Neural, 0), (RankerKinds.Neural, d), (RankerKinds.Trees, 0)])
        {
            var ranker = new LearntRanker(Model(kind, factors), "000001");
            Report($"{kind}{(factors > 0 ? " + factors" : "")}", () => ranker.Rank(context, weighed)[0]);
        }
    }

    private static void Report(string name, Func<object> work)
    {
        var best = TimeSpan.MaxValue;
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            var began = Stopwatch.GetTimestamp();
            for (var round = 0; round < Rounds; round++)
            {
                GC.KeepAlive(work());
            }
            var took = Stopwatch.GetElapsedTime(began) / Rounds;
            best = took < best ? took : best;
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-20}{best.TotalMicroseconds,8:F1}"));
    }

    private static RankingModel Model(string kind, int factors)
    {
        var (features, random) = (RankingFeatures.Count(factors), new SeededRandom(1));
        float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextNormal() / 10)];
        var weights = kind switch
        {
            RankerKinds.Logistic => Draw(features + 1),
            RankerKinds.Neural => Draw((features + 2) * 32 + 1),
            _ => DrawTrees(ref random),
        };
        return new(kind, null, factors, RankingFeatures.Names(factors), new float[features], [.. Enumerable.Repeat(1f, features)], weights, 1, 0, 1, 0, 0);
    }

    // Of depth 4: 15 branches, then 16 leaves.
    private static float[] DrawTrees(ref SeededRandom random)
    {
        var (roots, nodes) = (new List<float>(), new List<float>());
        for (var tree = 0; tree < Trees; tree++)
        {
            roots.Add(tree * 31);
            for (var n = 0; n < 31; n++)
            {
                nodes.AddRange(n < 15 ? [random.NextInt(RankingFeatures.Position), (float)random.NextNormal(), tree * 31 + 2 * n + 1, tree * 31 + 2 * n + 2] : [-1, (float)random.NextNormal(), 0, 0]);
            }
        }
        return [Trees, .. roots, .. nodes];
    }
}
