using Segue.Evaluation.Lab;
using Segue.Experiments.Analysis;
using Segue.Features.Interactions;
using Segue.Models;
using Segue.Models.Playlists;
using Segue.Models.Popularity;
using Segue.Models.Registry;
using Segue.Models.Sittings;
using Segue.Numerics;
using Segue.Radio.Funnel;
using Segue.Ranking.Rules;
using Segue.Retrieval;
using Segue.Retrieval.Nearest;
using Segue.Retrieval.Playlists;

namespace Segue.Evaluation.Playlists;

/// <summary>What one way of continuing playlists reached, one value a world.</summary>
/// <param name="HitAt10">Share of playlists of which a track that was held out is among the first ten.</param>
/// <param name="RecallAt10">Share of the tracks held out that are among the first ten, by playlist.</param>
/// <param name="RecallAt150">The same among the first 150, as many as a source of candidates may propose.</param>
public sealed record ContinuationResult(string Name, IReadOnlyList<double> HitAt10, IReadOnlyList<double> RecallAt10, IReadOnlyList<double> RecallAt150)
{
    /// <summary>How much more lists are hit than by another way, with a 95 % interval over the worlds.</summary>
    public PairedComparison Over(ContinuationResult control) => PairedComparison.Of(HitAt10, control.HitAt10);
}

/// <summary>Lets models continue playlists of lab listeners whom no model has met.</summary>
/// <remarks>Every fifth listener is held out, with plays and playlists. Of each of their playlists of at least <see cref="FewestTracks"/> tracks the last <see cref="HeldOut"/> are asked for; the others are all
/// that a model is told, as a history without a user. Models are trained on the other listeners' plays and playlists, with the radio's settings for lab worlds.</remarks>
public static class PlaylistComparison
{
    public const int HeldOut = 5, FewestTracks = 10;
    private const int OneIn = 5, MostProposed = 150;
    private const float SeedStrength = 2;   // of a playlist in the radio

    /// <param name="sizes">Size of each world; its seed is replaced.</param>
    /// <param name="seeds">One world each.</param>
    /// <param name="progress">Told the share done, in [0, 1].</param>
    /// <returns>Chance first, the way of the radio's door last.</returns>
    /// <exception cref="ArgumentException">No listener who is held out keeps a playlist that is long enough.</exception>
    public static IReadOnlyList<ContinuationResult> Run(
        LabOptions sizes, IReadOnlyList<ulong> seeds, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var values = new Dictionary<string, List<(double Hit, double Ten, double All)>>();
        for (var n = 0; n < seeds.Count; n++)
        {
            var world = LabWorld.Create(sizes with { Seed = seeds[n] });
            var history = world.SimulateHistory(cancellation: cancellation);
            var playlists = world.Playlists(history);
            var data = Dataset.Build(
                world.Catalogue, [.. world.Listeners.Where((_, listener) => listener % OneIn != 0)],
                LabExport.ToInteractions(world, history.Where(play => play.Listener % OneIn != 0), playlists.Where(playlist => playlist.Listener % OneIn != 0)));
            var asked = playlists.Where(playlist => playlist.Listener % OneIn == 0 && playlist.Tracks.Count >= FewestTracks).ToList();
            if (asked.Count == 0)
            {
                throw new ArgumentException($"World {seeds[n]} has no playlist of {FewestTracks} tracks to continue: let more listeners keep some.");
            }
            var run = new TrainingRun(seeds[n], sizes.Threads, Cancellation: cancellation);
            var ways = Ways(data, run);
            for (var way = 0; way < ways.Count; way++)
            {
                var (name, continues) = ways[way];
                values.TryAdd(name, []);
                values[name].Add(Measure(continues, asked, run));
                progress?.Report((n + (way + 1.0) / ways.Count) / seeds.Count);
            }
        }
        return [.. values.Select(way => new ContinuationResult(way.Key, [.. way.Value.Select(v => v.Hit)], [.. way.Value.Select(v => v.Ten)], [.. way.Value.Select(v => v.All)]))];
    }

