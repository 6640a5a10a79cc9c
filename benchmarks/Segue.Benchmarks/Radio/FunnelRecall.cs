using System.Globalization;
using Segue.Evaluation.Lab;
using Segue.Features.Interactions;
using Segue.Models.Registry;
using Segue.Ranking;
using Segue.Ranking.Rules;
using Segue.Retrieval;
using Segue.Retrieval.Nearest;

namespace Segue.Benchmarks.Radio;

/// <summary>How much of what a full search would find is in the pool that a sitting keeps: of the best 50 of the whole catalogue, by the ranker's own score, those that the sources brought.</summary>
/// <remarks>Sittings go as a radio without spacing would have them go, with searches as of the last anchor; looked at every few events.</remarks>
internal static class FunnelRecall
{
    private const int Best = 50, LookEvery = 4, MostEvents = 30;

    /// <param name="perSource">Candidates asked of each source.</param>
    public static void Run(LabWorld world, Dataset data, ModelSet models, int sittings, int perSource)
    {
        var (nearest, releases) = (new TasteIndex(models.Taste, models.Trained), NewReleases.Of(data.Training, models.Trained.Items));
        var (weights, pool) = (new RankingWeights(), new CandidatePool(CandidatePool.AllSources, perSource));
        var (ranker, mix) = (new TrackRanker(weights), new TasteMix(weights.Skip, weights.Taste / weights.Session));
        var (charts, genres) = (new GenreCharts(data.Catalogue, models.Popular), new GenreIndex(data.Catalogue, nearest));
        var byFactors = new TrackRanker(weights with { Genre = 0, Artist = 0, CoListen = 0, Popularity = 0, Appeal = 0 });   // what the searches of the index look at
        var (looks, found, foundByFactors, first, candidates) = (0, 0, 0, 0, 0L);
        for (var sitting = 0; sitting < sittings; sitting++)
        {
            var user = (int)((long)sitting * data.Users.Count / sittings);
            var (lab, history) = (world.Sit(user, 100, world.End.AddHours(12)), data.History(user));
            ListenerContext Context(IReadOnlyList<SessionSignal> told, IEnumerable<int> gone) => new(
                data.Catalogue, models, nearest, history, told, new([.. gone.Concat(history.Items.TakeLast(new RestOptions().Usual)).Distinct()]), mix)
            {
                Charts = charts, Genres = genres, Releases = releases,
            };
            var (signals, heard, kept, anchor) = (new List<SessionSignal>(), new List<int>(), new SittingPool(), SittingAnchor.Of([]));
            for (var n = 1; n <= Math.Min(MostEvents, lab.Length); n++)
            {
                var searched = kept.FoundAt(anchor, before => pool.Search(Context(anchor.Signals, anchor.Out), Context([], anchor.OutOfHistory), before));
                var now = Context(signals, heard);
                var gathered = pool.Gather(now, searched);
                var ranked = ranker.Rank(now, gathered);
                if (n % LookEvery == 0)
                {
                    Candidate[] catalogue = [.. Enumerable.Range(0, models.Items).Where(track => !now.Excluded.Contains(track)).Select(track => new Candidate(track, "all", 0))];
                    var there = gathered.Select(candidate => candidate.Track).ToHashSet();
                    int Found(RankedPool all) => Enumerable.Range(0, Best).Count(place => there.Contains(all.TrackAt(place)));
                    var all = ranker.Rank(now, catalogue);
                    (found, foundByFactors) = (found + Found(all), foundByFactors + Found(byFactors.Rank(now, catalogue)));
                    first += there.Contains(all.TrackAt(0)) ? 1 : 0;
                    (looks, candidates) = (looks + 1, candidates + gathered.Length);
                }
                var track = ranked.TrackAt(0);
                var reaction = lab.React(track);
                signals.Add(new(track, reaction.Skipped ? (float)Math.Min(0, reaction.Heard / (data.Catalogue.Tracks[track].Length ?? reaction.Heard) - 1) : 1, IsSeed: false));
                heard.Add(track);
                anchor = anchor.IsPast(n) ? anchor.Then(n, [.. signals], [.. heard]) : anchor;
            }
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {perSource} candidates a source, pools of {(double)candidates / looks:F0}: recall@{Best} of a full search {found / (double)(Best * looks):F4}, by taste and sitting alone {foundByFactors / (double)(Best * looks):F4}, the first one found {first / (double)looks:F3}; {looks} looks"));
    }
}
