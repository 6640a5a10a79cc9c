using Segue.Evaluation.Lab;
using Segue.Features.Interactions;
using Segue.Models;
using Segue.Models.ColdStart;
using Segue.Models.Factorization;
using Segue.Models.Popularity;
using Segue.Numerics;

namespace Segue.Evaluation.Sound;

/// <summary>How well tracks are ranked that so many have heard, by which factors; averages over the worlds.</summary>
/// <param name="Listeners">Listeners who told of each track.</param>
/// <param name="Tracks">Tracks that as many have heard.</param>
/// <param name="BlendListens">k, as it was fitted.</param>
/// <param name="Own">By the track's own factors alone.</param>
/// <param name="Blended">By n / (n + k) of them and the rest of the place, as <c>segue train</c> does.</param>
/// <param name="Place">By the place of a track that nobody heard.</param>
public sealed record BlendResult(int Listeners, double Tracks, double BlendListens, ColdStartScores Own, ColdStartScores Blended, ColdStartScores Place);

/// <summary>Judges in lab worlds how tracks that few have heard are blended from their own factors and from the place that artist, album and sound give them.</summary>
/// <remarks>
/// Half of the listeners may tell of cold tracks, the others judge: nobody is asked about a track whose factors were learnt from them. For each number of listeners taste is learnt anew from the plays
/// of warm tracks and from those of so many drawn listeners of each cold track; cold tracks that fewer kept are not ranked. Relevant is what a judge likes best by truth, as in <see cref="LabSoundComparison"/>.
/// </remarks>
public static class LabBlendComparison
{
    private static readonly int[] Numbers = [1, 2, 4, 8, 16, 32];

    // One track in so many is liked best.
    private const int LikedOf = 8;

    // Hearing and the encoder.
    private const int OtherParts = 2;

    /// <param name="seeds">One world each.</param>
    /// <param name="progress">Told the share done, in [0, 1].</param>
    /// <returns>By number of listeners, ascending; numbers that no world has tracks for are left out.</returns>
    public static IReadOnlyList<BlendResult> Run(
        LabSoundOptions options, IReadOnlyList<ulong> seeds, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var (done, results) = (0, new List<BlendResult>());
        void Told() => progress?.Report((double)++done / (seeds.Count * (OtherParts + Numbers.Length)));
        foreach (var seed in seeds)
        {
            var run = new TrainingRun(seed, options.World.Threads, Cancellation: cancellation);
            var cold = new LabColdTracks(LabWorld.Create(options.World with { Seed = seed }), options.ColdShare);
            var heard = LabHeard.Hear(cold, options.EncoderSteps, run, Told);
            var (sounds, history) = (heard.Vectors([heard.Encoder], run), cold.World.SimulateHistory(cancellation: cancellation));
            foreach (var listeners in Numbers)
            {
                if (Judge(cold, sounds, history, listeners, run) is { } result)
                {
                    results.Add(result);
                }
                Told();
            }
        }
        return [.. results.GroupBy(result => result.Listeners).OrderBy(group => group.Key).Select(group => new BlendResult(
            group.Key, group.Average(result => result.Tracks), group.Average(result => result.BlendListens),
            Mean(group.Select(result => result.Own)), Mean(group.Select(result => result.Blended)), Mean(group.Select(result => result.Place))))];
    }

    private static BlendResult? Judge(LabColdTracks cold, DenseMatrix sounds, IReadOnlyList<LabListen> history, int listeners, TrainingRun run)
    {
        var world = cold.World;
        int[] shuffled = [.. Enumerable.Range(0, world.Listeners.Count)];
        new SeededRandom(run.Seed, 0xB1).Shuffle<int>(shuffled);
        var (telling, judges) = (shuffled[..(shuffled.Length / 2)].ToHashSet(), shuffled[(shuffled.Length / 2)..]);
        var tellers = history.Where(play => cold.IsCold[play.Track] && telling.Contains(play.Listener) && !play.Reaction.Skipped)
            .GroupBy(play => play.Track).ToDictionary(track => track.Key, track => Draw(track.Select(play => play.Listener), listeners, run.Seed, track.Key));
        int[] ranked = [.. cold.Cold.Where(track => tellers.TryGetValue(track, out var drawn) && drawn.Count == listeners)];
        if (ranked.Length < 2 * LikedOf)
        {
            return null;
        }
        var learnt = history.Where(play => !cold.IsCold[play.Track] || (tellers.TryGetValue(play.Track, out var drawn) && drawn.Contains(play.Listener)));
        var data = Dataset.Build(world.Catalogue, world.Listeners, LabExport.ToInteractions(world, learnt));
        var taste = (ImplicitAlsModel)LabModels.Train(ImplicitAlsModel.KindName, data.Training, run);
        var popular = (MostPopularModel)LabModels.Train(MostPopularModel.KindName, data.Training, run);
        var known = new ColdStartData
        {
            Factors = taste.ItemFactors, Listens = [.. Enumerable.Range(0, taste.Items).Select(item => (int)popular.Likes(item))], Artists = cold.Artists, Albums = cold.Albums,
            Sounds = sounds, UserGram = taste.UserGram(run.Threads),
        };
        var factors = ColdFactors.Fit(known, new(), run);
        var k = BlendFit.Run(known, factors, (items, few) => ImplicitAlsUpdate.SolveThinned(taste, data.Training, items, few, run), run) ?? factors.Options.BlendListens;
        factors = new(known, factors.Weights, new() { BlendListens = k });
        var places = factors.PlaceKnown(ranked, run.Threads, run.Cancellation);
        var asked = Asked(world, judges, taste, known, ranked);
        ColdStartScores Of(Func<int, float[]> factorsOf)
        {
            float[][] rows = [.. Enumerable.Range(0, ranked.Length).Select(factorsOf)];
            return ColdStartComparison.Judge(asked, (judge, n) => Vectors.Dot(asked.Listeners.Row(judge), rows[n]), run);
        }

        return new(
            listeners, ranked.Length, k,
            Of(n => taste.ItemFactors.Row(ranked[n]).ToArray()),
            Of(n => factors.Blend(taste.ItemFactors.Row(ranked[n]), known.Listens[ranked[n]], places[n].Factors)),
            Of(n => places[n].Factors));
    }

    private static HashSet<int> Draw(IEnumerable<int> listeners, int count, ulong seed, int track)
    {
        int[] order = [.. listeners.Distinct().Order()];
        new SeededRandom(seed, 0xB2, (ulong)track).Shuffle<int>(order);
        return [.. order.Take(count)];
    }

    private static ColdStartWorld Asked(LabWorld world, int[] judges, ImplicitAlsModel taste, ColdStartData known, int[] ranked)
    {
        var (factors, liked) = (new DenseMatrix(judges.Length, taste.Factors), new IReadOnlyList<int>[judges.Length]);
        for (var n = 0; n < judges.Length; n++)
        {
            taste.UserFactors(judges[n]).CopyTo(factors.Row(n));
            var likings = world.Likings(judges[n]);
            liked[n] = [.. ranked.OrderByDescending(track => likings[track]).ThenBy(track => track).Take(ranked.Length / LikedOf)];
        }
        return new() { Listeners = factors, Tracks = known, Cold = ranked, Played = liked };
    }

    private static ColdStartScores Mean(IEnumerable<ColdStartScores> scores)
    {
        var all = scores.ToList();
        return new(all.Average(score => score.Recall20), all.Average(score => score.Ndcg20), all.Average(score => score.Auc));
    }
}