    private static List<(string Name, Func<int[], IReadOnlyList<int>> Continue)> Ways(Dataset data, TrainingRun run)
    {
        static Func<int[], IReadOnlyList<int>> By(IRecommenderModel model)
            => told => [.. model.Recommend(UserHistory.OfItems(told), MostProposed, told).Select(scored => scored.Item)];
        var models = LabModels.TrainAll("lab", data.Training, run) with { Playlists = (PlaylistNeighborsModel)LabModels.Train(PlaylistNeighborsModel.KindName, data.Training, run) };
        var nearest = new TasteIndex(models.Taste, models.Trained);
        var releases = NewReleases.Of(data.Training, models.Items);
        Func<int[], IReadOnlyList<int>> Radio(ModelSet set, ArtistSpacingOptions? spacing = null)
        {
            var planner = new RadioPlanner(data.Catalogue, set.WithSittings(data.Training, new()), nearest, releases, new() { Spacing = spacing ?? new() });
            return told => [.. planner.Next(BegunWith(told), MostProposed).Tracks.Select(track => track.Track)];
        }

        return
        [
            ("random", By(LabModels.Train(RandomModel.KindName, data.Training, run))),
            ("most popular", By(models.Popular)),
            ("taste (als, the list folded in)", By(models.Taste)),
            ("co-listen", By(models.Neighbors)),
            ("sittings (session-blend)", By(LabModels.Train(SessionBlendModel.KindName, data.Training, run))),
            ("whole playlists nearest to the list", By(ModelKinds.Get(SessionNeighborsModel.KindName).Trainer(WholePlaylists).Train(AsRows(data.Training), run))),
            ("playlists", By(models.Playlists)),
            ("radio begun with the list", Radio(models)),
            ("radio that knows no playlists", Radio(models with { Playlists = null })),
            ("radio without rules of artists", Radio(models, new() { Gap = 0, MostInList = 100, Fatigue = 0 })),
            ("playlists and taste alike", told => [.. PlaylistContinuation.Find(models, nearest, told, MostProposed, new HashSet<int>()).Select(found => found.Track)]),
        ];
    }

    // A newcomer's sitting with one playlist for a seed, of which nothing comes again.
    private static PlanRequest BegunWith(int[] told)
        => new(UserHistory.Empty, [], [.. told.Select(track => new SessionSignal(track, SeedStrength / told.Length, IsSeed: true))], told.ToHashSet());

    // V-SkNN: a list's likeness by common items and their rarity, without regard to places.
    private static readonly Dictionary<string, double> WholePlaylists = new() { ["positionPower"] = 0, ["recent"] = 100, ["neighbors"] = 200, ["lengthPower"] = 0.5, ["itemPower"] = 0.3 };

    // Each playlist a row of its own, in no order.
    private static TrainingSet AsRows(TrainingSet data)
    {
        var rows = Enumerable.Range(0, data.Playlists?.Count ?? 0).SelectMany(playlist => data.Playlists![playlist].ToArray().Select(item => (playlist, item, 1f)));
        return new(CsrMatrix.FromTriplets(data.Playlists?.Count ?? 0, data.Items, [.. rows]));
    }

    private static (double Hit, double Ten, double All) Measure(Func<int[], IReadOnlyList<int>> continues, List<LabPlaylist> asked, TrainingRun run)
    {
        var (hit, ten, all) = (new double[asked.Count], new double[asked.Count], new double[asked.Count]);
        Workers.For(asked.Count, run.Threads, n =>
        {
            var answers = asked[n].Tracks.TakeLast(HeldOut).ToHashSet();
            var list = continues([.. asked[n].Tracks.SkipLast(HeldOut)]);
            (hit[n], ten[n], all[n]) = (Found(list, answers, 10) > 0 ? 1 : 0, Found(list, answers, 10), Found(list, answers, MostProposed));
        }, run.Cancellation);
        return (hit.Average(), ten.Average(), all.Average());
    }

    private static double Found(IReadOnlyList<int> list, HashSet<int> answers, int first) => list.Take(first).Count(answers.Contains) / (double)HeldOut;
}
